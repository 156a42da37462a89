//! One engine on a thread of its own, as the native platform runs it, but behind a link and with
//! a way to die: at once from outside, or inside at a named kill point.

use std::cell::RefCell;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use chatty_core::api::Handle;
use chatty_core::engine;
use chatty_core::platform::set_kill_hook;
use chatty_core::store::{DatabaseKey, Store};
use chatty_crypto::tx::Tx;
use chatty_native::lock::HomeLock;
use chatty_native::platform::{read_epoch, write_epoch};
use futures::FutureExt;
use futures::channel::oneshot;

use crate::insider::act;
use crate::link::Link;
use crate::platform::LinkedPlatform;

/// The vault is tested where it is written; here opening a home shall cost no Argon2id.
pub(crate) const KEY: [u8; 32] = [0x5a; 32];
/// As the native platform's.
const STACK: usize = 8 * 1024 * 1024;

/// Where an engine shall die: the n-th pass of a named point (n from 1).
pub type KillAt = (&'static str, u64);

/// A running engine.
pub struct Running {
    /// Where calls go.
    pub handle: Handle,
    fuse: Fuse,
    kill: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The point at which an engine shall die, in the test's hands until it did.
type Fuse = Arc<Mutex<Option<KillAt>>>;

thread_local! {
    static FUSE: RefCell<Option<Fuse>> = const { RefCell::new(None) };
}

fn lock(fuse: &Fuse) -> MutexGuard<'_, Option<KillAt>> {
    fuse.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Unwinds the engine's thread: nothing after the point happens, open transactions roll back.
fn die(name: &'static str) {
    let fuse = FUSE.with_borrow(Clone::clone);
    let now = fuse.is_some_and(|fuse| {
        let mut at = lock(&fuse);
        let Some((wanted, passes)) = &mut *at else {
            return false;
        };
        if *wanted != name {
            return false;
        }
        *passes -= 1;
        let now = *passes == 0;
        if now {
            *at = None;
        }
        now
    });
    if now {
        // Quiet: this is not a failed test.
        resume_unwind(Box::new("killed by the test"));
    }
}

impl Running {
    /// Opens the home, making it if need be, and starts the engine.
    pub fn start(home: &Path, link: &Link, kill_at: Option<KillAt>) -> Self {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| set_kill_hook(die));
        let (ready, started) = std::sync::mpsc::channel();
        let (kill, killed) = oneshot::channel();
        let (home, link): (PathBuf, Link) = (home.to_owned(), link.clone());
        let fuse: Fuse = Arc::new(Mutex::new(kill_at));
        let burning = Arc::clone(&fuse);
        let thread = std::thread::Builder::new()
            .name("engine".into())
            .stack_size(STACK)
            .spawn(move || {
                FUSE.set(Some(burning));
                run(&home, link, &ready, killed);
            })
            .expect("a thread");
        let handle = started.recv().expect("the home opens");
        Self {
            handle,
            fuse,
            kill: Some(kill),
            thread: Some(thread),
        }
    }

    /// Whether it still runs.
    pub fn is_alive(&self) -> bool {
        self.thread.as_ref().is_some_and(|t| !t.is_finished())
    }

    /// It shall not die at a point any more. False = it did already, or does just now.
    pub fn disarm(&self) -> bool {
        lock(&self.fuse).take().is_some()
    }

    /// Drops everything at its next wait: no goodbye, no flush.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.kill.take());
        if let Some(thread) = self.thread.take() {
            // A thread that died at a kill point ends with that.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Changes what the crypto crate keeps in a home whose engine does not run: what a test cannot do
/// through the product.
pub(crate) fn change<T>(home: &Path, work: impl FnOnce(&mut Tx<'_>) -> T) -> T {
    let connection = rusqlite::Connection::open(home.join("chatty.db")).expect("a database");
    let epoch = read_epoch(home).expect("an epoch");
    let opened = Store::open(connection, &DatabaseKey::new(KEY), epoch, &mut |_| Ok(()));
    let opened = opened.expect("the store opens");
    write_epoch(home, opened.epoch).expect("the epoch is kept");
    act(&opened.store, work)
}

fn run(
    home: &Path,
    link: Link,
    ready: &std::sync::mpsc::Sender<Handle>,
    killed: oneshot::Receiver<()>,
) {
    std::fs::create_dir_all(home).expect("a home");
    let lock = HomeLock::take(home, Duration::from_secs(10)).expect("the home is free");
    let connection = rusqlite::Connection::open(home.join("chatty.db")).expect("a database");
    let epoch = read_epoch(home).expect("an epoch");
    let opened = Store::open(connection, &DatabaseKey::new(KEY), epoch, &mut |_| Ok(()));
    let opened = opened.expect("the store opens");
    write_epoch(home, opened.epoch).expect("the epoch is kept");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async move {
        let platform = Rc::new(LinkedPlatform::new(home, link));
        let options = engine::Options::default();
        let (handle, engine) = engine::start(platform, opened.store, options);
        let _ = ready.send(handle);
        futures::select_biased! {
            _ = killed.fuse() => {}
            () = engine.fuse() => {}
        }
    });
    drop(local);
    runtime.shutdown_background();
    drop(lock);
}
