//! Moves the WAL into the database file beside the writer, so that no message waits for it.
//!
//! A checkpoint of 4,000 pages takes 10 ms and more; done by the writer it delays every message
//! that comes meanwhile. Here a thread of its own copies what is there while commits go on. What
//! they added meanwhile is little: the writer does that rest between two commits, after which
//! the WAL begins anew.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::open::open_checkpointer;
use crate::store::StoreResult;

/// Frames of the WAL that are worth a checkpoint.
const FRAMES: i64 = 4_000;
/// Frames that the writer may do by itself: some hundred microseconds.
const REST: i64 = 256;
/// Times that the thread copies before the writer does a larger rest: under full load the WAL
/// grows as fast as it is copied.
const ROUNDS: u32 = 3;
/// Commits and rows between two looks at the WAL.
const LOOK_EVERY: usize = 256;

#[derive(Default)]
struct State {
    due: bool,
    closed: bool,
}

/// What writer and checkpointer tell each other.
#[derive(Default)]
pub(super) struct Checkpoints {
    state: Mutex<State>,
    bell: Condvar,
    rest: AtomicBool,
}

impl Checkpoints {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Two flags are never half set, so a panic elsewhere is no reason to stop.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writer ends; the thread does, too.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.bell.notify_one();
    }

    fn ring(&self) {
        self.lock().due = true;
        self.bell.notify_one();
    }

    /// Waits until there may be something to do. `false` = closed.
    fn wait(&self) -> bool {
        let mut state = self.lock();
        while !state.due && !state.closed {
            state = (self.bell.wait(state)).unwrap_or_else(PoisonError::into_inner);
        }
        state.due = false;
        !state.closed
    }

    /// The thread: runs until [`close`](Self::close).
    pub(super) fn run(&self, path: &Path) {
        let mut conn = None;
        while self.wait() {
            match copy(&mut conn, path) {
                Ok(true) => self.rest.store(true, Ordering::Relaxed),
                Ok(false) => {}
                Err(error) => {
                    // The WAL grows until the writer's own checkpoint, which SQLite starts.
                    tracing::warn!(%error, "a checkpoint failed");
                    conn = None;
                }
            }
        }
    }
}

/// The writer's side: counts what it writes.
#[derive(Default)]
pub(super) struct Pace(usize);

impl Pace {
    /// After a commit of so many rows, when its callers were answered.
    pub(super) fn wrote(&mut self, rows: usize, checkpoints: &Checkpoints, conn: &Connection) {
        if checkpoints.rest.swap(false, Ordering::Relaxed) {
            // A failure leaves the WAL as it is; the next look finds it again.
            let _later = checkpoint(conn);
        }
        self.0 += rows + 1;
        if self.0 >= LOOK_EVERY {
            self.0 = 0;
            checkpoints.ring();
        }
    }
}

/// Copies the WAL if it is long. Whether only a rest is left, which is the writer's.
fn copy(kept: &mut Option<Connection>, path: &Path) -> StoreResult<bool> {
    let conn = match kept {
        Some(conn) => conn,
        None => kept.insert(open_checkpointer(path)?),
    };
    if wal(conn, "PRAGMA wal_checkpoint(NOOP)")?.0 < FRAMES {
        return Ok(false);
    }
    for _ in 0..ROUNDS {
        let (frames, copied) = checkpoint(conn)?;
        if frames - copied <= REST {
            break;
        }
    }
    Ok(true)
}

/// Copies what no reader holds back, without waiting for anybody.
fn checkpoint(conn: &Connection) -> StoreResult<(i64, i64)> {
    wal(conn, "PRAGMA wal_checkpoint(PASSIVE)")
}

/// Frames of the WAL, and how many of them are in the database file.
fn wal(conn: &Connection, question: &'static str) -> StoreResult<(i64, i64)> {
    let mut statement = conn.prepare_cached(question)?;
    Ok(statement.query_row([], |row| Ok((row.get(1)?, row.get(2)?)))?)
}
