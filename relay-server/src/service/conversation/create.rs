//! `POST /conversations`.

use chatty_protocol::conversation_log::{ConvOp, ConvState, Mode, authorize};
use chatty_protocol::{ConvId, ErrorCode, UserId};

use super::append::read_entry;
use super::restore::Post;
use super::{Actor, Conversations, EntryRefusal};

impl Conversations {
    /// Creates a conversation. A direct one that exists is a `conflict` with its head; the same
    /// bytes again give the same answer.
    pub async fn create(
        &self,
        actor: Actor,
        bytes: Vec<u8>,
    ) -> Result<(ConvId, u64), EntryRefusal> {
        let (signed, entry) = read_entry(&bytes)?;
        let lost = self.may_post(actor, &entry)? == Post::Lost;
        let full = self.signers.verify(&entry, &signed).await?;
        let state = authorize(None, &signed, &entry, full)
            .map_err(|denied| EntryRefusal::new(denied.code, denied.reason))?;
        if !matches!(&entry.op, ConvOp::Create { origin, .. } if *origin == self.origin) {
            return Err(EntryRefusal::new(
                ErrorCode::Malformed,
                "the conversation names another relay",
            ));
        }
        if let Some(answer) = self.exists(&state, &bytes).await? {
            return answer;
        }
        if !lost {
            self.may_create(actor, &state).await?;
        }
        let conv = state.conv;
        let stream = self.streams.get_or_new(&conv).await?;
        let seq = self.queue(stream, bytes, signed, entry, full).await?;
        Ok((conv, seq))
    }

    async fn may_create(&self, actor: Actor, state: &ConvState) -> Result<(), EntryRefusal> {
        if state.mode == Mode::Direct {
            let others = state.entitled().filter(|user| **user != actor.user);
            let others: Vec<UserId> = others.copied().collect();
            self.may_reach(actor, &others).await?;
        }
        self.has_room(&actor.user).await
    }

    async fn exists(
        &self,
        state: &ConvState,
        bytes: &[u8],
    ) -> Result<Option<Result<(ConvId, u64), EntryRefusal>>, EntryRefusal> {
        let Some(stream) = self.streams.get(&state.conv).await? else {
            return Ok(None);
        };
        let first = self.store.log(state.conv, 0, 1).await?;
        if let Some(row) = first.first().filter(|row| row.bytes == bytes) {
            return Ok(Some(Ok((state.conv, row.seq))));
        }
        Ok(Some(Err(EntryRefusal {
            code: ErrorCode::Conflict,
            head: stream.state().map(|state| state.head),
            retry_ms: None,
            detail: "the conversation exists",
        })))
    }
}
