//! One input's work: stored rows, pending rows, the time and the random source.

use std::collections::BTreeMap;

use crate::changes::Changes;
use crate::view::{Table, View, ViewError};

/// Random bytes for ids, nonces and secrets of ours (vodozemac draws its own from the system).
pub trait Random {
    /// Fills the whole slice.
    fn fill(&mut self, out: &mut [u8]);
}

/// Reads through to the store, sees its own pending rows, and ends in a [`Changes`] bag.
pub struct Tx<'a> {
    view: &'a dyn View,
    random: &'a mut dyn Random,
    changes: Changes,
    /// Unix ms by this device's clock.
    pub now_ms: u64,
}

impl<'a> Tx<'a> {
    /// Starts one input.
    pub fn new(view: &'a dyn View, random: &'a mut dyn Random, now_ms: u64) -> Self {
        Self {
            view,
            random,
            changes: Changes::default(),
            now_ms,
        }
    }

    /// Ends the input: what must be committed before any effect leaves.
    pub fn finish(self) -> Changes {
        self.changes
    }

    /// The row as this input sees it.
    pub fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        match self.changes.pending(table, key) {
            Some(value) => Ok(value.cloned()),
            None => self.view.get(table, key),
        }
    }

    /// All rows under a prefix as this input sees them, in key order.
    pub fn scan(
        &self,
        table: Table,
        prefix: &[u8],
    ) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, ViewError> {
        let mut rows: BTreeMap<_, _> = self.view.scan(table, prefix)?.into_iter().collect();
        for (key, value) in self.changes.under(table, prefix) {
            match value {
                Some(value) => rows.insert(key.to_vec(), value.to_vec()),
                None => rows.remove(key),
            };
        }
        Ok(rows)
    }

    /// Writes a row.
    pub fn put(&mut self, table: Table, key: &[u8], value: Vec<u8>) {
        self.changes.put(table, key.to_vec(), value);
    }

    /// Removes a row.
    pub fn delete(&mut self, table: Table, key: &[u8]) {
        self.changes.delete(table, key.to_vec());
    }

    /// Random bytes.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.random.fill(&mut out);
        out
    }
}
