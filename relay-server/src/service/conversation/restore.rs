//! After a restore (protocol.md §20, incarnation): for ten minutes the relay takes back entries that it
//! lost, from anybody who has them, and no new ones, so that nobody signs a rival.

use chatty_protocol::conversation_log::ConvEntry;
use chatty_protocol::{ErrorCode, limits};

use super::{Actor, Conversations, EntryRefusal};

/// How an entry comes to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Post {
    /// From its signer.
    Own,
    /// Taken back after a restore, from anybody.
    Lost,
}

impl Conversations {
    /// Whether this poster may bring this entry now. The poster signs, except after a restore.
    pub(super) fn may_post(&self, actor: Actor, entry: &ConvEntry) -> Result<Post, EntryRefusal> {
        if let Some(restored) = self.store.restored_at() {
            let over = restored.saturating_add(limits::MAINTENANCE_MS);
            let now = self.clock.now_ms();
            if now < over {
                // The time is the signer's claim: a lie gains a signer ten minutes at most.
                return if entry.time < restored {
                    Ok(Post::Lost)
                } else {
                    Err(EntryRefusal {
                        retry_ms: Some(over - now),
                        ..EntryRefusal::new(ErrorCode::Maintenance, "the relay was restored")
                    })
                };
            }
        }
        if entry.actor == actor.user && entry.device == actor.device {
            Ok(Post::Own)
        } else {
            Err(EntryRefusal::new(
                ErrorCode::NotAllowed,
                "the poster is not the signer",
            ))
        }
    }
}
