//! `POST /conversations`.

use chatty_protocol::conversation_log::{ConvOp, ConvState, Mode, authorize};
use chatty_protocol::{ConvId, ErrorCode, UserId};

use super::append::{by_poster, read_entry};
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
        by_poster(actor, &entry)?;
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
        let others: Vec<UserId> = match state.mode {
            Mode::Direct => state
                .entitled()
                .filter(|u| **u != actor.user)
                .copied()
                .collect(),
            Mode::Group => Vec::new(),
        };
        self.may_reach(actor, &others).await?;
        self.has_room(&actor.user).await?;
        let conv = state.conv;
        let stream = self.streams.get_or_new(&conv).await?;
        let seq = self.queue(stream, bytes, signed, entry, full).await?;
        Ok((conv, seq))
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
