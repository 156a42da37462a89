//! Reading connections, each on a thread of its own.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::open::open_reader;
use crate::store::{StoreError, StoreResult};

/// Reading connections.
pub(super) const READERS: usize = 4;
/// Reads that may wait before callers are told `busy`.
const QUEUE_READS: usize = 20_000;

type Read = Box<dyn FnOnce(&Connection) + Send>;

#[derive(Default)]
struct Waiting {
    reads: VecDeque<Read>,
    closed: bool,
}

#[derive(Default)]
struct Pool {
    waiting: Mutex<Waiting>,
    bell: Condvar,
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<Read> {
        let mut waiting = self.lock();
        loop {
            if let Some(read) = waiting.reads.pop_front() {
                return Some(read);
            }
            if waiting.closed {
                return None;
            }
            waiting = self
                .bell
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The pool of readers.
pub(super) struct Readers {
    pool: Arc<Pool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Readers {
    /// Opens the connections and starts their threads.
    pub(super) fn open(path: &Path) -> StoreResult<Self> {
        let pool = Arc::new(Pool::default());
        let readers = Self {
            pool,
            threads: Mutex::default(),
        };
        for number in 0..READERS {
            let conn = open_reader(path)?;
            let pool = Arc::clone(&readers.pool);
            let thread = std::thread::Builder::new()
                .name(format!("store-read-{number}"))
                .spawn(move || {
                    while let Some(read) = pool.take() {
                        read(&conn);
                    }
                })
                .map_err(|error| StoreError::Io(error.kind().to_string()))?;
            readers.lock_threads().push(thread);
        }
        Ok(readers)
    }

    /// Runs `read` in one read transaction (one snapshot) on some reader.
    pub(super) async fn read<T, F>(&self, read: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> StoreResult<T> + Send + 'static,
    {
        let (reply, receiver) = oneshot::channel();
        let job: Read = Box::new(move |conn| {
            // The caller may have gone away.
            let _gone = reply.send(snapshot(conn, read));
        });
        {
            let mut waiting = self.pool.lock();
            if waiting.closed {
                return Err(StoreError::Closed);
            }
            if waiting.reads.len() >= QUEUE_READS {
                return Err(StoreError::Busy);
            }
            waiting.reads.push_back(job);
        }
        self.pool.bell.notify_one();
        receiver.await.map_err(|_| StoreError::Closed)?
    }

    /// Lets no more reads in; the threads end when the queue is empty.
    pub(super) fn close(&self) {
        self.pool.lock().closed = true;
        self.pool.bell.notify_all();
    }

    /// Waits for the threads.
    pub(super) fn join(&self) {
        let threads = std::mem::take(&mut *self.lock_threads());
        for thread in threads {
            // A reader that panicked has nothing left to do.
            let _panicked = thread.join();
        }
    }

    fn lock_threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn snapshot<T>(
    conn: &Connection,
    read: impl FnOnce(&Connection) -> StoreResult<T>,
) -> StoreResult<T> {
    conn.prepare_cached("BEGIN")?.execute([])?;
    let result = read(conn);
    conn.prepare_cached("COMMIT")?.execute([])?;
    result
}
