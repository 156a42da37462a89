//! Bodies for devices to which nothing can be encrypted yet. They are durable, because what they
//! answer or ask is not said again by itself.

use chatty_protocol::limits::INBOX_PAIR_ITEMS;
use chatty_protocol::{DeviceId, UserId};

use super::value::{self, all, int, number, one, optional_number, write};
use super::{Db, StoreError, Tx};

/// A body that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyOut {
    /// Order of making; 0 before it was written.
    pub id: i64,
    /// Owner of the recipient device.
    pub user: UserId,
    /// Recipient.
    pub device: DeviceId,
    /// Number of its type on the wire.
    pub kind: u64,
    /// Canonical bytes of the body.
    pub body: Vec<u8>,
    /// Whether a new session must be made even where there is one.
    pub fresh: bool,
    /// How often no session could be had.
    pub tries: u64,
    /// Not tried before this time, Unix ms.
    pub not_before_ms: u64,
    /// Useless after this time, Unix ms.
    pub until_ms: u64,
}

/// Time of a body that waits for an event and not for a time.
pub const ON_EVENT: u64 = chatty_protocol::limits::UINT_MAX;

/// Keeps a body. Of very many for one device the oldest goes: its inbox would not hold them.
pub fn push(tx: &Tx<'_>, body: &BodyOut) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM body_out WHERE id IN (SELECT id FROM body_out WHERE device = ?1
             ORDER BY id DESC LIMIT -1 OFFSET ?2)",
        (body.device.as_ref(), int(INBOX_PAIR_ITEMS as u64 - 1)),
    )?;
    write(
        tx.connection(),
        "INSERT INTO body_out (user, device, kind, body, fresh, tries, not_before_ms, until_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            body.user.as_ref(),
            body.device.as_ref(),
            int(body.kind),
            &body.body,
            body.fresh,
            int(body.tries),
            int(body.not_before_ms),
            int(body.until_ms),
        ),
    )?;
    Ok(())
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<BodyOut> {
    Ok(BodyOut {
        id: row.get(0)?,
        user: value::user(row, 1)?,
        device: value::device(row, 2)?,
        kind: number(row, 3)?,
        body: row.get(4)?,
        fresh: row.get(5)?,
        tries: number(row, 6)?,
        not_before_ms: number(row, 7)?,
        until_ms: number(row, 8)?,
    })
}

/// Bodies to try now, oldest first.
pub fn due(db: &dyn Db, now_ms: u64, limit: usize) -> Result<Vec<BodyOut>, StoreError> {
    all(
        db.connection(),
        "SELECT id, user, device, kind, body, fresh, tries, not_before_ms, until_ms
         FROM body_out WHERE not_before_ms <= ?1 ORDER BY id LIMIT ?2",
        (int(now_ms), int(limit as u64)),
        read,
    )
}

/// How many bodies could be tried now.
pub fn count_due(db: &dyn Db, now_ms: u64) -> Result<u64, StoreError> {
    let found = one(
        db.connection(),
        "SELECT count(*) FROM body_out WHERE not_before_ms <= ?1",
        [int(now_ms)],
        |row| number(row, 0),
    )?;
    Ok(found.unwrap_or(0))
}

/// When the next body may be tried; none = nothing waits for a time.
pub fn next_due(db: &dyn Db) -> Result<Option<u64>, StoreError> {
    let found = one(
        db.connection(),
        "SELECT min(not_before_ms) FROM body_out WHERE not_before_ms < ?1",
        [int(ON_EVENT)],
        |row| optional_number(row, 0),
    )?;
    Ok(found.flatten())
}

/// Tries everything for a device later, and counts the try.
pub fn put_off(tx: &Tx<'_>, device: &DeviceId, not_before_ms: u64) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE body_out SET not_before_ms = ?2, tries = tries + 1 WHERE device = ?1",
        (device.as_ref(), int(not_before_ms)),
    )?;
    Ok(())
}

/// There is a session with this device now; true when something waited for it.
pub fn wake(tx: &Tx<'_>, device: &DeviceId) -> Result<bool, StoreError> {
    let woken = write(
        tx.connection(),
        "UPDATE body_out SET not_before_ms = 0 WHERE device = ?1 AND not_before_ms > 0",
        [device.as_ref()],
    )?;
    Ok(woken > 0)
}

/// What waited for an event is tried now.
pub fn wake_all(tx: &Tx<'_>) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE body_out SET not_before_ms = 0 WHERE not_before_ms = ?1",
        [int(ON_EVENT)],
    )?;
    Ok(())
}

/// It was encrypted, or never can be.
pub fn remove(tx: &Tx<'_>, id: i64) -> Result<(), StoreError> {
    write(tx.connection(), "DELETE FROM body_out WHERE id = ?1", [id])?;
    Ok(())
}

/// The device is gone.
pub fn drop_to(tx: &Tx<'_>, device: &DeviceId) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM body_out WHERE device = ?1",
        [device.as_ref()],
    )?;
    Ok(())
}

/// Drops what is useless by now.
pub fn drop_expired(tx: &Tx<'_>, now_ms: u64) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM body_out WHERE until_ms <= ?1",
        [int(now_ms)],
    )?;
    Ok(())
}
