//! A conversation as shells see it: its row, and what its messages and settings add.

use super::conversation::ConversationRow;
use super::{Db, StoreError, account, draft, message};
use crate::api::chat::Chat;

/// The row of the chat list.
pub fn view(db: &dyn Db, row: &ConversationRow) -> Result<Chat, StoreError> {
    let newest = message::window(db, &row.conv, None, 1)?;
    let last = message::view::messages(db, &newest)?.pop();
    let mention = match account::get(db)? {
        Some(own) if row.unread > 0 => message::is_mentioned(db, &row.conv, &own.user)?,
        _ => false,
    };
    let draft = draft::get(db, &row.conv, false)?.map(|draft| draft.text);
    Ok(Chat {
        id: row.conv,
        kind: row.kind,
        title: row.title.clone(),
        with: row.peer,
        state: row.state,
        reason: row.reason.clone(),
        unread: row.unread,
        last_at_ms: row.last_at_ms,
        last,
        mention,
        draft: draft.filter(|text| !text.is_empty()),
        timer_s: Some(row.timer_s).filter(|seconds| *seconds > 0),
    })
}
