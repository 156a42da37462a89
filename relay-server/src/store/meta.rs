//! The store as a thing: identity, state, backup, small values.

use std::path::PathBuf;

use async_trait::async_trait;
use bytes::Bytes;

use super::StoreResult;

/// Counters since the start, for `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoreStats {
    /// Commits.
    pub commits: u64,
    /// Stream rows appended.
    pub rows: u64,
    /// Tasks that wait for the writer.
    pub queued: u64,
    /// Holes that reads stopped at (`store_hole_total`).
    pub holes: u64,
    /// Failed commits.
    pub commit_errors: u64,
    /// Appends are refused because the disk is full.
    pub full: bool,
    /// Nothing is written any more.
    pub read_only: bool,
}

/// The store itself.
#[async_trait]
pub trait MetaStore: Send + Sync {
    /// Random identity of the store's contents; changes with `admin restored`.
    fn incarnation(&self) -> [u8; 16];

    /// When `admin restored` was run last, Unix ms.
    fn restored_at(&self) -> Option<u64>;

    /// Counters.
    fn stats(&self) -> StoreStats;

    /// A small named value (signing keys, settings).
    async fn meta_get(&self, key: &'static str) -> StoreResult<Option<Bytes>>;

    /// Puts a small named value.
    async fn meta_put(&self, key: &'static str, value: Bytes) -> StoreResult<()>;

    /// Puts the value only if there is none; returns the one that is stored afterwards.
    async fn meta_init(&self, key: &'static str, value: Bytes) -> StoreResult<Bytes>;

    /// Writes a consistent copy while serving. The copy does not start until `admin restored`.
    async fn backup(&self, file: PathBuf) -> StoreResult<()>;

    /// Full check of the database; the list of faults, empty when sound.
    async fn check(&self) -> StoreResult<Vec<String>>;

    /// Writes what is queued, then stops the writer and the readers.
    async fn close(&self);
}
