//! Argon2id for passwords, in a bounded pool: as many at once as cores, a short queue, then
//! `rate_limited` (D19). A hash for an unknown login costs the same as a real one (D6).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::clock::{RandomError, SharedRandom};

/// Memory, KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
const SALT: usize = 16;
const OUT: usize = 32;
/// What a stored hash begins with; another begin is another setting and is not accepted.
const PREFIX: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// Why no hash was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The queue is full; wait.
    #[error("too many passwords wait for a core")]
    QueueFull,
    /// No randomness, or the pool is gone.
    #[error("a password could not be hashed")]
    Internal,
}

impl From<RandomError> for HashError {
    fn from(_: RandomError) -> Self {
        Self::Internal
    }
}

/// The pool.
pub struct Hasher {
    cores: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    done: AtomicU64,
    dummy: Row,
}

impl Hasher {
    /// `concurrency` hashes at once (0 = one per core), `queue` waiting.
    pub fn new(
        concurrency: usize,
        queue: usize,
        random: &SharedRandom,
    ) -> Result<Self, RandomError> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let concurrency = if concurrency == 0 { cores } else { concurrency };
        // Nobody's password: compared against when the login does not exist.
        let dummy = Row {
            salt: random.bytes()?,
            hash: random.bytes()?,
        };
        Ok(Self {
            cores: Arc::new(Semaphore::new(concurrency)),
            waiting: AtomicUsize::new(0),
            queue,
            done: AtomicU64::new(0),
            dummy,
        })
    }

    /// Hashes a new password; the answer is in PHC form.
    pub async fn hash(&self, password: &str, random: &SharedRandom) -> Result<String, HashError> {
        let salt = random.bytes::<SALT>()?;
        let hash = self.compute(password, salt).await?;
        Ok(Row { salt, hash }.to_phc())
    }

    /// Whether the password fits; `None` computes the same work and says no.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, HashError> {
        let usable = stored.and_then(Row::from_phc);
        let row = usable.as_ref().unwrap_or(&self.dummy);
        let hash = self.compute(password, row.salt).await?;
        let same: bool = hash.ct_eq(&row.hash).into();
        Ok(same && usable.is_some())
    }

    /// How many hashes were computed; tests compare the work done.
    pub fn computed(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    async fn compute(&self, password: &str, salt: [u8; SALT]) -> Result<[u8; OUT], HashError> {
        let permit = self.permit().await?;
        let password = Zeroizing::new(password.as_bytes().to_vec());
        let hashed = tokio::task::spawn_blocking(move || {
            let _held_until_done = permit;
            let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUT))?;
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let mut out = [0; OUT];
            argon2.hash_password_into(&password, &salt, &mut out)?;
            Ok::<_, argon2::Error>(out)
        });
        let hashed = hashed.await.map_err(|_| HashError::Internal)?;
        self.done.fetch_add(1, Ordering::Relaxed);
        hashed.map_err(|_| HashError::Internal)
    }

    async fn permit(&self) -> Result<tokio::sync::OwnedSemaphorePermit, HashError> {
        if let Ok(permit) = Arc::clone(&self.cores).try_acquire_owned() {
            return Ok(permit);
        }
        let _place = Place::take(&self.waiting, self.queue)?;
        let permit = Arc::clone(&self.cores).acquire_owned().await;
        permit.map_err(|_| HashError::Internal)
    }
}

/// A place in the queue; given back also when the request goes away while waiting.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Result<Self, HashError> {
        let before = waiting.fetch_add(1, Ordering::SeqCst);
        let place = Self(waiting);
        if before >= queue {
            return Err(HashError::QueueFull);
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Salt and hash of one password.
struct Row {
    salt: [u8; SALT],
    hash: [u8; OUT],
}

impl Row {
    fn to_phc(&self) -> String {
        let (salt, hash) = (
            BASE64_NOPAD.encode(&self.salt),
            BASE64_NOPAD.encode(&self.hash),
        );
        format!("{PREFIX}{salt}${hash}")
    }

    fn from_phc(text: &str) -> Option<Self> {
        let (salt, hash) = text.strip_prefix(PREFIX)?.split_once('$')?;
        Some(Self {
            salt: BASE64_NOPAD.decode(salt.as_bytes()).ok()?.try_into().ok()?,
            hash: BASE64_NOPAD.decode(hash.as_bytes()).ok()?.try_into().ok()?,
        })
    }
}
