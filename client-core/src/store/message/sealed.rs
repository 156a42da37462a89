//! Frames that cannot be read yet, kept byte for byte beside their row.

use chatty_protocol::ConvId;

use super::super::value::{int, number, optional_number, write};
use crate::store::{Db, StoreError, Tx};

/// A kept frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRow {
    /// Row of the message.
    pub row: i64,
    /// The frame as it came.
    pub frame: Vec<u8>,
    /// How often it was tried.
    pub tries: u64,
    /// Next try by time, Unix ms; none = tried on an event only.
    pub retry_ms: Option<u64>,
    /// Dropped then (quarantine), Unix ms; none = kept as long as the message.
    pub until_ms: Option<u64>,
}

/// Keeps a frame, or changes when it is tried again.
pub fn put(tx: &Tx<'_>, sealed: &SealedRow) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO sealed (row, frame, tries, retry_ms, until_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            sealed.row,
            &sealed.frame,
            int(sealed.tries),
            sealed.retry_ms.map(int),
            sealed.until_ms.map(int),
        ),
    )?;
    Ok(())
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<SealedRow> {
    Ok(SealedRow {
        row: row.get(0)?,
        frame: row.get(1)?,
        tries: number(row, 2)?,
        retry_ms: optional_number(row, 3)?,
        until_ms: optional_number(row, 4)?,
    })
}

/// The frame of a row, if one is kept.
pub fn get(db: &dyn Db, row: i64) -> Result<Option<SealedRow>, StoreError> {
    super::super::value::one(
        db.connection(),
        "SELECT row, frame, tries, retry_ms, until_ms FROM sealed WHERE row = ?1",
        [row],
        read,
    )
}

/// Kept frames of a conversation that wait for an entry, a device or an answer, in stream order.
/// What is lost, or was never for this device, is left to the key that may come after all: there
/// may be very many of those.
pub fn waiting(
    db: &dyn Db,
    conv: &chatty_protocol::ConvId,
    limit: usize,
) -> Result<Vec<SealedRow>, StoreError> {
    super::super::value::all(
        db.connection(),
        "SELECT s.row, s.frame, s.tries, s.retry_ms, s.until_ms
         FROM message AS m JOIN sealed AS s ON s.row = m.row
         WHERE m.conv = ?1
             AND m.state NOT IN ('beforeLink', 'beforeJoin', 'keyLost', 'needsUpdate')
         ORDER BY m.sort LIMIT ?2",
        (conv.as_ref(), int(limit as u64)),
        read,
    )
}

/// Every kept frame of a sender device in a conversation, in stream order; for a key of it.
pub fn of_device(
    db: &dyn Db,
    conv: &chatty_protocol::ConvId,
    device: &chatty_protocol::DeviceId,
) -> Result<Vec<SealedRow>, StoreError> {
    super::super::value::all(
        db.connection(),
        "SELECT s.row, s.frame, s.tries, s.retry_ms, s.until_ms
         FROM message AS m JOIN sealed AS s ON s.row = m.row
         WHERE m.conv = ?1 AND m.device = ?2 ORDER BY m.sort",
        (conv.as_ref(), device.as_ref()),
        read,
    )
}

/// Kept frames of all conversations whose message has this state, oldest first.
pub fn in_state(
    db: &dyn Db,
    state: crate::api::state::MessageState,
    limit: usize,
) -> Result<Vec<SealedRow>, StoreError> {
    super::super::value::all(
        db.connection(),
        "SELECT s.row, s.frame, s.tries, s.retry_ms, s.until_ms
         FROM sealed AS s JOIN message AS m ON m.row = s.row
         WHERE m.state = ?1 ORDER BY s.row LIMIT ?2",
        (state.as_str(), int(limit as u64)),
        read,
    )
}

/// How many messages of a conversation wait for the cut of a removed device.
pub fn count_waiting_cut(db: &dyn Db, conv: &ConvId) -> Result<u64, StoreError> {
    let found = super::super::value::one(
        db.connection(),
        "SELECT count(*) FROM sealed AS s JOIN message AS m ON m.row = s.row
         WHERE m.conv = ?1 AND m.state = 'waitingCut'",
        [conv.as_ref()],
        |row| number(row, 0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Frames whose time to try again has come.
pub fn due(db: &dyn Db, now_ms: u64, limit: usize) -> Result<Vec<SealedRow>, StoreError> {
    super::super::value::all(
        db.connection(),
        "SELECT row, frame, tries, retry_ms, until_ms FROM sealed
         WHERE retry_ms <= ?1 ORDER BY retry_ms LIMIT ?2",
        (int(now_ms), int(limit as u64)),
        read,
    )
}

/// When the next try by time is due; none = nothing waits.
pub fn next_due(db: &dyn Db) -> Result<Option<u64>, StoreError> {
    let found = super::super::value::one(
        db.connection(),
        "SELECT min(retry_ms) FROM sealed WHERE retry_ms IS NOT NULL",
        [],
        |row| optional_number(row, 0),
    )?;
    Ok(found.flatten())
}

/// Forgets a frame; its row stays.
pub fn remove(tx: &Tx<'_>, row: i64) -> Result<(), StoreError> {
    write(tx.connection(), "DELETE FROM sealed WHERE row = ?1", [row])?;
    Ok(())
}

/// Drops frames past their quarantine.
pub fn drop_expired(tx: &Tx<'_>, now_ms: u64) -> Result<usize, StoreError> {
    write(
        tx.connection(),
        "DELETE FROM sealed WHERE until_ms <= ?1",
        [int(now_ms)],
    )
}
