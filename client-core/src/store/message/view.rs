//! A row as shells see it.

use super::change::{Target, reactions};
use super::{Kind, MessageRow, span};
use crate::api::message::Message;
use crate::store::{Db, StoreError};

/// The row with its reactions; none for rows that are no message to a person (no id).
pub fn message(db: &dyn Db, row: &MessageRow) -> Result<Option<Message>, StoreError> {
    let Some(id) = row.msg else {
        return Ok(None);
    };
    let target = Target {
        conv: &row.conv,
        author: &row.author,
        msg: &id,
    };
    let reactions = match row.deleted {
        true => Vec::new(),
        false => reactions(db, target)?,
    };
    let readable = matches!(row.kind, Kind::Text | Kind::Unsupported);
    let text = row.body.text.clone().filter(|_| readable);
    let spans = match &text {
        Some(text) => span::of(db, text, &row.body.mentions)?,
        None => Vec::new(),
    };
    Ok(Some(Message {
        id,
        conv: row.conv,
        seq: row.seq,
        from: row.author,
        from_device: row.device,
        at_ms: row.at_ms,
        state: row.state,
        text,
        edited: row.edited,
        deleted: row.deleted,
        reply_to: row.body.reply_to.map(|(_, msg)| msg),
        reactions,
        expires_at_ms: row.expires_at_ms,
        spans,
        mentions: row.body.mentions.clone(),
        reason: row.reason.clone(),
        older_membership: row.older_membership,
    }))
}

/// A page of rows.
pub fn messages(db: &dyn Db, rows: &[MessageRow]) -> Result<Vec<Message>, StoreError> {
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.extend(message(db, row)?);
    }
    Ok(views)
}
