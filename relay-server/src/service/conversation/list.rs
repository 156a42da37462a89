//! The conversations of a user with their positions: `GET /conversations` and the connect.

use chatty_protocol::rest::ConversationRow;
use chatty_protocol::{ConvId, limits};

use super::{Actor, Conversations, EntryRefusal};
use crate::store::conversation::{ConvOfUser, MemberState};

impl Conversations {
    /// One page in a fixed order, hidden requests left out; the id to go on from, if any.
    pub async fn list(
        &self,
        actor: Actor,
        after: Option<ConvId>,
    ) -> Result<(Vec<ConversationRow>, Option<ConvId>), EntryRefusal> {
        let page = self
            .store
            .conversations(actor.user, after, limits::PAGE)
            .await?;
        let next = (page.len() == limits::PAGE).then(|| page.last().map(|row| row.conv));
        let seen: Vec<ConvOfUser> = page.into_iter().filter(|row| !row.hidden).collect();
        let convs = seen.iter().map(|row| row.conv).collect();
        let own = self.store.own(actor.device, convs).await?;
        let mut rows = Vec::with_capacity(seen.len());
        for (row, (own_seq, own_n)) in seen.iter().zip(own) {
            rows.push(ConversationRow {
                conv: row.conv,
                stream_head: visible_head(row),
                log_seq: row.at.log_seq,
                floor: self.floor_of(row).await?,
                own_seq,
                own_n,
            });
        }
        Ok((rows, next.flatten()))
    }

    /// Rows below are purged or not this user's.
    pub async fn floor_of(&self, row: &ConvOfUser) -> Result<u64, EntryRefusal> {
        let shared = !row.direct && self.shares_history(&row.conv).await?;
        let first = if shared { 1 } else { row.first };
        Ok(row.at.floor.max(first))
    }

    async fn shares_history(&self, conv: &ConvId) -> Result<bool, EntryRefusal> {
        let stream = self.streams.get(conv).await?;
        let state = stream.and_then(|stream| stream.state());
        Ok(state.is_some_and(|state| state.policy.history == 1))
    }
}

/// Newest number that the user may read.
pub fn visible_head(row: &ConvOfUser) -> u64 {
    match row.state {
        MemberState::Gone => row.last.unwrap_or(row.at.head).min(row.at.head),
        MemberState::Invited | MemberState::Member => row.at.head,
    }
}
