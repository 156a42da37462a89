//! Deletions that go on after a crash, and announced changes that may be vetoed.

use chatty_protocol::UserId;
use rusqlite::{Connection, OptionalExtension, Row};

use super::erase;
use super::num::{self, bytes, sql, uint};
use super::task::Tx;
use crate::store::account::{Saga, Wait};
use crate::store::{StoreError, StoreResult};

/// Starts a deletion or finds it started.
pub(super) fn start(tx: &mut Tx<'_, '_>, user: &UserId) -> StoreResult<Saga> {
    let no = tx.cache.user(tx.conn, user)?;
    let step: Option<u32> = tx
        .conn
        .prepare_cached("SELECT step FROM saga WHERE user_no=?1")?
        .query_row((no,), |row| row.get(0))
        .optional()?;
    if let Some(step) = step {
        return Ok(Saga { user: *user, step });
    }
    let open: Option<i64> = tx
        .conn
        .prepare_cached("SELECT 1 FROM account WHERE user_no=?1 AND closed=0")?
        .query_row((no,), |row| row.get(0))
        .optional()?;
    if open.is_none() {
        return Err(StoreError::NotFound("account"));
    }
    erase::close_account(tx.conn, no)?;
    tx.conn
        .prepare_cached("INSERT INTO saga(user_no, step) VALUES(?1, 0)")?
        .execute((no,))?;
    Ok(Saga {
        user: *user,
        step: 0,
    })
}

/// Deletions under way.
pub(super) fn unfinished(conn: &Connection, limit: usize) -> StoreResult<Vec<Saga>> {
    let mut statement = conn
        .prepare_cached("SELECT u.id, s.step FROM saga s JOIN user u ON u.no=s.user_no LIMIT ?1")?;
    let rows = statement.query_map((sql(limit as u64),), |row| {
        Ok(Saga {
            user: num::user(row, 0)?,
            step: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Announces a change; the first due time stays.
pub(super) fn wait_put(tx: &mut Tx<'_, '_>, wait: &Wait) -> StoreResult<u64> {
    let user = tx.cache.user(tx.conn, &wait.user)?;
    tx.conn
        .prepare_cached(
            "INSERT OR IGNORE INTO wait(user_no, kind, payload, due) VALUES(?1, ?2, ?3, ?4)",
        )?
        .execute((user, &wait.kind, wait.payload.as_ref(), sql(wait.due)))?;
    Ok(tx
        .conn
        .prepare_cached("SELECT due FROM wait WHERE user_no=?1 AND kind=?2")?
        .query_row((user, &wait.kind), |row| uint(row, 0))?)
}

fn wait_row(row: &Row<'_>) -> rusqlite::Result<Wait> {
    Ok(Wait {
        user: num::user(row, 0)?,
        kind: row.get(1)?,
        payload: bytes(row, 2)?,
        due: uint(row, 3)?,
    })
}

/// Announced changes of a user.
pub(super) fn waits_of(conn: &Connection, user: &UserId) -> StoreResult<Vec<Wait>> {
    let mut statement = conn.prepare_cached(
        "SELECT u.id, w.kind, w.payload, w.due FROM wait w JOIN user u ON u.no=w.user_no
         WHERE u.id=?1 ORDER BY w.due",
    )?;
    let rows = statement.query_map((user.as_ref(),), wait_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Announced changes whose time has come.
pub(super) fn waits_due(conn: &Connection, now: u64, limit: usize) -> StoreResult<Vec<Wait>> {
    let mut statement = conn.prepare_cached(
        "SELECT u.id, w.kind, w.payload, w.due FROM wait w JOIN user u ON u.no=w.user_no
         WHERE w.due<=?1 ORDER BY w.due LIMIT ?2",
    )?;
    let rows = statement.query_map((sql(now), sql(limit as u64)), wait_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
