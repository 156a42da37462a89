//! What was typed and not sent.

use chatty_protocol::codec::encode;
use chatty_protocol::{ConvId, MsgId, UserId};
use rusqlite::Row;

use super::value::{self, int, number, one, write};
use super::{Db, StoreError, Tx};

/// One draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Conversation.
    pub conv: ConvId,
    /// The own message that it changes; none = a new message.
    pub editing: Option<MsgId>,
    /// What was typed.
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<MsgId>,
    /// People named in it.
    pub mentions: Vec<UserId>,
    /// When, Unix ms.
    pub at_ms: u64,
}

fn read(row: &Row<'_>) -> rusqlite::Result<DraftRow> {
    Ok(DraftRow {
        conv: value::conv(row, 0)?,
        editing: value::optional_msg(row, 1)?,
        text: row.get(2)?,
        reply_to: value::optional_msg(row, 3)?,
        mentions: value::optional_cbor(row, 4)?.unwrap_or_default(),
        at_ms: number(row, 5)?,
    })
}

/// The draft of an edit, or that of a new message.
pub fn get(db: &dyn Db, conv: &ConvId, edits: bool) -> Result<Option<DraftRow>, StoreError> {
    one(
        db.connection(),
        "SELECT conv, target, text, reply_to, mentions, at_ms FROM draft
         WHERE conv = ?1 AND edits = ?2",
        (conv.as_ref(), edits),
        read,
    )
}

/// Writes a draft over the one of its kind.
pub fn put(tx: &Tx<'_>, draft: &DraftRow) -> Result<(), StoreError> {
    let mentions = (!draft.mentions.is_empty()).then(|| encode(&draft.mentions));
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO draft (conv, edits, target, text, reply_to, mentions, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            draft.conv.as_ref(),
            draft.editing.is_some(),
            draft.editing.as_ref().map(AsRef::as_ref),
            &draft.text,
            draft.reply_to.as_ref().map(AsRef::as_ref),
            mentions,
            int(draft.at_ms),
        ),
    )?;
    Ok(())
}

/// Removes the draft of a new message.
pub fn remove_new(tx: &Tx<'_>, conv: &ConvId) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM draft WHERE conv = ?1 AND edits = 0",
        [conv.as_ref()],
    )?;
    Ok(())
}

/// Removes the draft that changes this message: it was sent, or there is nothing left to change.
pub fn remove_edit(tx: &Tx<'_>, conv: &ConvId, target: &MsgId) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM draft WHERE conv = ?1 AND edits = 1 AND target = ?2",
        (conv.as_ref(), target.as_ref()),
    )?;
    Ok(())
}
