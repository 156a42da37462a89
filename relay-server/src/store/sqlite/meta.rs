//! `MetaStore` on SQLite: identity, counters, small values, backup, check.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OptionalExtension};

use super::num::bytes;
use super::{SqliteStore, open};
use crate::store::meta::{MetaStore, StoreStats};
use crate::store::{StoreError, StoreResult};

/// Pages copied at once; appends go on between two steps.
const BACKUP_PAGES: i32 = 1_000;

#[async_trait]
impl MetaStore for SqliteStore {
    fn incarnation(&self) -> [u8; 16] {
        self.identity.incarnation
    }

    fn restored_at(&self) -> Option<u64> {
        self.identity.restored_at
    }

    fn stats(&self) -> StoreStats {
        let shared = &self.shared;
        StoreStats {
            commits: shared.commits.load(Ordering::Relaxed),
            rows: shared.rows.load(Ordering::Relaxed),
            queued: shared.queue.len() as u64,
            holes: shared.holes.load(Ordering::Relaxed),
            commit_errors: shared.commit_errors.load(Ordering::Relaxed),
            full: shared.full.load(Ordering::Relaxed),
            read_only: shared.read_only.load(Ordering::Relaxed),
        }
    }

    async fn meta_get(&self, key: &'static str) -> StoreResult<Option<Bytes>> {
        self.readers.read(move |conn| get(conn, key)).await
    }

    async fn meta_put(&self, key: &'static str, value: Bytes) -> StoreResult<()> {
        self.grow(move |tx| {
            tx.conn
                .prepare_cached("INSERT OR REPLACE INTO meta(k, v) VALUES(?1, ?2)")?
                .execute((key, value.as_ref()))?;
            Ok(())
        })
        .await
    }

    async fn meta_init(&self, key: &'static str, value: Bytes) -> StoreResult<Bytes> {
        self.grow(move |tx| {
            tx.conn
                .prepare_cached("INSERT OR IGNORE INTO meta(k, v) VALUES(?1, ?2)")?
                .execute((key, value.as_ref()))?;
            get(tx.conn, key)?.ok_or(StoreError::NotFound("meta value"))
        })
        .await
    }

    async fn backup(&self, file: PathBuf) -> StoreResult<()> {
        let source = self.path.clone();
        tokio::task::spawn_blocking(move || copy(&source, &file))
            .await
            .map_err(|_| StoreError::Closed)?
    }

    async fn check(&self) -> StoreResult<Vec<String>> {
        self.readers.read(faults).await
    }

    async fn close(&self) {
        self.shared.queue.refuse(StoreError::Closed);
        let thread = self
            .writer
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        let joined = tokio::task::spawn_blocking(move || thread.map(std::thread::JoinHandle::join));
        // A writer that panicked answered nobody; there is nothing more to do at the end.
        let _panicked = joined.await;
        self.readers.close();
        // Nothing is written any more: another relay may have the file.
        let lock = self
            .lock
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        drop(lock);
    }
}

pub(super) fn faults(conn: &Connection) -> StoreResult<Vec<String>> {
    let mut statement = conn.prepare("PRAGMA integrity_check(100)")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    let faults: Vec<String> = rows.collect::<Result<_, _>>()?;
    Ok(faults.into_iter().filter(|fault| fault != "ok").collect())
}

fn get(conn: &Connection, key: &str) -> StoreResult<Option<Bytes>> {
    Ok(conn
        .prepare_cached("SELECT v FROM meta WHERE k=?1")?
        .query_row((key,), |row| bytes(row, 0))
        .optional()?)
}

/// Copies beside the target, marks the copy, and moves it into place when it is complete.
pub(super) fn copy(source: &Path, file: &Path) -> StoreResult<()> {
    if file.exists() {
        return Err(StoreError::Conflict("the backup file exists"));
    }
    let part = file.with_extension("part");
    let result = copy_to(source, &part).and_then(|()| {
        std::fs::rename(&part, file).map_err(|error| StoreError::Io(error.kind().to_string()))
    });
    if result.is_err() {
        // Only our own unfinished copy is removed.
        let _missing = std::fs::remove_file(&part);
    }
    result
}

fn copy_to(source: &Path, part: &Path) -> StoreResult<()> {
    let from = open::open_reader(source)?;
    // One snapshot for the whole copy: without it every commit would start the copy anew.
    from.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
    let mut to = Connection::open(part)?;
    Backup::new(&from, &mut to)?.run_to_completion(BACKUP_PAGES, Duration::from_millis(5), None)?;
    // A copy is one file: no journal beside it that could be left behind.
    to.execute_batch("PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL")?;
    open::mark_backup(&to)?;
    to.close().map_err(|(_, error)| error.into())
}
