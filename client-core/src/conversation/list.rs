//! The chat list.

use crate::api::chat::Chat;
use crate::api::state::ChatState;
use crate::engine::{Context, Fault};
use crate::store::{chat, conversation};

/// All conversations, newest first; requests stand in their own list.
pub fn list(context: &Context) -> Result<Vec<Chat>, Fault> {
    context.read(|db| {
        let rows = conversation::all_newest_first(db)?;
        rows.iter()
            .filter(|row| !row.hidden && row.state != ChatState::Request)
            .map(|row| chat::view(db, row))
            .collect()
    })
}
