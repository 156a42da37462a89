//! Deletions and reactions, in whatever order they come. Edits are in [`version`].

use chatty_protocol::{ConvId, MsgId, UserId};

use super::super::value::{self, all, int, number, one, write};
use super::{Kind, version};
use crate::api::message::Reaction;
use crate::store::{Db, StoreError, Tx, draft};

/// A message as others refer to it: [author, msg] in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// Conversation.
    pub conv: &'a ConvId,
    /// Sending user.
    pub author: &'a UserId,
    /// Its id.
    pub msg: &'a MsgId,
}

/// Takes a deletion; gives the row that is empty now. Texts of its edits go as well.
pub fn delete(tx: &Tx<'_>, target: Target<'_>) -> Result<Option<i64>, StoreError> {
    let key = (
        target.conv.as_ref(),
        target.author.as_ref(),
        target.msg.as_ref(),
    );
    write(
        tx.connection(),
        "INSERT OR IGNORE INTO deletion (conv, author, target) VALUES (?1, ?2, ?3)",
        key,
    )?;
    write(
        tx.connection(),
        "DELETE FROM version WHERE conv = ?1 AND author = ?2 AND target = ?3",
        key,
    )?;
    draft::remove_edit(tx, target.conv, target.msg)?;
    settle_target(tx, target)
}

pub(super) fn is_deleted(db: &dyn Db, target: Target<'_>) -> Result<bool, StoreError> {
    let found = one(
        db.connection(),
        "SELECT 1 FROM deletion WHERE conv = ?1 AND author = ?2 AND target = ?3",
        (
            target.conv.as_ref(),
            target.author.as_ref(),
            target.msg.as_ref(),
        ),
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

pub(super) fn settle_target(tx: &Tx<'_>, target: Target<'_>) -> Result<Option<i64>, StoreError> {
    let Some(message) = super::get(tx, target.conv, target.author, target.msg)? else {
        return Ok(None);
    };
    settle(tx, message.row)?;
    Ok(Some(message.row))
}

/// Brings a text row in line with what was said about it, before or after it came.
pub(super) fn settle(tx: &Tx<'_>, row: i64) -> Result<(), StoreError> {
    let Some(message) = super::by_row(tx, row)? else {
        return Ok(());
    };
    let (Kind::Text | Kind::Unsupported, Some(msg)) = (message.kind, message.msg) else {
        return Ok(());
    };
    let target = Target {
        conv: &message.conv,
        author: &message.author,
        msg: &msg,
    };
    if is_deleted(tx, target)? {
        write(
            tx.connection(),
            "UPDATE message SET text = NULL, spans = NULL, mentions = NULL, edited = 0, deleted = 1,
                 unread = 0 WHERE row = ?1",
            [row],
        )?;
        return Ok(());
    }
    version::settle(tx, &message, target)
}

/// Takes a reaction; true when it counts. Greatest (rev, msg) per person wins, also an empty one.
pub fn react(
    tx: &Tx<'_>,
    target: Target<'_>,
    by: &UserId,
    (rev, msg): (u64, &MsgId),
    emoji: &str,
    at_ms: u64,
) -> Result<bool, StoreError> {
    let written = write(
        tx.connection(),
        "INSERT INTO reaction (conv, author, target, reactor, rev, msg, emoji, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (conv, author, target, reactor) DO UPDATE SET rev = excluded.rev,
             msg = excluded.msg, emoji = excluded.emoji, at_ms = excluded.at_ms
         WHERE (excluded.rev, excluded.msg) > (rev, msg)",
        (
            target.conv.as_ref(),
            target.author.as_ref(),
            target.msg.as_ref(),
            by.as_ref(),
            int(rev),
            msg.as_ref(),
            emoji,
            int(at_ms),
        ),
    )?;
    Ok(written > 0)
}

/// Greatest rev of a person's reaction to this message; 0 = never.
pub fn reaction_rev(db: &dyn Db, target: Target<'_>, by: &UserId) -> Result<u64, StoreError> {
    let rev = one(
        db.connection(),
        "SELECT rev FROM reaction
         WHERE conv = ?1 AND author = ?2 AND target = ?3 AND reactor = ?4",
        (
            target.conv.as_ref(),
            target.author.as_ref(),
            target.msg.as_ref(),
            by.as_ref(),
        ),
        |row| number(row, 0),
    )?;
    Ok(rev.unwrap_or(0))
}

/// The reactions to a message as shown: at most 50 emoji, in the order of their first use.
pub fn reactions(db: &dyn Db, target: Target<'_>) -> Result<Vec<Reaction>, StoreError> {
    let rows = all(
        db.connection(),
        "SELECT emoji, reactor FROM reaction
         WHERE conv = ?1 AND author = ?2 AND target = ?3 AND emoji <> '' ORDER BY at_ms, reactor",
        (
            target.conv.as_ref(),
            target.author.as_ref(),
            target.msg.as_ref(),
        ),
        |row| Ok((row.get::<_, String>(0)?, value::user(row, 1)?)),
    )?;
    let mut shown: Vec<Reaction> = Vec::new();
    for (emoji, by) in rows {
        let known = shown.iter().position(|reaction| reaction.emoji == emoji);
        if let Some(reaction) = known.and_then(|at| shown.get_mut(at)) {
            reaction.by.push(by);
        } else if shown.len() < chatty_protocol::limits::REACTIONS_SHOWN {
            shown.push(Reaction {
                emoji,
                by: vec![by],
            });
        }
    }
    Ok(shown)
}
