//! Everything that is not computation: one trait, implemented once per target.
//!
//! No `Send` bounds: the engine and its platform live on one thread (ARCHITECTURE.md §4). A socket
//! never crosses the boundary; the platform's own task pumps it into two bounded channels.

use async_channel::{Receiver, Sender};
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;

use crate::store::StoreError;

/// Work for a thread that may take long.
pub type Job = Box<dyn FnOnce() + Send>;

/// Frames that may wait in one direction of a socket before the other side has to wait.
pub const SOCKET_FRAMES: usize = 64;

/// What the engine asks of the machine it runs on.
pub trait Platform {
    /// Runs a task on the engine's thread beside the others.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>);

    /// Ends after this many milliseconds of monotonic time.
    fn sleep(&self, ms: u64) -> LocalBoxFuture<'static, ()>;

    /// Unix milliseconds by this machine's clock, which may be wrong.
    fn now_ms(&self) -> u64;

    /// Milliseconds that only ever grow, from an arbitrary start; for intervals.
    fn monotonic_ms(&self) -> u64;

    /// Fills the slice from the system's generator.
    fn random(&self, out: &mut [u8]);

    /// One HTTP request to the relay. TLS certificates are checked; redirects are not followed.
    fn http(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpAnswer, NetError>>;

    /// Opens a WebSocket (`ws://` or `wss://`).
    fn connect(&self, url: &str) -> LocalBoxFuture<'static, Result<Socket, NetError>>;

    /// Runs work that takes long (Argon2id, big scans) away from the engine's thread where there
    /// is another one. Use [`blocking`] for a result.
    fn blocking(&self, job: Job) -> LocalBoxFuture<'static, ()>;

    /// The store's rollback epoch as kept outside the database; `None` = never written.
    fn epoch(&self) -> Result<Option<u64>, StoreError>;

    /// Writes the epoch durably. Called after the database holds the same number.
    fn set_epoch(&self, epoch: u64) -> Result<(), StoreError>;

    /// What this device is called when the user gives no label, and its platform word.
    fn device_label(&self) -> DeviceLabel;
}

/// Name and platform that a device tells its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLabel {
    /// Label, for example the host's name.
    pub name: String,
    /// `linux`, `macos`, `windows`, `android`, `ios` or `web`.
    pub platform: String,
}

/// A request to the relay.
#[derive(Clone)]
pub struct HttpRequest {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// Absolute URL. Never holds a secret.
    pub url: String,
    /// Access token for the `Authorization` header.
    pub bearer: Option<String>,
    /// JSON body.
    pub body: Option<Vec<u8>>,
    /// Give up after this time.
    pub timeout_ms: u64,
}

/// What came back, whatever the status.
#[derive(Clone)]
pub struct HttpAnswer {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After`, in ms.
    pub retry_after_ms: Option<u64>,
    /// Body, at most [`MAX_ANSWER`] bytes.
    pub body: Vec<u8>,
}

/// Largest answer that is read.
pub const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// Why the network gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// This machine has no network.
    #[error("no network")]
    Offline,
    /// The relay cannot be reached, or the connection broke before the answer.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The TLS certificate is not valid for this server.
    #[error("the server's certificate is not valid")]
    Certificate,
    /// What answers there does not speak TLS, or none that is safe.
    #[error("no secure connection to the server")]
    Secure,
    /// No answer in time.
    #[error("the server did not answer in time")]
    Timeout,
    /// The answer is larger than allowed, or not HTTP or WebSocket.
    #[error("the server's answer is not understood")]
    Malformed,
}

/// An open WebSocket: binary messages both ways. Dropping both ends closes it.
pub struct Socket {
    /// To the relay; closed when the socket is.
    pub send: Sender<Vec<u8>>,
    /// From the relay; ends when the socket is closed.
    pub receive: Receiver<Vec<u8>>,
}

/// Runs a function away from the engine's thread and gives its result.
///
/// `None` = the platform dropped the job (it is shutting down, or the function panicked).
pub async fn blocking<T, F>(platform: &dyn Platform, work: F) -> Option<T>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    let (done, result) = oneshot::channel();
    let job: Job = Box::new(move || {
        // Nobody waits any more when the caller was cancelled.
        let _ = done.send(work());
    });
    platform.blocking(job).await;
    result.await.ok()
}

/// The engine's random source over a platform.
pub struct PlatformRandom<'a>(pub &'a dyn Platform);

impl chatty_crypto::tx::Random for PlatformRandom<'_> {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.random(out);
    }
}

/// Dies here when a test asked for it: see [`set_kill_hook`]. Costs nothing in release builds.
#[macro_export]
macro_rules! kill_point {
    ($name:literal) => {
        $crate::platform::kill_point($name)
    };
}

#[cfg(any(debug_assertions, feature = "kill-points"))]
mod kill {
    use std::sync::OnceLock;

    static HOOK: OnceLock<fn(&'static str)> = OnceLock::new();

    /// Installs what a named kill point does; the first call wins.
    pub fn set_kill_hook(hook: fn(&'static str)) {
        let _ = HOOK.set(hook);
    }

    /// A place where a test may end the process.
    pub fn kill_point(name: &'static str) {
        if let Some(hook) = HOOK.get() {
            hook(name);
        }
    }
}

#[cfg(not(any(debug_assertions, feature = "kill-points")))]
mod kill {
    /// Does nothing in release builds.
    pub fn set_kill_hook(_: fn(&'static str)) {}

    /// Does nothing in release builds.
    #[inline(always)]
    pub fn kill_point(_: &'static str) {}
}

pub use kill::{kill_point, set_kill_hook};
