//! Stores on one SQLite file: one writer thread with group commit, four readers, WAL
//! (ARCHITECTURE.md §5).

mod account;
mod append;
mod append_log;
mod audit;
mod block;
mod budget;
mod cache;
mod checkpoint;
mod claim;
mod code;
mod conversation;
mod device;
mod device_log;
mod erase;
mod error;
mod inbox;
mod job;
mod link;
mod meta;
mod migrate;
mod num;
mod offline;
mod open;
mod prekey;
mod purge;
mod queue;
mod read;
mod readers;
mod relation;
mod reserve;
mod saga;
mod session;
mod sign_up;
mod stream;
mod tails;
mod task;
mod writer;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use self::open::Identity;
use self::readers::Readers;
use self::reserve::Reserve;
use self::tails::Tails;
use self::task::{Call, Class, Tx};
use self::writer::{Shared, Writer};
use super::{StoreError, StoreResult};

pub use self::audit::{Fault, Repaired};
pub use self::offline::Figures;
pub use self::reserve::RESERVE_BYTES;

/// How to open a database.
#[derive(Debug, Clone)]
pub struct Options {
    /// 16 random bytes: the incarnation, if the file is made now.
    pub fresh: [u8; 16],
    /// Size of the reserve file, [`RESERVE_BYTES`] in service.
    pub reserve_bytes: u64,
    /// Largest size of the database in pages, 0 = no bound. For tests of a full disk.
    pub max_pages: u64,
}

impl Options {
    /// Settings of a relay in service.
    pub fn new(fresh: [u8; 16]) -> Self {
        Self {
            fresh,
            reserve_bytes: RESERVE_BYTES,
            max_pages: 0,
        }
    }
}

/// Every store, in one SQLite file.
pub struct SqliteStore {
    shared: Arc<Shared>,
    tails: Arc<Tails>,
    readers: Readers,
    writer: Mutex<Option<JoinHandle<()>>>,
    identity: Identity,
    path: PathBuf,
    /// Given back when the store is closed, even while somebody still holds the store.
    lock: Mutex<Option<File>>,
}

impl SqliteStore {
    /// Opens (or makes) the database at `path` and starts its threads. A damaged file, a newer
    /// one, one in use, and a backup copy are refused with their own errors.
    pub fn open(path: &Path, options: Options) -> StoreResult<Self> {
        let lock = open::lock(path)?;
        let (conn, identity) = open::open_writer(path, options.fresh)?;
        if options.max_pages > 0 {
            conn.pragma_update(None, "max_page_count", num::sql(options.max_pages))?;
        }
        let readers = Readers::open(path)?;
        let shared = Arc::new(Shared::default());
        let writer = Writer {
            shared: Arc::clone(&shared),
            path: path.to_owned(),
            reserve: Reserve::beside(path, options.reserve_bytes),
        };
        let thread = std::thread::Builder::new()
            .name("store-write".into())
            .spawn(move || writer.run(conn))
            .map_err(|error| StoreError::Io(error.kind().to_string()))?;
        Ok(Self {
            shared,
            tails: Arc::default(),
            readers,
            writer: Mutex::new(Some(thread)),
            identity,
            path: path.to_owned(),
            lock: Mutex::new(Some(lock)),
        })
    }

    /// Lets a copy that was put back start again: new incarnation, `now` as time of the restore.
    pub fn restored(path: &Path, fresh: [u8; 16], now: u64) -> StoreResult<()> {
        if !path.exists() {
            return Err(StoreError::NotFound("a relay database"));
        }
        let _lock = open::lock(path)?;
        open::mark_restored(path, fresh, now)
    }

    /// Runs a closure in the writer's next commit. `rows` is about what it writes.
    async fn write<T, F>(&self, class: Class, rows: usize, grows: bool, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_, '_>) -> StoreResult<T> + Send + 'static,
    {
        let (call, receiver) = Call::new(rows, grows, run);
        self.shared.queue.put(class, Box::new(call))?;
        receiver.await.map_err(|_| StoreError::Closed)?
    }

    /// A write that adds rows: refused while the disk is full.
    async fn grow<T, F>(&self, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_, '_>) -> StoreResult<T> + Send + 'static,
    {
        self.write(Class::Now, 2, true, run).await
    }

    /// A write that changes or removes rows: works from the reserve too.
    async fn change<T, F>(&self, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_, '_>) -> StoreResult<T> + Send + 'static,
    {
        self.write(Class::Now, 2, false, run).await
    }

    /// Ends the threads; everything queued is written first.
    fn stop(&self) {
        self.shared.queue.refuse(StoreError::Closed);
        self.readers.close();
        let thread = self
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // A writer that panicked answered nobody; callers see `Closed`.
            let _panicked = thread.join();
        }
        self.readers.join();
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.stop();
    }
}
