//! The versions of a text: the original and its edits, in whatever order they come.

use chatty_protocol::codec::encode;
use chatty_protocol::{MsgId, UserId, limits};

use super::super::value::{self, all, int, number, one, optional_cbor, write};
use super::MessageRow;
use super::change::{Target, is_deleted, settle_target};
use crate::store::{Db, StoreError, Tx};

/// A new text for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Rises with each edit of the sender.
    pub rev: u64,
    /// Id of the message that carries the edit; decides between equal revs.
    pub msg: MsgId,
    /// When it was accepted (own: written), Unix ms.
    pub at_ms: u64,
    /// New text.
    pub text: String,
    /// Canonical CBOR of its spans.
    pub spans: Vec<u8>,
    /// People named in it.
    pub mentions: Vec<UserId>,
}

/// One version as it stands in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When it was accepted, Unix ms.
    pub at_ms: u64,
    /// Its text.
    pub text: String,
    /// People named in it.
    pub mentions: Vec<UserId>,
}

/// Takes an edit; gives the row that shows it now. The greatest (rev, msg) is shown, the others
/// are its history.
pub fn edit(tx: &Tx<'_>, target: Target<'_>, edit: &Edit) -> Result<Option<i64>, StoreError> {
    // (0, its own id) is the original.
    let is_original = edit.rev == 0 && edit.msg == *target.msg;
    if is_original || is_deleted(tx, target)? {
        return Ok(None);
    }
    let written = write(
        tx.connection(),
        "INSERT OR IGNORE INTO version
             (conv, author, target, rev, msg, at_ms, text, spans, mentions)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            target.conv.as_ref(),
            target.author.as_ref(),
            target.msg.as_ref(),
            int(edit.rev),
            edit.msg.as_ref(),
            int(edit.at_ms),
            &edit.text,
            &edit.spans,
            encode(&edit.mentions),
        ),
    )?;
    trim(tx, target)?;
    if written == 0 || newest(tx, target)? != Some((edit.rev, edit.msg)) {
        return Ok(None);
    }
    settle_target(tx, target)
}

/// Rev and id of the winning edit.
fn newest(db: &dyn Db, target: Target<'_>) -> Result<Option<(u64, MsgId)>, StoreError> {
    one(
        db.connection(),
        "SELECT rev, msg FROM version
         WHERE conv = ?1 AND author = ?2 AND target = ?3 AND NOT (rev = 0 AND msg = ?3)
         ORDER BY rev DESC, msg DESC LIMIT 1",
        key(target),
        |row| Ok((number(row, 0)?, value::msg(row, 1)?)),
    )
}

type Key<'a> = (&'a [u8], &'a [u8], &'a [u8]);

fn key<'a>(target: Target<'a>) -> Key<'a> {
    (
        target.conv.as_ref(),
        target.author.as_ref(),
        target.msg.as_ref(),
    )
}

/// Greatest rev of an edit of this message; 0 = never edited.
pub fn edit_rev(db: &dyn Db, target: Target<'_>) -> Result<u64, StoreError> {
    Ok(newest(db, target)?.map_or(0, |(rev, _)| rev))
}

/// Keeps the newest edits only: nobody may fill this disk with versions of one text.
fn trim(tx: &Tx<'_>, target: Target<'_>) -> Result<(), StoreError> {
    let (conv, author, msg) = key(target);
    write(
        tx.connection(),
        "DELETE FROM version
         WHERE conv = ?1 AND author = ?2 AND target = ?3 AND NOT (rev = 0 AND msg = ?3)
             AND (rev, msg) < (SELECT rev, msg FROM version
                 WHERE conv = ?1 AND author = ?2 AND target = ?3 AND NOT (rev = 0 AND msg = ?3)
                 ORDER BY rev DESC, msg DESC LIMIT 1 OFFSET ?4)",
        (conv, author, msg, int(limits::EDITS_PER_MESSAGE as u64 - 1)),
    )?;
    Ok(())
}

/// Shows the winning edit in a row that stands as it was written, and keeps what stood there.
pub(super) fn settle(
    tx: &Tx<'_>,
    message: &MessageRow,
    target: Target<'_>,
) -> Result<(), StoreError> {
    let Some((rev, msg)) = newest(tx, target)? else {
        return Ok(());
    };
    if !message.edited {
        write(
            tx.connection(),
            "INSERT OR REPLACE INTO version
                 (conv, author, target, rev, msg, at_ms, text, spans, mentions)
             SELECT conv, author, msg, 0, msg, at_ms, text, ifnull(spans, x''),
                 ifnull(mentions, x'80')
             FROM message WHERE row = ?1 AND text IS NOT NULL",
            [message.row],
        )?;
    }
    write(
        tx.connection(),
        "UPDATE message SET edited = 1, text = v.text, spans = v.spans,
             mentions = nullif(v.mentions, x'80')
         FROM version AS v
         WHERE message.row = ?1 AND v.conv = message.conv AND v.author = message.author
             AND v.target = message.msg AND v.rev = ?2 AND v.msg = ?3",
        (message.row, int(rev), msg.as_ref()),
    )?;
    Ok(())
}

/// All versions that are here, oldest first; none for a text that was never changed.
pub fn history(db: &dyn Db, target: Target<'_>) -> Result<Vec<Version>, StoreError> {
    all(
        db.connection(),
        "SELECT at_ms, text, mentions FROM version
         WHERE conv = ?1 AND author = ?2 AND target = ?3
         ORDER BY NOT (rev = 0 AND msg = ?3), rev, msg",
        key(target),
        |row| {
            Ok(Version {
                at_ms: number(row, 0)?,
                text: row.get(1)?,
                mentions: optional_cbor(row, 2)?.unwrap_or_default(),
            })
        },
    )
}
