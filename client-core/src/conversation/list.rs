//! The chat list.

use crate::api::chat::Chat;
use crate::api::state::ChatState;
use crate::engine::{Context, Fault};
use crate::store::chat;
use crate::store::conversation::{self, ConversationRow};

/// All conversations, pinned ones first, then newest first; requests stand in their own list.
pub fn list(context: &Context) -> Result<Vec<Chat>, Fault> {
    context.read(|db| {
        let rows = conversation::all_newest_first(db)?;
        let shown = |row: &&ConversationRow| !row.hidden && row.state != ChatState::Request;
        let chats = rows.iter().filter(shown).map(|row| chat::view(db, row));
        let mut chats = chats.collect::<Result<Vec<_>, _>>()?;
        // Stable: within both parts the newest stays first.
        chats.sort_by_key(|chat| !chat.pinned);
        Ok(chats)
    })
}
