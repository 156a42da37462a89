//! The writer's queue with its three priorities.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};

use super::task::{Class, Task};
use crate::store::{StoreError, StoreResult};

/// Rows of one commit.
const COMMIT_ROWS: usize = 512;
/// Bytes of one commit.
const COMMIT_BYTES: usize = 1024 * 1024;
/// Tasks that may wait before callers are told `busy`.
const QUEUE_TASKS: usize = 20_000;
/// Every so many commits one purge step goes along although others wait.
const PURGE_EVERY: u64 = 10;

#[derive(Default)]
struct Waiting {
    now: VecDeque<Box<dyn Task>>,
    bulk: VecDeque<Box<dyn Task>>,
    purge: VecDeque<Box<dyn Task>>,
    refused: Option<StoreError>,
    commits: u64,
}

impl Waiting {
    fn len(&self) -> usize {
        self.now.len() + self.bulk.len() + self.purge.len()
    }
}

/// Tasks on their way to the writer.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    bell: Condvar,
}

impl Queue {
    /// Adds a task, or says why none is taken.
    pub(super) fn put(&self, class: Class, task: Box<dyn Task>) -> StoreResult<()> {
        let mut waiting = self.lock();
        if let Some(error) = &waiting.refused {
            return Err(error.clone());
        }
        if waiting.len() >= QUEUE_TASKS {
            return Err(StoreError::Busy);
        }
        match class {
            Class::Now => waiting.now.push_back(task),
            Class::Bulk => waiting.bulk.push_back(task),
            Class::Purge => waiting.purge.push_back(task),
        }
        drop(waiting);
        self.bell.notify_one();
        Ok(())
    }

    /// Takes no more tasks; what waits is still done (`Closed`) or answered with the error.
    pub(super) fn refuse(&self, error: StoreError) {
        self.lock().refused = Some(error);
        self.bell.notify_one();
    }

    /// Drops what waits (its callers see `Closed`) and takes nothing more.
    pub(super) fn end(&self) {
        let mut waiting = self.lock();
        let refused = waiting.refused.take().unwrap_or(StoreError::Closed);
        let dropped = std::mem::take(&mut *waiting);
        waiting.refused = Some(refused);
        drop(waiting);
        drop(dropped);
    }

    /// How many tasks wait.
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    /// Waits for work and moves what fits into one commit to `batch`. `false` = closed and empty.
    pub(super) fn take(&self, batch: &mut Vec<Box<dyn Task>>) -> bool {
        let mut waiting = self.lock();
        while waiting.len() == 0 {
            if waiting.refused.is_some() {
                return false;
            }
            waiting = self
                .bell
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
        waiting.commits += 1;
        let mut room = Room {
            rows: COMMIT_ROWS,
            bytes: COMMIT_BYTES,
        };
        room.fill(&mut waiting.now, batch);
        if !batch.is_empty() {
            room.rows = room.rows.min(COMMIT_ROWS / 4);
            room.bytes = room.bytes.min(COMMIT_BYTES / 4);
        }
        room.fill(&mut waiting.bulk, batch);
        if batch.is_empty() || waiting.commits.is_multiple_of(PURGE_EVERY) {
            batch.extend(waiting.purge.pop_front());
        }
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        // The queue is consistent between any two statements, so a panic elsewhere is no reason
        // to stop.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What still fits into a commit.
struct Room {
    rows: usize,
    bytes: usize,
}

impl Room {
    fn fill(&mut self, from: &mut VecDeque<Box<dyn Task>>, batch: &mut Vec<Box<dyn Task>>) {
        while let Some(task) = from.front() {
            let (rows, bytes) = task.weight();
            // One task alone always fits, whatever its weight.
            if !batch.is_empty() && (rows > self.rows || bytes > self.bytes) {
                break;
            }
            self.rows = self.rows.saturating_sub(rows);
            self.bytes = self.bytes.saturating_sub(bytes);
            batch.extend(from.pop_front());
        }
    }
}
