//! `POST /conversations/{id}/log`: validate everything that needs no lock, then queue the entry.

use std::sync::Arc;

use chatty_protocol::conversation_log::{ConvEntry, ConvOp, authorize};
use chatty_protocol::sign::Signed;
use chatty_protocol::{ConvId, DecodeError, ErrorCode, limits};
use tokio::sync::oneshot;

use super::restore::Post;
use super::stream::{EntryAnswer, EntryIn, Pending, Stream};
use super::{Actor, Conversations, EntryRefusal};

impl Conversations {
    /// Appends an entry; the same bytes again give the same answer.
    pub async fn append(
        &self,
        actor: Actor,
        conv: &ConvId,
        bytes: Vec<u8>,
        expect_seq: u64,
    ) -> EntryAnswer {
        let (signed, entry) = read_entry(&bytes)?;
        if entry.conv != Some(*conv) || entry.seq != expect_seq || entry.seq == 0 {
            return Err(EntryRefusal::new(
                ErrorCode::Malformed,
                "conversation or number differs from the entry's",
            ));
        }
        let lost = self.may_post(actor, &entry)? == Post::Lost;
        let unknown = || EntryRefusal::new(ErrorCode::NotFound, "no such conversation");
        let stream = self.streams.get(conv).await?.ok_or_else(unknown)?;
        let state = stream.state().ok_or_else(unknown)?;
        let known = state.member(&actor.user).is_some();
        if !lost && !known && !state.removed_at.contains_key(&actor.user) {
            return Err(unknown());
        }
        if entry.seq <= state.head.seq {
            return self.passed(&stream, &bytes, &entry).await;
        }
        let full = self.signers.verify(&entry, &signed).await?;
        authorize(Some(&state), &signed, &entry, full).map_err(|denied| EntryRefusal {
            code: denied.code,
            head: (denied.code == ErrorCode::StaleSeq).then_some(state.head),
            retry_ms: None,
            detail: denied.reason,
        })?;
        match &entry.op {
            // What was accepted once is taken back as it is.
            _ if lost => {}
            ConvOp::Invite { users } => self.may_reach(actor, users).await?,
            ConvOp::Join { .. } => self.has_room(&actor.user).await?,
            _ => {}
        }
        self.queue(stream, bytes, signed, entry, full).await
    }

    /// The number is taken: the same bytes are a repeat, others lost the race.
    async fn passed(&self, stream: &Stream, bytes: &[u8], entry: &ConvEntry) -> EntryAnswer {
        let rows = self.store.log(stream.conv, entry.seq, 1).await?;
        match rows.first() {
            Some(row) if row.log_seq == entry.seq && row.bytes == bytes => Ok(row.seq),
            _ => Err(EntryRefusal {
                code: ErrorCode::StaleSeq,
                head: stream.state().map(|state| state.head),
                retry_ms: None,
                detail: "another entry was first",
            }),
        }
    }

    /// Hands a checked entry to its stream and waits for the commit.
    pub(super) async fn queue(
        &self,
        stream: Arc<Stream>,
        bytes: Vec<u8>,
        signed: Signed<ConvEntry>,
        entry: ConvEntry,
        full: bool,
    ) -> EntryAnswer {
        let (answer, answered) = oneshot::channel();
        let pending = Pending::Entry(Box::new(EntryIn {
            entry,
            signed,
            bytes: bytes.into(),
            full,
            answer,
        }));
        let busy = || EntryRefusal::new(ErrorCode::Busy, "the stream moves");
        if self.streams.submit(&stream, pending).is_some() {
            return Err(busy());
        }
        answered.await.map_err(|_| busy())?
    }
}

/// Decodes a signed entry within its size.
pub(super) fn read_entry(bytes: &[u8]) -> Result<(Signed<ConvEntry>, ConvEntry), EntryRefusal> {
    if bytes.len() > limits::LOG_ENTRY_BYTES {
        return Err(EntryRefusal::new(ErrorCode::TooLarge, "entry too large"));
    }
    let refuse = |error| match error {
        DecodeError::Malformed(what) => EntryRefusal::new(ErrorCode::Malformed, what),
        DecodeError::NeedsUpdate(what) => EntryRefusal::new(ErrorCode::NeedsUpdate, what),
    };
    let signed = Signed::from_bytes(bytes).map_err(refuse)?;
    let entry = signed.open().map_err(refuse)?;
    Ok((signed, entry))
}
