//! Whether a message may go into the stream as it stands now (protocol.md §10, §13).

use chatty_protocol::conversation_log::{ConvState, Mode, Status};
use chatty_protocol::{ErrorCode, limits};

use super::stream::{Inner, MessageIn};

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Validated on the row before: append it.
    Append,
    /// Its n was passed: the store finds the original, a clone, or nothing.
    LookUp,
    /// Refused.
    Refuse(Refusal),
}

/// Frame 35 without its first element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: ErrorCode,
    /// Wait so long; 0 = at once or no use.
    pub retry_ms: u64,
    /// `[log_seq, stream head]` with `stale_log`.
    pub heads: Option<(u64, u64)>,
}

impl Refusal {
    /// Only a code.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            retry_ms: 0,
            heads: None,
        }
    }
}

impl Inner {
    /// Judges a message on top of `staged` rows that are taken into the same append. The answer
    /// changes what the stream remembers of the sender: call it once per message, in order.
    pub fn check(&mut self, message: &MessageIn, staged: u64) -> Verdict {
        let at = self.head + staged;
        let connection = message.route.id;
        let sender = self.senders.entry(message.route.device).or_default();
        if message.n <= sender.last_n {
            return Verdict::LookUp;
        }
        if let Some((of, refused)) = sender.refused {
            if of == connection && message.n > refused {
                return Verdict::Refuse(Refusal::new(ErrorCode::Conflict));
            }
            // The refused n comes again, or the connection is another one: judge afresh.
            sender.refused = None;
        }
        let judged = match &self.state {
            Some(state) => judge(state, message, at),
            None => Err(Refusal::new(ErrorCode::NotFound)),
        };
        match judged {
            Ok(()) => {
                sender.last_n = message.n;
                Verdict::Append
            }
            Err(refusal) => {
                sender.refused = Some((connection, message.n));
                Verdict::Refuse(refusal)
            }
        }
    }
}

fn judge(state: &ConvState, message: &MessageIn, at: u64) -> Result<(), Refusal> {
    let user = &message.route.user;
    if !state.may_send(user) {
        let known = state.member(user).is_some() || state.removed_at.contains_key(user);
        return Err(Refusal::new(if known {
            ErrorCode::NotMember
        } else {
            ErrorCode::NotFound
        }));
    }
    if message.log_seq > state.head.seq {
        return Err(Refusal::new(ErrorCode::Conflict));
    }
    if message.log_seq < state.head.seq {
        return Err(Refusal {
            code: ErrorCode::StaleLog,
            retry_ms: 0,
            heads: Some((state.head.seq, at)),
        });
    }
    if is_request(state) {
        // While the peer of a direct conversation is invited, every row but the entries is one
        // of the sender's messages (voids included).
        let messages = at.saturating_sub(state.head.seq + 1);
        if messages >= limits::REQUEST_MESSAGES || message.ct_len > limits::REQUEST_CT_BYTES {
            return Err(Refusal::new(ErrorCode::Quota));
        }
    }
    if let Some(retry_ms) = message.over_rate {
        return Err(Refusal {
            code: ErrorCode::RateLimited,
            retry_ms,
            heads: None,
        });
    }
    Ok(())
}

/// A direct conversation whose peer has not joined yet.
pub fn is_request(state: &ConvState) -> bool {
    let mut people = state.members.values();
    state.mode == Mode::Direct && people.any(|person| person.status == Status::Invited)
}
