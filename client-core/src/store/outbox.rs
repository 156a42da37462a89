//! What waits for the relay: content first, then its exact envelope, in order per conversation.

use chatty_protocol::{ConvId, MsgId};
use rusqlite::Row;

use super::value::{self, all, hash, int, number, one, word, write};
use super::{Db, StoreError, Tx};
use crate::api::macros::words;

words! {
    /// Where a thing in the outbox stands.
    pub enum OutState {
        /// Content with its number; not encrypted.
        Ready = "ready",
        /// Encrypted: `envelope` is durable and is repeated byte for byte.
        Encrypted = "encrypted",
        /// Refused for good; shown as failed until the user cancels or tries again.
        Refused = "refused",
    }
}

/// One thing in the outbox. `dev_seq` and `prev` are fixed when the content is ready (protocol.md §13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutRow {
    /// Order of writing; 0 before it was written.
    pub id: i64,
    /// Conversation.
    pub conv: ConvId,
    /// Message.
    pub msg: MsgId,
    /// Its number in this device's chain.
    pub dev_seq: u64,
    /// Chain hash of the one before.
    pub prev: [u8; 32],
    /// Canonical bytes of the content.
    pub content: Vec<u8>,
    /// Canonical bytes of the `send`, once encrypted.
    pub envelope: Option<Vec<u8>>,
    /// Where it stands.
    pub state: OutState,
    /// How often it went out.
    pub tries: u64,
    /// Not before this time, Unix ms.
    pub next_try_ms: u64,
    /// Why it was refused.
    pub refused: Option<String>,
    /// When it was written, Unix ms.
    pub created_ms: u64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, conv, msg, dev_seq, prev, content, envelope, state, tries, next_try_ms, \
             refused, created_ms FROM outbox ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> rusqlite::Result<OutRow> {
    Ok(OutRow {
        id: row.get(0)?,
        conv: value::conv(row, 1)?,
        msg: value::msg(row, 2)?,
        dev_seq: number(row, 3)?,
        prev: hash(row, 4)?,
        content: row.get(5)?,
        envelope: row.get(6)?,
        state: word(row, 7)?,
        tries: number(row, 8)?,
        next_try_ms: number(row, 9)?,
        refused: row.get(10)?,
        created_ms: number(row, 11)?,
    })
}

/// Puts content into the outbox; gives its order number.
pub fn push(tx: &Tx<'_>, out: &OutRow) -> Result<i64, StoreError> {
    write(
        tx.connection(),
        "INSERT INTO outbox (conv, msg, dev_seq, prev, content, envelope, state, tries,
             next_try_ms, refused, created_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        (
            out.conv.as_ref(),
            out.msg.as_ref(),
            int(out.dev_seq),
            out.prev.as_slice(),
            &out.content,
            &out.envelope,
            out.state.as_str(),
            int(out.tries),
            int(out.next_try_ms),
            &out.refused,
            int(out.created_ms),
        ),
    )?;
    Ok(tx.connection().last_insert_rowid())
}

/// Writes what changes while it waits: envelope, state, tries, time, refusal.
pub fn update(tx: &Tx<'_>, out: &OutRow) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE outbox SET envelope = ?2, state = ?3, tries = ?4, next_try_ms = ?5, refused = ?6
         WHERE id = ?1",
        (
            out.id,
            &out.envelope,
            out.state.as_str(),
            int(out.tries),
            int(out.next_try_ms),
            &out.refused,
        ),
    )?;
    Ok(())
}

/// What waits in a conversation, in order; refused ones included.
pub fn of_conversation(
    db: &dyn Db,
    conv: &ConvId,
    limit: usize,
) -> Result<Vec<OutRow>, StoreError> {
    all(
        db.connection(),
        select!("WHERE conv = ?1 ORDER BY dev_seq LIMIT ?2"),
        (conv.as_ref(), int(limit as u64)),
        read,
    )
}

/// Conversations with something to send, the longest waiting first.
pub fn conversations(db: &dyn Db) -> Result<Vec<ConvId>, StoreError> {
    all(
        db.connection(),
        "SELECT conv FROM outbox WHERE state <> 'refused' GROUP BY conv ORDER BY min(id)",
        [],
        |row| value::conv(row, 0),
    )
}

/// One thing by its message.
pub fn get(db: &dyn Db, conv: &ConvId, msg: &MsgId) -> Result<Option<OutRow>, StoreError> {
    one(
        db.connection(),
        select!("WHERE conv = ?1 AND msg = ?2"),
        (conv.as_ref(), msg.as_ref()),
        read,
    )
}

/// How many things wait; refused ones not counted.
pub fn count(db: &dyn Db) -> Result<u64, StoreError> {
    let found = one(
        db.connection(),
        "SELECT count(*) FROM outbox WHERE state <> 'refused'",
        [],
        |row| number(row, 0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Moves an accepted thing to `sent`, where its envelope stays 7 days.
pub fn accepted(
    tx: &Tx<'_>,
    conv: &ConvId,
    msg: &MsgId,
    at_ms: u64,
) -> Result<Option<OutRow>, StoreError> {
    let Some(out) = get(tx, conv, msg)? else {
        return Ok(None);
    };
    if let Some(envelope) = &out.envelope {
        write(
            tx.connection(),
            "INSERT OR REPLACE INTO sent (conv, dev_seq, envelope, at_ms)
             VALUES (?1, ?2, ?3, ?4)",
            (conv.as_ref(), int(out.dev_seq), envelope, int(at_ms)),
        )?;
    }
    remove(tx, out.id)?;
    Ok(Some(out))
}

/// Takes a thing out: cancelled by the user.
pub fn remove(tx: &Tx<'_>, id: i64) -> Result<(), StoreError> {
    write(tx.connection(), "DELETE FROM outbox WHERE id = ?1", [id])?;
    Ok(())
}

/// Accepted envelopes of a conversation with a number above `own_n`, in order: what a restored
/// relay has lost.
pub fn sent_above(
    db: &dyn Db,
    conv: &ConvId,
    own_n: u64,
) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    all(
        db.connection(),
        "SELECT dev_seq, envelope FROM sent WHERE conv = ?1 AND dev_seq > ?2 ORDER BY dev_seq",
        (conv.as_ref(), int(own_n)),
        |row| Ok((number(row, 0)?, row.get(1)?)),
    )
}

/// Forgets envelopes that were accepted before this time.
pub fn forget_sent(tx: &Tx<'_>, before_ms: u64) -> Result<usize, StoreError> {
    write(
        tx.connection(),
        "DELETE FROM sent WHERE at_ms < ?1",
        [int(before_ms)],
    )
}

/// A message before this one was cancelled: its new number, predecessor and bytes.
pub fn renumber(tx: &Tx<'_>, out: &OutRow) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE outbox SET dev_seq = ?2, prev = ?3, content = ?4, envelope = ?5, state = ?6
         WHERE id = ?1",
        (
            out.id,
            int(out.dev_seq),
            out.prev.as_slice(),
            &out.content,
            &out.envelope,
            out.state.as_str(),
        ),
    )?;
    Ok(())
}
