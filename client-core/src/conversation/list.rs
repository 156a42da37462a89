//! The chat list.

use crate::api::chat::Chat;
use crate::api::state::ChatState;
use crate::engine::{Context, Fault};
use crate::store::conversation;

/// All conversations, newest first; requests stand in their own list.
pub fn list(context: &Context) -> Result<Vec<Chat>, Fault> {
    let rows = context.read(|db| conversation::all_newest_first(db))?;
    Ok(rows
        .iter()
        .filter(|row| !row.hidden && row.state != ChatState::Request)
        .map(conversation::ConversationRow::view)
        .collect())
}
