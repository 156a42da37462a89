//! Blocks between users.

use chatty_protocol::UserId;
use rusqlite::{Connection, OptionalExtension};

use super::num::{self, user_no};
use super::task::Tx;
use crate::store::StoreResult;

/// Blocks a user.
pub(super) fn put(tx: &mut Tx<'_, '_>, user: &UserId, blocked: &UserId) -> StoreResult<()> {
    let user = tx.cache.user(tx.conn, user)?;
    let blocked = tx.cache.user(tx.conn, blocked)?;
    tx.conn
        .prepare_cached("INSERT OR IGNORE INTO block(user_no, blocked) VALUES(?1, ?2)")?
        .execute((user, blocked))?;
    Ok(())
}

/// Ends a block.
pub(super) fn remove(tx: &mut Tx<'_, '_>, user: &UserId, blocked: &UserId) -> StoreResult<()> {
    let user = tx.cache.user(tx.conn, user)?;
    let blocked = tx.cache.user(tx.conn, blocked)?;
    tx.conn
        .prepare_cached("DELETE FROM block WHERE user_no=?1 AND blocked=?2")?
        .execute((user, blocked))?;
    Ok(())
}

/// Whom a user blocked.
pub(super) fn all(conn: &Connection, user: &UserId) -> StoreResult<Vec<UserId>> {
    let mut statement = conn.prepare_cached(
        "SELECT u.id FROM block b JOIN user u ON u.no=b.blocked
         WHERE b.user_no=(SELECT no FROM user WHERE id=?1) ORDER BY b.blocked",
    )?;
    let rows = statement.query_map((user.as_ref(),), |row| num::user(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether `a` blocked `b`.
pub(super) fn is(conn: &Connection, a: &UserId, b: &UserId) -> StoreResult<bool> {
    let (Some(a), Some(b)) = (user_no(conn, a)?, user_no(conn, b)?) else {
        return Ok(false);
    };
    let found: Option<i64> = conn
        .prepare_cached("SELECT 1 FROM block WHERE user_no=?1 AND blocked=?2")?
        .query_row((a, b), |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}
