//! Receipts: those of other devices, and those that this device owes.

use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

use super::value::{self, all, int, number, one, optional_cbor, write};
use super::{Db, StoreError, Tx};

/// A place in a stream as a receipt names it: [seq, device, msg].
pub type Place = (u64, DeviceId, MsgId);

/// The newest receipt of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkRow {
    /// Conversation.
    pub conv: ConvId,
    /// Its device.
    pub device: DeviceId,
    /// Its user.
    pub user: UserId,
    /// Time at the relay, Unix ms.
    pub time_ms: u64,
    /// Everything up to here is on the device.
    pub delivered: Option<Place>,
    /// Everything up to here was read.
    pub read: Option<Place>,
    /// Stream numbers that it lacks.
    pub missing: Vec<u64>,
    /// The frame as it came, while it cannot be read.
    pub frame: Option<Vec<u8>>,
}

const SELECT: &str = "SELECT conv, device, user, time_ms, delivered, read, missing, frame FROM mark
     WHERE conv = ?1 ORDER BY device";

/// Receipts of a conversation.
pub fn of_conversation(db: &dyn Db, conv: &ConvId) -> Result<Vec<MarkRow>, StoreError> {
    all(db.connection(), SELECT, [conv.as_ref()], |row| {
        Ok(MarkRow {
            conv: value::conv(row, 0)?,
            device: value::device(row, 1)?,
            user: value::user(row, 2)?,
            time_ms: number(row, 3)?,
            delivered: optional_cbor(row, 4)?,
            read: optional_cbor(row, 5)?,
            missing: optional_cbor(row, 6)?.unwrap_or_default(),
            frame: row.get(7)?,
        })
    })
}

/// Writes the receipt of a device; the caller has merged it by maximum.
pub fn put(tx: &Tx<'_>, mark: &MarkRow) -> Result<(), StoreError> {
    use chatty_protocol::codec::encode;
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO mark
             (conv, device, user, time_ms, delivered, read, missing, frame)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            mark.conv.as_ref(),
            mark.device.as_ref(),
            mark.user.as_ref(),
            int(mark.time_ms),
            mark.delivered.as_ref().map(encode),
            mark.read.as_ref().map(encode),
            (!mark.missing.is_empty()).then(|| encode(&mark.missing)),
            &mark.frame,
        ),
    )?;
    Ok(())
}

/// Conversations with a receipt that cannot be read yet.
pub fn unread(db: &dyn Db) -> Result<Vec<ConvId>, StoreError> {
    all(
        db.connection(),
        "SELECT DISTINCT conv FROM mark WHERE frame IS NOT NULL",
        [],
        |row| value::conv(row, 0),
    )
}

/// The receipt that this device gives in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnMark {
    /// Conversation.
    pub conv: ConvId,
    /// Everything up to here is on this device.
    pub delivered: Option<Place>,
    /// Everything up to here was read by this user.
    pub read: Option<Place>,
    /// Whether it changed since it was last sent.
    pub owed: bool,
    /// When it was last sent, Unix ms.
    pub last_sent_ms: u64,
}

fn read_own(row: &rusqlite::Row<'_>) -> rusqlite::Result<OwnMark> {
    Ok(OwnMark {
        conv: value::conv(row, 0)?,
        delivered: optional_cbor(row, 1)?,
        read: optional_cbor(row, 2)?,
        owed: row.get(3)?,
        last_sent_ms: number(row, 4)?,
    })
}

/// This device's receipt in a conversation.
pub fn own(db: &dyn Db, conv: &ConvId) -> Result<Option<OwnMark>, StoreError> {
    one(
        db.connection(),
        "SELECT conv, delivered, read, owed, last_sent_ms FROM mark_out WHERE conv = ?1",
        [conv.as_ref()],
        read_own,
    )
}

/// Receipts that are owed, the longest waiting first.
pub fn owed(db: &dyn Db) -> Result<Vec<OwnMark>, StoreError> {
    all(
        db.connection(),
        "SELECT conv, delivered, read, owed, last_sent_ms FROM mark_out WHERE owed = 1
         ORDER BY last_sent_ms",
        [],
        read_own,
    )
}

/// Writes this device's receipt.
pub fn set_own(tx: &Tx<'_>, mark: &OwnMark) -> Result<(), StoreError> {
    use chatty_protocol::codec::encode;
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO mark_out (conv, delivered, read, owed, last_sent_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            mark.conv.as_ref(),
            mark.delivered.as_ref().map(encode),
            mark.read.as_ref().map(encode),
            mark.owed,
            int(mark.last_sent_ms),
        ),
    )?;
    Ok(())
}
