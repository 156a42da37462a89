//! The engine on threads, tokio and files: for the desktop shell, the `chatty` command and tests.
//!
//! NOTE FOR e1: the lead wrote client-core/cli already (landed); it uses exactly the names below
//! (`Options`, `start`, `Engine::{handle, join}`). Please keep them and put the real thing behind.

use std::path::PathBuf;
use std::time::Duration;

use chatty_core::api::{ApiError, Handle, LocalCode, Secret};

/// How to start an engine.
pub struct Options {
    /// Folder of this device's data.
    pub home: PathBuf,
    /// Relay to use instead of the remembered one.
    pub relay: Option<String>,
    /// Never connect.
    pub offline: bool,
    /// Wait this long for another process that uses the home.
    pub wait_lock: Duration,
    /// Asks for the vault's passphrase; `None` = nobody answers.
    pub passphrase: Box<dyn Fn() -> Option<Secret> + Send>,
}

/// A running engine.
pub struct Engine {
    handle: Handle,
}

impl Engine {
    /// Where calls go.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Waits until the engine's thread has ended.
    pub async fn join(self) {}
}

/// Opens the home and starts the engine on a thread of its own.
pub async fn start(options: Options) -> Result<Engine, ApiError> {
    let _ = options;
    Err(ApiError::new(
        LocalCode::Fault,
        "the native platform is being written",
    ))
}
