//! A page of the timeline.

use crate::api::LocalCode;
use crate::api::message::{Message, MessageList};
use crate::engine::{Context, Fault};
use crate::store::conversation;
use crate::store::message::{self, view};

/// Most rows of one page.
const PAGE: u64 = 500;

/// Rows oldest first, the newest page unless `before` names a row.
pub fn list(context: &Context, params: &MessageList) -> Result<Vec<Message>, Fault> {
    let limit = usize::try_from(params.limit.clamp(1, PAGE)).unwrap_or(1);
    let before = match &params.before {
        None => None,
        Some(id) => Some(
            context
                .read(|db| message::find(db, &params.chat, id))?
                .ok_or_else(super::send::no_such)?
                .row,
        ),
    };
    if context
        .read(|db| conversation::get(db, &params.chat))?
        .is_none()
    {
        return Err(Fault::rule(LocalCode::NoSuchChat, "There is no such chat."));
    }
    context.read(|db| {
        let rows = message::window(db, &params.chat, before, limit)?;
        view::messages(db, &rows)
    })
}
