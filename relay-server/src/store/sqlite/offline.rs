//! What an operator asks about a database file, whether a relay runs on it or not. Readers only:
//! the relay's lock is not taken.

use std::path::Path;

use rusqlite::Connection;

use super::num::uint;
use super::{SqliteStore, meta, open};
use crate::store::{StoreError, StoreResult};

/// What is stored, in numbers; no user is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Accounts with a login.
    pub accounts: u64,
    /// Devices that are live.
    pub devices: u64,
    /// Conversations.
    pub conversations: u64,
    /// Rows of all streams that are kept.
    pub rows: u64,
    /// Rows accepted in the last seven days.
    pub rows_week: u64,
    /// Bytes of their ciphertext.
    pub bytes_week: u64,
    /// Items that wait for devices.
    pub inbox_items: u64,
    /// Jobs that failed too often.
    pub dead_jobs: u64,
    /// Bytes of the database without its journal.
    pub file_bytes: u64,
    /// Bytes of it that are free for new rows.
    pub free_bytes: u64,
}

impl SqliteStore {
    /// Writes a consistent copy of a database, also while a relay runs on it.
    pub fn backup_file(path: &Path, file: &Path) -> StoreResult<()> {
        exists(path)?;
        meta::copy(path, file)
    }

    /// Full check of a database file; the list of faults, empty when sound.
    pub fn check_file(path: &Path) -> StoreResult<Vec<String>> {
        exists(path)?;
        meta::faults(&open::open_reader(path)?)
    }

    /// Counts what is in a database, also while a relay runs on it.
    pub fn figures(path: &Path, now: u64) -> StoreResult<Figures> {
        exists(path)?;
        let conn = open::open_reader(path)?;
        let week_ago = now.saturating_sub(7 * chatty_protocol::limits::DAY_MS);
        let since = i64::try_from(week_ago).unwrap_or(i64::MAX);
        let page = count(&conn, "PRAGMA page_size")?;
        let (rows_week, bytes_week) = conn.query_row(
            "SELECT count(*), ifnull(sum(length(body)), 0) FROM msg WHERE t >= ?1",
            (since,),
            |row| Ok((uint(row, 0)?, uint(row, 1)?)),
        )?;
        Ok(Figures {
            accounts: count(&conn, "SELECT count(*) FROM account")?,
            devices: count(&conn, "SELECT count(*) FROM device WHERE state=1")?,
            conversations: count(&conn, "SELECT count(*) FROM conv")?,
            rows: count(&conn, "SELECT count(*) FROM msg")?,
            rows_week,
            bytes_week,
            inbox_items: count(&conn, "SELECT count(*) FROM inbox")?,
            dead_jobs: count(&conn, "SELECT count(*) FROM job WHERE state=1")?,
            file_bytes: page * count(&conn, "PRAGMA page_count")?,
            free_bytes: page * count(&conn, "PRAGMA freelist_count")?,
        })
    }
}

pub(super) fn exists(path: &Path) -> StoreResult<()> {
    if path.exists() {
        Ok(())
    } else {
        Err(StoreError::NotFound("a relay database"))
    }
}

fn count(conn: &Connection, question: &'static str) -> StoreResult<u64> {
    Ok(conn.query_row(question, [], |row| uint(row, 0))?)
}
