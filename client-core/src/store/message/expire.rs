//! Disappearing: at zero the text, its index, its edits, sent or not, its reactions and its ciphertext go; the
//! row stays as a void, so that chains and receipts still fit.

use chatty_protocol::{ConvId, MsgId};

use super::super::value::{self, all, int, optional_number, write};
use crate::store::{Db, StoreError, Tx, draft};

/// A message that disappeared now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expired {
    /// Conversation.
    pub conv: ConvId,
    /// The message, if its id was known.
    pub msg: Option<MsgId>,
}

/// When the next message disappears, Unix ms.
pub fn next(db: &dyn Db) -> Result<Option<u64>, StoreError> {
    let found = value::one(
        db.connection(),
        "SELECT min(expires_at_ms) FROM message WHERE expires_at_ms IS NOT NULL",
        [],
        |row| optional_number(row, 0),
    )?;
    Ok(found.flatten())
}

/// Empties up to `limit` messages whose time has come.
pub fn due(tx: &Tx<'_>, now_ms: u64, limit: usize) -> Result<Vec<Expired>, StoreError> {
    let rows = all(
        tx.connection(),
        "SELECT row FROM message WHERE expires_at_ms <= ?1 ORDER BY expires_at_ms LIMIT ?2",
        (int(now_ms), int(limit as u64)),
        |row| row.get::<_, i64>(0),
    )?;
    let mut gone = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(expired) = empty(tx, row)? {
            gone.push(expired);
        }
    }
    Ok(gone)
}

/// Empties one message: expired, or purged at the relay.
pub fn empty(tx: &Tx<'_>, row: i64) -> Result<Option<Expired>, StoreError> {
    let Some(message) = super::by_row(tx, row)? else {
        return Ok(None);
    };
    super::sealed::remove(tx, row)?;
    if let Some(msg) = message.msg {
        draft::remove_edit(tx, &message.conv, &msg)?;
        let key = (message.conv.as_ref(), message.author.as_ref(), msg.as_ref());
        write(
            tx.connection(),
            "DELETE FROM version WHERE conv = ?1 AND author = ?2 AND target = ?3",
            key,
        )?;
        write(
            tx.connection(),
            "DELETE FROM reaction WHERE conv = ?1 AND author = ?2 AND target = ?3",
            key,
        )?;
    }
    write(
        tx.connection(),
        "UPDATE message SET kind = 'void', shown = 0, unread = 0, text = NULL, spans = NULL,
             mentions = NULL, reply_author = NULL, reply_msg = NULL, expires_at_ms = NULL
         WHERE row = ?1",
        [row],
    )?;
    Ok(Some(Expired {
        conv: message.conv,
        msg: message.msg,
    }))
}
