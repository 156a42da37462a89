//! `DELETE /requests/{conv}`: a request that the invited user does not want to see.

use chatty_protocol::{ConvId, ErrorCode, UserId};

use super::{Conversations, EntryRefusal};

impl Conversations {
    /// Hides a conversation from an invited user until it joins.
    pub async fn hide(&self, conv: &ConvId, user: &UserId) -> Result<(), EntryRefusal> {
        if !self.store.hide_request(*conv, *user).await? {
            return Err(EntryRefusal::new(ErrorCode::NotFound, "no such request"));
        }
        if let Some(stream) = self.streams.peek(conv) {
            stream.lock().hidden.insert(*user);
        }
        Ok(())
    }
}
