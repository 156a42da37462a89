//! What happens after a commit: memory follows, the sender is answered, the sockets are rung.

use std::sync::Arc;

use bytes::Bytes;
use chatty_protocol::codec::decode_exact;
use chatty_protocol::conversation_log::{ConvState, Mode, Role, Status, authorize};
use chatty_protocol::envelope::Send;
use chatty_protocol::sign::sha256;
use chatty_protocol::{ErrorCode, UserId};

use super::check::Refusal;
use super::stream::{EntryAnswer, EntryIn, EntryRefusal, Inner, MessageIn, Pending, Stream};
use crate::bus::{Bus, Ring};
use crate::gateway::{RowOut, encode};
use crate::store::StoreError;
use crate::store::conversation::{LogChange, MemberChange, MemberState};
use crate::store::stream::{Appended, NewBody, NewRow};

/// Retry time that goes with `busy`.
const BUSY_RETRY_MS: u64 = 1_000;

/// Rows of one stream on their way through a commit.
pub struct Flight {
    /// The stream.
    pub stream: Arc<Stream>,
    time: u64,
    bytes: usize,
    messages: Vec<MessageIn>,
    entry: Option<(Box<EntryIn>, Arc<ConvState>)>,
}

/// Whether memory still matches the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It does.
    Done,
    /// The stream was elsewhere: load it again.
    Elsewhere,
}

impl Flight {
    /// Nothing on board yet.
    pub fn new(stream: Arc<Stream>, time: u64) -> Self {
        Self {
            stream,
            time,
            bytes: 0,
            messages: Vec::new(),
            entry: None,
        }
    }

    /// Bytes on board.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes a message.
    pub fn board_message(&mut self, message: MessageIn) {
        self.bytes += message.body.len();
        self.messages.push(message);
    }

    /// Takes an entry with the state after it.
    pub fn board_entry(&mut self, entry: Box<EntryIn>, after: Arc<ConvState>) {
        self.bytes += entry.bytes.len();
        self.entry = Some((entry, after));
    }

    /// The commit is durable.
    pub fn settle(self, outcomes: Vec<Appended>, bus: &dyn Bus) -> Settled {
        match self.entry {
            Some((entry, after)) => {
                let outcome = outcomes.into_iter().next();
                settle_entry(&self.stream, *entry, after, outcome, bus)
            }
            None => settle_messages(&self.stream, self.messages, outcomes, self.time, bus),
        }
    }

    /// The commit failed.
    pub fn fail(self, error: &StoreError) {
        let known = !matches!(error, StoreError::Io(_) | StoreError::Closed);
        for message in self.messages {
            if known {
                message.refuse(Refusal {
                    code: error.code(),
                    retry_ms: BUSY_RETRY_MS,
                    heads: None,
                });
            } else {
                // Nobody knows what was stored: no answer is the only honest one.
                message.route.close(ErrorCode::Busy);
            }
        }
        if let Some((entry, _)) = self.entry {
            entry.refuse(EntryRefusal::new(error.code(), "the store failed"));
        }
    }
}

/// Asks what waited for a stream that is loaded anew to come again.
pub fn try_again(pending: Pending) {
    match pending {
        Pending::Message(message) => message.refuse(Refusal {
            code: ErrorCode::Busy,
            retry_ms: BUSY_RETRY_MS,
            heads: None,
        }),
        Pending::Entry(entry) => {
            entry.refuse(EntryRefusal::new(ErrorCode::Busy, "the stream moves"));
        }
    }
}

impl MessageIn {
    /// Answers 35.
    pub fn refuse(&self, refusal: Refusal) {
        self.route.answered(encode::refused(&self.msg, refusal));
    }

    fn accept(&self, stream: &Stream, seq: u64, time: u64, body: Option<&Bytes>) {
        let stored = body.filter(|body| !body.is_empty() && **body != self.body);
        let stored = stored.and_then(|body| decode_exact::<Send>(body).ok());
        let ct_hash = stored.map_or(self.ct_hash, |send| sha256(&send.ct.0));
        let frame = encode::accepted(&self.msg, &stream.conv, seq, time, &ct_hash);
        self.route.answered(frame);
    }
}

impl EntryIn {
    /// Answers the caller, if it still waits.
    pub fn refuse(self, refusal: EntryRefusal) {
        self.finish(Err(refusal));
    }

    fn finish(self, answer: EntryAnswer) {
        let _caller_left = self.answer.send(answer);
    }
}

/// The state after the entry and its row, or why it is refused; on top of `inner`.
pub fn judge(
    inner: &Inner,
    entry: &EntryIn,
    time: u64,
) -> Result<(Arc<ConvState>, NewRow), EntryRefusal> {
    let before = inner.state.as_deref();
    let after = authorize(before, &entry.signed, &entry.entry, entry.full).map_err(|denied| {
        // A create for a conversation that exists is a lost race of its own kind.
        let exists = before.filter(|_| entry.entry.seq == 0);
        let code = exists.map_or(denied.code, |_| ErrorCode::Conflict);
        let head = before.map(|state| state.head);
        EntryRefusal {
            code,
            head: head.filter(|_| matches!(code, ErrorCode::StaleSeq | ErrorCode::Conflict)),
            retry_ms: None,
            detail: denied.reason,
        }
    })?;
    let row = NewRow {
        user: entry.entry.actor,
        device: entry.entry.device,
        time,
        body: NewBody::Log(LogChange {
            log_seq: entry.entry.seq,
            bytes: entry.bytes.clone(),
            direct: after.mode == Mode::Direct,
            members: changes(before, &after),
        }),
    };
    Ok((Arc::new(after), row))
}

/// What an entry changes in the member projection.
fn changes(before: Option<&ConvState>, after: &ConvState) -> Vec<MemberChange> {
    let old = |user: &UserId| before.and_then(|state| state.member(user));
    let mut changes: Vec<MemberChange> = Vec::new();
    for (user, person) in &after.members {
        let same = old(user).is_some_and(|o| o.status == person.status && o.role == person.role);
        if !same {
            changes.push(MemberChange {
                user: *user,
                state: match person.status {
                    Status::Invited => MemberState::Invited,
                    Status::Member => MemberState::Member,
                },
                admin: person.role == Role::Admin,
            });
        }
    }
    let gone = before.iter().flat_map(|state| state.members.keys());
    for user in gone.filter(|user| after.member(user).is_none()) {
        changes.push(MemberChange {
            user: *user,
            state: MemberState::Gone,
            admin: false,
        });
    }
    changes
}

fn settle_messages(
    stream: &Arc<Stream>,
    messages: Vec<MessageIn>,
    outcomes: Vec<Appended>,
    time: u64,
    bus: &dyn Bus,
) -> Settled {
    let mut rows = Vec::with_capacity(messages.len());
    let mut settled = Settled::Done;
    let mut inner = stream.lock();
    for (message, outcome) in messages.into_iter().zip(outcomes) {
        match outcome {
            Appended::Accepted { seq } => {
                inner.head = seq;
                let (user, device) = (&message.route.user, message.route.device);
                let frame = encode::message(&stream.conv, seq, user, &device, time, &message.body);
                rows.push((RowOut { seq, frame }, Some(device)));
                message.accept(stream, seq, time, None);
            }
            Appended::Original { seq, time, body } => {
                message.accept(stream, seq, time, Some(&body));
            }
            Appended::Cloned => refuse(&mut inner, &message, ErrorCode::DeviceCloned),
            Appended::Stale => refuse(&mut inner, &message, ErrorCode::StaleCounter),
            Appended::Behind => message.refuse(Refusal::new(ErrorCode::Conflict)),
            Appended::Retry { .. } => {
                settled = Settled::Elsewhere;
                try_again(Pending::Message(message));
            }
        }
    }
    if let (false, Some(state)) = (rows.is_empty(), inner.state.clone()) {
        let audience: Vec<UserId> = inner.audience(&state).copied().collect();
        bus.ring(Ring {
            conv: stream.conv,
            head: inner.head,
            rows: &rows,
            users: &audience,
        });
    }
    settled
}

/// Refused by the store: what is in flight above it is refused, too.
fn refuse(inner: &mut Inner, message: &MessageIn, code: ErrorCode) {
    if let Some(sender) = inner.senders.get_mut(&message.route.device) {
        sender.refused = Some((message.route.id, message.n));
    }
    message.refuse(Refusal::new(code));
}

fn settle_entry(
    stream: &Arc<Stream>,
    entry: EntryIn,
    after: Arc<ConvState>,
    outcome: Option<Appended>,
    bus: &dyn Bus,
) -> Settled {
    let seq = match outcome {
        Some(Appended::Accepted { seq }) => seq,
        Some(Appended::Original { seq, .. }) => {
            entry.finish(Ok(seq));
            return Settled::Elsewhere;
        }
        _ => {
            entry.refuse(EntryRefusal::new(ErrorCode::Busy, "the stream moves"));
            return Settled::Elsewhere;
        }
    };
    let mut inner = stream.lock();
    inner.head = seq;
    let before = inner.state.replace(Arc::clone(&after));
    // Who joins or leaves sees a request no longer as hidden.
    let invited = |user: &UserId| {
        let person = after.member(user);
        person.is_some_and(|person| person.status == Status::Invited)
    };
    inner.hidden.retain(invited);
    let mut audience: Vec<UserId> = inner.audience(&after).copied().collect();
    let gone = before.iter().flat_map(|state| state.members.keys());
    audience.extend(gone.filter(|user| after.member(user).is_none()));
    let frame = encode::entry(&stream.conv, seq, &entry.bytes);
    bus.ring(Ring {
        conv: stream.conv,
        head: seq,
        rows: &[(RowOut { seq, frame }, None)],
        users: &audience,
    });
    drop(inner);
    bus.members(&stream.conv, &audience);
    entry.finish(Ok(seq));
    Settled::Done
}
