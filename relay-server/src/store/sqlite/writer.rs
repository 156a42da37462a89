//! The one thread that writes: takes what is queued, commits, answers, at once again.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rusqlite::Connection;

use super::append::Hot;
use super::cache::Cache;
use super::checkpoint::{Checkpoints, Pace};
use super::open::reopen_writer;
use super::queue::Queue;
use super::reserve::Reserve;
use super::task::{Task, Tx};
use crate::store::{StoreError, StoreResult};

/// Failed commits in a row after which nothing is written any more.
const FAILURES: u32 = 2;

/// What the writer shares with everybody.
#[derive(Default)]
pub(super) struct Shared {
    pub queue: Queue,
    pub checkpoints: Checkpoints,
    pub commits: AtomicU64,
    pub rows: AtomicU64,
    pub commit_errors: AtomicU64,
    pub holes: AtomicU64,
    pub full: AtomicBool,
    pub read_only: AtomicBool,
}

/// The writer thread's own things.
pub(super) struct Writer {
    pub shared: Arc<Shared>,
    pub path: PathBuf,
    pub reserve: Reserve,
}

/// However the thread ends, nobody waits for it afterwards.
struct EndOfWriting(Arc<Shared>);

impl Drop for EndOfWriting {
    fn drop(&mut self) {
        self.0.checkpoints.close();
        self.0.queue.end();
    }
}

/// Why serving one connection ended.
enum Exit {
    Closed,
    Reopen,
    ReadOnly,
}

type Batch = Vec<Box<dyn Task>>;

impl Writer {
    /// Runs until the queue is closed and empty.
    pub(super) fn run(self, conn: Connection) {
        let checkpoints = &Arc::clone(&self.shared).checkpoints;
        let path = self.path.clone();
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("store-copy".into());
            if let Err(error) = thread.spawn_scoped(scope, || checkpoints.run(&path)) {
                tracing::warn!(%error, "checkpoints are the writer's own work");
            }
            self.write(conn);
        });
    }

    fn write(self, mut conn: Connection) {
        let _end = EndOfWriting(Arc::clone(&self.shared));
        let mut failures = 0;
        self.shared
            .full
            .store(!self.reserve.fill(), Ordering::Relaxed);
        loop {
            match self.serve(&conn, &mut failures) {
                Exit::Closed => return,
                Exit::ReadOnly => return self.refuse_all(),
                Exit::Reopen => drop(conn),
            }
            match reopen_writer(&self.path) {
                Ok(again) => conn = again,
                Err(error) => {
                    tracing::error!(%error, "the database cannot be opened again");
                    return self.refuse_all();
                }
            }
        }
    }

    fn serve(&self, conn: &Connection, failures: &mut u32) -> Exit {
        let mut hot = match Hot::prepare(conn) {
            Ok(hot) => hot,
            Err(error) => {
                tracing::error!(%error, "the database cannot be written");
                return Exit::ReadOnly;
            }
        };
        let (mut cache, mut pace) = (Cache::default(), Pace::default());
        let mut batch: Batch = Vec::with_capacity(512);
        while self.shared.queue.take(&mut batch) {
            let before = conn.total_changes();
            self.refuse_growth_while_full(&mut batch);
            if batch.is_empty() {
                continue;
            }
            let mut result = commit(conn, &mut hot, &mut cache, &mut batch);
            if result == Err(StoreError::Full) {
                cache.clear();
                self.give_up_reserve(&mut batch);
                result = commit(conn, &mut hot, &mut cache, &mut batch);
            }
            match result {
                // A commit that wrote nothing says nothing about the disk.
                Ok(()) if conn.total_changes() == before => {}
                Ok(()) => *failures = 0,
                Err(_) => cache.clear(),
            }
            if matches!(&result, Err(error) if !error.is_fatal()) {
                // One task cannot be done; the others must not suffer for it.
                one_by_one(conn, &mut hot, &mut cache, &mut batch);
                continue;
            }
            let rows = self.count(&batch, &result);
            let exit = after_failure(&result, failures);
            for task in batch.drain(..) {
                task.answer(result.clone());
            }
            pace.wrote(rows, &self.shared.checkpoints, conn);
            if let Some(exit) = exit {
                return exit;
            }
            cache.trim();
        }
        Exit::Closed
    }

    /// Counts a commit for the metrics; the rows that it made durable.
    fn count(&self, batch: &Batch, result: &StoreResult<()>) -> usize {
        let shared = &self.shared;
        if let Err(error) = result {
            shared.commit_errors.fetch_add(1, Ordering::Relaxed);
            tracing::error!(%error, tasks = batch.len(), "a commit failed");
            return 0;
        }
        shared.commits.fetch_add(1, Ordering::Relaxed);
        let rows: usize = batch.iter().map(|task| task.weight().0).sum();
        shared.rows.fetch_add(rows as u64, Ordering::Relaxed);
        rows
    }

    /// While the disk is full, growing tasks are answered at once; the reserve is tried again.
    fn refuse_growth_while_full(&self, batch: &mut Batch) {
        if !self.shared.full.load(Ordering::Relaxed) {
            return;
        }
        if self.reserve.fill() {
            self.shared.full.store(false, Ordering::Relaxed);
            tracing::info!("there is room on the disk again");
            return;
        }
        refuse_growing(batch);
    }

    fn give_up_reserve(&self, batch: &mut Batch) {
        if !self.shared.full.swap(true, Ordering::Relaxed) {
            tracing::error!("the disk is full: nothing new is accepted until there is room");
        }
        self.reserve.free();
        refuse_growing(batch);
    }

    /// Answers everything that waits and takes nothing more.
    fn refuse_all(&self) {
        tracing::error!("the store is read-only now");
        self.shared.read_only.store(true, Ordering::Relaxed);
        self.shared.queue.refuse(StoreError::ReadOnly);
        let mut batch = Batch::new();
        while self.shared.queue.take(&mut batch) {
            for task in batch.drain(..) {
                task.answer(Err(StoreError::ReadOnly));
            }
        }
    }
}

fn refuse_growing(batch: &mut Batch) {
    let (growing, rest): (Batch, Batch) = batch.drain(..).partition(|task| task.grows());
    *batch = rest;
    for task in growing {
        task.answer(Err(StoreError::Full));
    }
}

/// A full or busy disk passes; any other failure means that the connection cannot be trusted.
fn after_failure(result: &StoreResult<()>, failures: &mut u32) -> Option<Exit> {
    match result {
        Ok(()) | Err(StoreError::Full | StoreError::Busy) => None,
        Err(_) => {
            *failures += 1;
            Some(if *failures >= FAILURES {
                Exit::ReadOnly
            } else {
                Exit::Reopen
            })
        }
    }
}

/// Each task in a transaction of its own, so that only those fail that must.
fn one_by_one<'c>(conn: &'c Connection, hot: &mut Hot<'c>, cache: &mut Cache, batch: &mut Batch) {
    for task in std::mem::take(batch) {
        let mut alone = vec![task];
        let result = commit(conn, hot, cache, &mut alone);
        if let Err(error) = &result {
            cache.clear();
            tracing::error!(%error, "a task of the writer failed");
        }
        for task in alone {
            task.answer(result.clone());
        }
    }
}

/// One transaction over the whole batch: all of it is durable afterwards, or nothing.
fn commit<'c>(
    conn: &'c Connection,
    hot: &mut Hot<'c>,
    cache: &mut Cache,
    batch: &mut Batch,
) -> StoreResult<()> {
    conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut tx = Tx { conn, hot, cache };
    let result = batch
        .iter_mut()
        .try_for_each(|task| task.apply(&mut tx))
        .and_then(|()| {
            conn.prepare_cached("COMMIT")?.execute([])?;
            Ok(())
        });
    if result.is_err() && !conn.is_autocommit() {
        // SQLite rolls back by itself after some errors; a second failure changes nothing, the
        // connection is dropped then.
        let _gone = conn.execute_batch("ROLLBACK");
    }
    result
}
