//! What a text said before it was changed.

use crate::api::message::{MessageVersion, MessageVersions};
use crate::engine::{Context, Fault};
use crate::store::message::change::Target;
use crate::store::message::{self, MessageRow, version};

/// Every version that its sender published and that is kept here, oldest first; the last one is
/// shown. Nothing of what is deleted, expired or unreadable.
pub fn versions(context: &Context, params: &MessageVersions) -> Result<Vec<MessageVersion>, Fault> {
    let row = context
        .read(|db| message::find(db, &params.chat, &params.message))?
        .filter(|row| row.shown)
        .ok_or_else(super::send::no_such)?;
    let target = Target {
        conv: &params.chat,
        author: &row.author,
        msg: &params.message,
    };
    let history = context.read(|db| version::history(db, target))?;
    if history.is_empty() {
        return Ok(only(row).into_iter().collect());
    }
    let said = |version: version::Version| MessageVersion {
        text: version.text,
        at_ms: version.at_ms,
        mentions: version.mentions,
    };
    Ok(history.into_iter().map(said).collect())
}

/// A text that was never changed is its own only version.
fn only(row: MessageRow) -> Option<MessageVersion> {
    Some(MessageVersion {
        text: row.body.text?,
        at_ms: row.at_ms,
        mentions: row.body.mentions,
    })
}
