//! Access tokens (EdDSA JWT of at most ten minutes, D1) and refresh tokens (opaque, one use, D2).

mod jwt;
mod key_ring;
mod secrets;

use std::path::Path;
use std::sync::{PoisonError, RwLock};

use chatty_protocol::sign::sha256;
use chatty_protocol::{DeviceId, UserId, limits};
use data_encoding::BASE64URL_NOPAD;
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use jwt::{Claims, Scope, TokenError};
pub use key_ring::{KeyRing, RingKey};
use secrets::SecretFile;

use crate::clock::{RandomError, SharedRandom};
use crate::store::session::FamilyId;

/// Bytes of the secret that refresh tokens are derived from.
const REFRESH_SECRET: usize = 32;
/// Bytes of a refresh token: family, counter, then 256 bits.
const REFRESH_TOKEN: usize = 16 + 8 + 32;

/// Why the secrets could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The file.
    #[error("the relay's secrets file: {0}")]
    Io(#[from] std::io::Error),
    /// The generator.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Makes and checks tokens.
pub struct Tokens {
    origin: String,
    refresh_secret: Zeroizing<[u8; REFRESH_SECRET]>,
    ring: RwLock<KeyRing>,
    file: SecretFile,
}

/// A refresh token that this relay made, taken apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PresentedRefresh {
    /// Its family.
    pub family: FamilyId,
    /// Its number in the family.
    pub counter: u64,
    /// SHA-256 of the whole token.
    pub hash: [u8; 32],
}

impl Tokens {
    /// Reads the secrets of a data folder, or makes them.
    pub fn open(
        data: &Path,
        origin: &str,
        now_ms: u64,
        random: &SharedRandom,
    ) -> Result<Self, SecretsError> {
        let file = SecretFile::in_folder(data);
        let bytes = file.read()?;
        let mut secret = Zeroizing::new([0; REFRESH_SECRET]);
        let ring = match bytes.split_at_checked(REFRESH_SECRET) {
            Some((stored, ring)) => {
                secret.copy_from_slice(stored);
                KeyRing::from_bytes(ring)
            }
            None => {
                random.fill(&mut *secret)?;
                KeyRing::empty()
            }
        };
        let tokens = Self {
            origin: origin.to_owned(),
            refresh_secret: secret,
            ring: RwLock::new(ring),
            file,
        };
        tokens.rotate(now_ms, random)?;
        Ok(tokens)
    }

    /// Makes a new signing key when one is due. Called at start and daily.
    pub fn rotate(&self, now_ms: u64, random: &SharedRandom) -> Result<(), SecretsError> {
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if ring.rotate(now_ms, random)? {
            let keys = ring.to_bytes();
            let mut bytes = Zeroizing::new(Vec::with_capacity(REFRESH_SECRET + keys.len()));
            bytes.extend_from_slice(&*self.refresh_secret);
            bytes.extend_from_slice(&keys);
            self.file.write(&bytes)?;
        }
        Ok(())
    }

    /// An access token for a session.
    pub fn access(
        &self,
        user: UserId,
        family: FamilyId,
        device: Option<DeviceId>,
        now_ms: u64,
    ) -> Result<String, TokenError> {
        let now_s = now_ms / limits::SECOND_MS;
        let claims = Claims {
            exp: now_s + limits::ACCESS_TOKEN_MS / limits::SECOND_MS,
            iat: now_s,
            nbf: now_s,
            iss: self.origin.clone(),
            aud: self.origin.clone(),
            sub: user,
            sid: sid(&family),
            did: device,
            scope: if device.is_some() {
                Scope::Device
            } else {
                Scope::Pending
            },
        };
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.sign(&claims)
    }

    /// Checks an access token.
    pub fn verify(&self, token: &str, now_ms: u64) -> Result<Claims, TokenError> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.verify(token, &self.origin, now_ms)
    }

    /// The refresh token with this number of a family: always the same one, so that a repeat can
    /// be answered, and nothing that follows from a token that was stolen before.
    pub fn refresh_token(&self, family: &FamilyId, counter: u64) -> Zeroizing<String> {
        let derive = Hkdf::<Sha256>::new(Some(family), &*self.refresh_secret);
        let mut token = Zeroizing::new([0; REFRESH_TOKEN]);
        token[..16].copy_from_slice(family);
        token[16..24].copy_from_slice(&counter.to_be_bytes());
        // 32 bytes are far below HKDF's maximum, so this cannot fail.
        let _always_long_enough = derive.expand(&counter.to_be_bytes(), &mut token[24..]);
        Zeroizing::new(BASE64URL_NOPAD.encode(&*token))
    }

    /// Takes a token apart, if this relay made it at all.
    pub fn parse_refresh(&self, token: &str) -> Option<PresentedRefresh> {
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(token.as_bytes()).ok()?);
        if bytes.len() != REFRESH_TOKEN {
            return None;
        }
        let family = bytes[..16].try_into().ok()?;
        let counter = u64::from_be_bytes(bytes[16..24].try_into().ok()?);
        let ours = self.refresh_token(&family, counter);
        let same: bool = ours.as_bytes().ct_eq(token.as_bytes()).into();
        same.then(|| PresentedRefresh {
            family,
            counter,
            hash: Self::refresh_hash(token),
        })
    }

    /// What the store keeps of a short code: keyed, because six digits are guessed in no time.
    pub fn code_hash(&self, user: &UserId, code: &str) -> [u8; 32] {
        let derive = Hkdf::<Sha256>::new(Some(user.as_ref()), &*self.refresh_secret);
        let mut hash = [0; 32];
        let _always_long_enough = derive.expand_multi_info(&[b"code", code.as_bytes()], &mut hash);
        hash
    }

    /// The reset token of a mail job: the same one when the job runs again after a crash.
    pub fn reset_token(&self, job: &str) -> Zeroizing<String> {
        let derive = Hkdf::<Sha256>::new(None, &*self.refresh_secret);
        let mut token = Zeroizing::new([0; 32]);
        let info: [&[u8]; 2] = [b"reset", job.as_bytes()];
        let _always_long_enough = derive.expand_multi_info(&info, &mut *token);
        Zeroizing::new(BASE64URL_NOPAD.encode(&*token))
    }

    /// What the store keeps of a refresh token.
    pub fn refresh_hash(token: &str) -> [u8; 32] {
        sha256(token.as_bytes()).0
    }
}

/// A family's id as it stands in tokens and URLs. Not a secret.
pub fn sid(family: &FamilyId) -> String {
    BASE64URL_NOPAD.encode(family)
}

/// Reads [`sid`].
pub fn parse_sid(text: &str) -> Option<FamilyId> {
    BASE64URL_NOPAD
        .decode(text.as_bytes())
        .ok()?
        .try_into()
        .ok()
}
