//! Whom a user may reach: people that exist, did not block it, and not too many strangers a day.

use chatty_protocol::{ErrorCode, UserId, limits};

use super::{Actor, Conversations, EntryRefusal};
use crate::store::account::Spent;
use crate::store::conversation::Relation;

impl Conversations {
    /// Checks everybody that an invite or a direct create names. Somebody who blocked the actor
    /// answers exactly like somebody who does not exist (B13).
    pub(super) async fn may_reach(
        &self,
        actor: Actor,
        users: &[UserId],
    ) -> Result<(), EntryRefusal> {
        if users.is_empty() {
            return Ok(());
        }
        let known = self.store.device_log_heads(users.to_vec()).await?;
        let mut reachable = known.len() == users.len();
        for user in users {
            let (by_them, _) = self.store.blocked(*user, actor.user).await?;
            reachable &= !by_them;
        }
        if !reachable {
            return Err(EntryRefusal::new(
                ErrorCode::BlockedOrUnknown,
                "somebody cannot be reached",
            ));
        }
        let relations = self.store.relations(actor.user, users.to_vec()).await?;
        let strangers = relations.iter().filter(|r| **r < Relation::Contact).count();
        self.spend_strangers(actor, u32::try_from(strangers).unwrap_or(u32::MAX))
            .await
    }

    async fn spend_strangers(&self, actor: Actor, count: u32) -> Result<(), EntryRefusal> {
        if count == 0 {
            return Ok(());
        }
        let spent = self.store.spend(
            format!("user/{}", actor.user),
            "strangers",
            count,
            self.strangers_per_day,
            limits::DAY_MS,
            self.clock.now_ms(),
        );
        match spent.await? {
            Spent::Granted(_) => Ok(()),
            Spent::Over(retry_ms) => Err(EntryRefusal {
                retry_ms: Some(retry_ms),
                ..EntryRefusal::new(ErrorCode::Quota, "too many people outside contacts today")
            }),
        }
    }

    /// Whether the user may be in one more conversation.
    pub(super) async fn has_room(&self, user: &UserId) -> Result<(), EntryRefusal> {
        let count = self.store.conversation_count(*user).await?;
        if usize::try_from(count).unwrap_or(usize::MAX) < limits::CONVERSATIONS_PER_USER {
            return Ok(());
        }
        Err(EntryRefusal::new(
            ErrorCode::Quota,
            "too many conversations",
        ))
    }
}
