//! Opening the database file: settings, identity, and what must not be opened.

use std::fs::{File, TryLockError};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::migrate::migrate;
use crate::store::{StoreError, StoreResult};

/// Meta key that marks a copy made by a backup.
const BACKUP: &str = "backup";
/// Meta key of the store's identity.
const INCARNATION: &str = "incarnation";
/// Meta key of the time of the last `admin restored`.
const RESTORED_AT: &str = "restored_at";

/// Identity of a store.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identity {
    pub incarnation: [u8; 16],
    pub restored_at: Option<u64>,
}

/// Takes the lock that keeps a second relay from the same file. Held as long as the file is open.
pub(super) fn lock(database: &Path) -> StoreResult<File> {
    let path = database.with_extension("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| StoreError::Io(error.kind().to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Conflict(
            "a relay has this database open: stop it first",
        )),
        Err(TryLockError::Error(error)) => Err(StoreError::Io(error.kind().to_string())),
    }
}

/// Opens the writing connection, migrates, and reads (or makes) the identity.
pub(super) fn open_writer(path: &Path, fresh: [u8; 16]) -> StoreResult<(Connection, Identity)> {
    let mut conn = open_file(path)?;
    if has_meta(&conn)? && meta(&conn, BACKUP)?.is_some() {
        return Err(StoreError::BackupCopy);
    }
    conn.execute_batch("CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v BLOB NOT NULL)")?;
    migrate(&mut conn)?;
    conn.execute(
        "INSERT OR IGNORE INTO meta(k, v) VALUES(?1, ?2)",
        (INCARNATION, fresh.as_slice()),
    )?;
    let identity = identity(&conn)?;
    Ok((conn, identity))
}

/// Opens the writing connection again after an I/O error.
pub(super) fn reopen_writer(path: &Path) -> StoreResult<Connection> {
    open_file(path)
}

/// Opens the connection that copies the WAL beside the writer.
pub(super) fn open_checkpointer(path: &Path) -> StoreResult<Connection> {
    open_file(path)
}

/// Opens one reading connection.
pub(super) fn open_reader(path: &Path) -> StoreResult<Connection> {
    let conn = Connection::open_with_flags(path, flags())?;
    conn.execute_batch("PRAGMA busy_timeout=5000; PRAGMA cache_size=-16384; PRAGMA query_only=ON")?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

/// Makes a copy that was put back start again, under a new identity.
pub(super) fn mark_restored(path: &Path, fresh: [u8; 16], now: u64) -> StoreResult<()> {
    let conn = open_file(path)?;
    if !has_meta(&conn)? {
        return Err(StoreError::NotFound("a relay database"));
    }
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let tx = conn.unchecked_transaction()?;
    tx.execute("DELETE FROM meta WHERE k=?1", (BACKUP,))?;
    tx.execute(
        "INSERT OR REPLACE INTO meta(k, v) VALUES(?1, ?2)",
        (INCARNATION, fresh.as_slice()),
    )?;
    tx.execute(
        "INSERT OR REPLACE INTO meta(k, v) VALUES(?1, ?2)",
        (RESTORED_AT, now.to_be_bytes().as_slice()),
    )?;
    tx.commit()?;
    Ok(())
}

/// Marks a finished copy as a backup.
pub(super) fn mark_backup(conn: &Connection) -> StoreResult<()> {
    conn.execute(
        "INSERT OR REPLACE INTO meta(k, v) VALUES(?1, x'01')",
        (BACKUP,),
    )?;
    Ok(())
}

fn flags() -> OpenFlags {
    // Each connection stays on one thread, so SQLite's own mutexes are not needed.
    OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn open_file(path: &Path) -> StoreResult<Connection> {
    let conn = Connection::open_with_flags(path, flags())?;
    conn.execute_batch(
        "PRAGMA page_size=4096;
         PRAGMA journal_mode=WAL;
         PRAGMA synchronous=FULL;
         PRAGMA wal_autocheckpoint=16000;
         PRAGMA journal_size_limit=67108864;
         PRAGMA cache_size=-65536;
         PRAGMA busy_timeout=5000;
         PRAGMA foreign_keys=OFF;
         PRAGMA temp_store=MEMORY",
    )?;
    conn.set_prepared_statement_cache_capacity(256);
    Ok(conn)
}

fn has_meta(conn: &Connection) -> StoreResult<bool> {
    let found: Option<i64> = conn
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE type='table' AND name='meta'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.is_some())
}

fn meta(conn: &Connection, key: &str) -> StoreResult<Option<Vec<u8>>> {
    Ok(conn
        .query_row("SELECT v FROM meta WHERE k=?1", (key,), |row| row.get(0))
        .optional()?)
}

fn identity(conn: &Connection) -> StoreResult<Identity> {
    let incarnation = meta(conn, INCARNATION)?
        .and_then(|bytes| <[u8; 16]>::try_from(bytes).ok())
        .ok_or_else(|| StoreError::Corrupt("no incarnation".into()))?;
    let restored_at = meta(conn, RESTORED_AT)?
        .and_then(|bytes| <[u8; 8]>::try_from(bytes).ok())
        .map(u64::from_be_bytes);
    Ok(Identity {
        incarnation,
        restored_at,
    })
}
