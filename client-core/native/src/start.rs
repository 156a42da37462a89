//! From a home folder to a running engine.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread::JoinHandle;
use std::time::Duration;

use chatty_core::api::{ApiError, Handle};
use chatty_core::platform::Platform;
use chatty_core::store::Store;
use chatty_core::vault::{self, RootKey};
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;

use crate::failure::StartError;
use crate::lock::HomeLock;
use crate::open::{self, DATABASE};
use crate::platform::{Native, SystemRandom};
use crate::vault_store::{AskPassphrase, PassphraseFile};
use crate::{files, kill};

/// The vault's file in a home.
const VAULT: &str = "vault";
/// Stack of the engine's thread.
const STACK: usize = 8 * 1024 * 1024;
/// How long a socket may say goodbye after the engine has ended.
const GOODBYE: Duration = Duration::from_secs(1);

/// How to start an engine.
pub struct Options {
    /// Folder of this device's data; made if there is none.
    pub home: PathBuf,
    /// Relay that is meant; a home with an account at another one is refused.
    pub relay: Option<String>,
    /// Never connect.
    pub offline: bool,
    /// Wait this long for another process that uses the home.
    pub wait_lock: Duration,
    /// Asks for the vault's passphrase; `None` = nobody answers.
    pub passphrase: AskPassphrase,
}

/// Makes an engine on its thread: platform, store, and whether it shall stay offline.
pub type EngineStart = fn(Rc<dyn Platform>, Store, bool) -> (Handle, LocalBoxFuture<'static, ()>);

/// A running engine.
pub struct Engine {
    handle: Handle,
    damaged: bool,
    thread: JoinHandle<()>,
}

impl Engine {
    /// Where calls go.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Whether the store is damaged: then only reading works, and only offline.
    pub fn damaged(&self) -> bool {
        self.damaged
    }

    /// Waits until the engine's thread has ended, everything committed and the home free. Call
    /// `engine.shutdown` before, or drop every handle.
    pub async fn join(self) {
        drop(self.handle);
        let thread = self.thread;
        // A panic of the engine was written to stderr already.
        let _ = tokio::task::spawn_blocking(move || thread.join()).await;
    }
}

/// Opens the home and starts the engine on a thread of its own.
pub async fn start(options: Options) -> Result<Engine, ApiError> {
    start_with(options, |platform, store, offline| {
        chatty_core::engine::start(platform, store, chatty_core::engine::Options { offline })
    })
    .await
}

/// As [`start`] with another engine, for tests of the platform.
pub async fn start_with(options: Options, engine: EngineStart) -> Result<Engine, ApiError> {
    let (ready, started) = oneshot::channel();
    // Everything blocks from here on (lock, Argon2id, disk), so it has its own thread at once.
    let thread = std::thread::Builder::new()
        .name("chatty-engine".into())
        .stack_size(STACK)
        .spawn(move || run(options, engine, ready))
        .map_err(|error| StartError::Machine(error.to_string()))?;
    match started.await {
        Ok(Ok((handle, damaged))) => Ok(Engine {
            handle,
            damaged,
            thread,
        }),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(StartError::Machine("the engine's thread ended".into()).into()),
    }
}

type Ready = oneshot::Sender<Result<(Handle, bool), StartError>>;

/// The engine's thread.
fn run(options: Options, engine: EngineStart, ready: Ready) {
    kill::install();
    // Given back last, when the database is closed.
    let lock = match take_home(&options) {
        Ok(lock) => lock,
        Err(error) => return tell(ready, Err(error)),
    };
    let prepared = unlock(&options).and_then(|root| {
        let key = root.database()?;
        let opened = open::open(&options.home, &key, options.relay.as_deref())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StartError::Machine(error.to_string()))?;
        Ok((opened, runtime))
    });
    let (opened, runtime) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => {
            // Whoever hears of it may try again at once.
            drop(lock);
            return tell(ready, Err(error));
        }
    };
    let offline = options.offline || opened.damaged;
    let damaged = opened.damaged;
    tokio::task::LocalSet::new().block_on(&runtime, async move {
        match Native::new(&options.home) {
            Ok(native) => {
                let (handle, engine) = engine(Rc::new(native), opened.store, offline);
                tell(ready, Ok((handle, damaged)));
                engine.await;
            }
            Err(error) => tell(ready, Err(StartError::Machine(error.to_string()))),
        }
    });
    runtime.shutdown_timeout(GOODBYE);
    drop(lock);
}

fn tell(ready: Ready, result: Result<(Handle, bool), StartError>) {
    // Nobody waits any more when the caller was cancelled; the dropped handle ends the engine.
    let _ = ready.send(result);
}

fn take_home(options: &Options) -> Result<HomeLock, StartError> {
    files::private_folder(&options.home).map_err(StartError::Home)?;
    Ok(HomeLock::take(&options.home, options.wait_lock)?)
}

fn unlock(options: &Options) -> Result<RootKey, StartError> {
    let exists = has_store(&options.home);
    let mut keys = PassphraseFile::new(options.home.join(VAULT), &options.passphrase);
    Ok(vault::unlock(&mut keys, exists, &mut SystemRandom)?)
}

/// An empty file is no store: it is what a crash between its making and the first page leaves.
fn has_store(home: &Path) -> bool {
    home.join(DATABASE)
        .metadata()
        .is_ok_and(|file| file.len() > 0)
}
