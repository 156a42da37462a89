//! The newest rows of active streams in memory, so that live readers cost no database read.
//! Holds durable rows only: the writer pushes after its commit.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chatty_protocol::ConvId;

use crate::store::stream::{Page, StoredRow};

/// Rows kept of one stream.
const ROWS: usize = 64;
/// Locks, so that readers of different streams rarely meet.
const SHARDS: usize = 16;
/// Body bytes of one shard before it starts anew.
const SHARD_BYTES: usize = 2 * 1024 * 1024;
/// What a row costs besides its body.
const ROW_OVERHEAD: usize = 160;

#[derive(Default)]
struct Tail {
    floor: u64,
    rows: VecDeque<StoredRow>,
}

#[derive(Default)]
struct Shard {
    tails: HashMap<ConvId, Tail>,
    bytes: usize,
}

/// Newest rows by stream.
pub(super) struct Tails([Mutex<Shard>; SHARDS]);

impl Default for Tails {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

impl Tails {
    /// Adds a durable row; one that does not follow the newest starts the tail anew.
    pub(super) fn push(&self, conv: ConvId, floor: u64, row: StoredRow) {
        let mut guard = self.shard(&conv);
        let shard = &mut *guard;
        if shard.bytes > SHARD_BYTES {
            *shard = Shard::default();
        }
        let tail = shard.tails.entry(conv).or_default();
        tail.floor = floor;
        if tail.rows.back().is_some_and(|last| last.seq + 1 != row.seq) {
            shard.bytes -= tail.rows.iter().map(cost).sum::<usize>();
            tail.rows.clear();
        }
        if tail.rows.len() == ROWS {
            shard.bytes -= tail.rows.pop_front().as_ref().map_or(0, cost);
        }
        shard.bytes += cost(&row);
        tail.rows.push_back(row);
    }

    /// The page behind `after`, if all of it is in memory.
    pub(super) fn after(
        &self,
        conv: &ConvId,
        after: u64,
        rows: usize,
        bytes: usize,
    ) -> Option<Page> {
        let shard = self.shard(conv);
        let tail = shard.tails.get(conv)?;
        let (first, head) = (tail.rows.front()?.seq, tail.rows.back()?.seq);
        if after + 1 < first.max(tail.floor) {
            return None;
        }
        let mut page = Page {
            floor: tail.floor,
            head,
            rows: Vec::new(),
        };
        let mut size = 0;
        for row in tail.rows.iter().filter(|row| row.seq > after).take(rows) {
            size += row.body.len();
            if size > bytes && !page.rows.is_empty() {
                break;
            }
            page.rows.push(row.clone());
        }
        Some(page)
    }

    /// Forgets everything: rows were emptied or deleted.
    pub(super) fn clear(&self) {
        for shard in &self.0 {
            *shard.lock().unwrap_or_else(PoisonError::into_inner) = Shard::default();
        }
    }

    fn shard(&self, conv: &ConvId) -> MutexGuard<'_, Shard> {
        let index = usize::from(conv.as_bytes()[ConvId::LEN - 1]) % SHARDS;
        self.0[index].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cost(row: &StoredRow) -> usize {
    row.body.len() + ROW_OVERHEAD
}
