//! Writing a text, waiting for it, taking it back.

use chatty_crypto::content::message::Text;
use chatty_crypto::content::{Body as Said, MessageRef};
use chatty_crypto::conversation as logs;
use chatty_protocol::conversation_log::Status;
use chatty_protocol::{ConvId, MsgId, UserId, limits};

use crate::api::message::{MessageCancel, MessageSend, MessageWait, Sent};
use crate::api::state::SendState;
use crate::api::{ApiError, Done, Event, LocalCode};
use crate::engine::{Context, Fault};
use crate::outbox::queue::{self, Fulfilled, Saying};
use crate::outbox::withdraw;
use crate::store::message::{self, write};
use crate::store::{conversation, outbox};
use crate::sync::status;

/// Takes a text into the outbox.
pub fn send(context: &Context, params: MessageSend) -> Result<Sent, Fault> {
    if params.text.is_empty() {
        return Err(Fault::rule(LocalCode::Invalid, "There is nothing to send."));
    }
    let conv = params.chat;
    if let Some(id) = params.id
        && let Some(sent) = sent_before(context, &conv, &id)?
    {
        return Ok(sent);
    }
    let rel = match params.reply_to {
        None => None,
        Some(id) => Some(reference(context, &conv, &id)?),
    };
    check_request(context, &conv, params.text.len())?;
    let saying = Saying {
        body: Said::Text(text(params.text, params.mentions)),
        rel,
        expires_s: timer(context, &conv)?,
        draft: (!params.keep_draft).then_some(Fulfilled::New),
    };
    let id = params.id.unwrap_or_else(|| queue::new_id(context));
    queue::push_as(context, &conv, id, saying)
}

/// Where a message stands that a caller sends once more because it heard no answer.
fn sent_before(context: &Context, conv: &ConvId, id: &MsgId) -> Result<Option<Sent>, Fault> {
    if let Some(sent) = queue::standing(context, conv, id)? {
        return Ok(Some(sent));
    }
    // Refused or taken back: it is here, and nothing more is sent of it.
    let row = context.read(|db| message::find(db, conv, id))?;
    Ok(row.map(|_| Sent {
        id: *id,
        conv: *conv,
        state: SendState::Queued,
        seq: None,
    }))
}

/// A text that names people, each once.
pub fn text(text: String, mut mentions: Vec<UserId>) -> Text {
    mentions.sort_unstable();
    mentions.dedup();
    Text {
        text,
        spans: Vec::new(),
        mentions,
    }
}

/// The conversation's timer for what is written now.
fn timer(context: &Context, conv: &ConvId) -> Result<u64, Fault> {
    let row = context.read(|db| conversation::get(db, conv))?;
    Ok(row.map_or(0, |row| row.timer_s.min(limits::EXPIRES_MAX_S)))
}

/// Author and id of a message that stands here.
pub fn reference(context: &Context, conv: &ConvId, id: &MsgId) -> Result<MessageRef, Fault> {
    let row = context.read(|db| message::find(db, conv, id))?;
    let row = row.ok_or_else(no_such)?;
    Ok(MessageRef {
        author: row.author,
        msg: *id,
    })
}

/// The refusal for an unknown message.
pub fn no_such() -> Fault {
    Fault::rule(LocalCode::NoSuchMessage, "There is no such message here.")
}

/// Who has not answered yet gets only a few short texts.
fn check_request(context: &Context, conv: &ConvId, bytes: usize) -> Result<(), Fault> {
    let row = context.read(|db| conversation::get(db, conv))?;
    let Some(peer) = row.and_then(|row| row.peer) else {
        return Ok(());
    };
    let (invited, said) = context.look(|work| {
        let state = logs::state(&work.crypto, conv)?;
        let invited = state.is_some_and(|state| waits(&state, &peer));
        let said = chatty_crypto::megolm::own_position(&work.crypto, conv)?.ready;
        Ok((invited, said))
    })?;
    if !invited {
        return Ok(());
    }
    if bytes > limits::REQUEST_TEXT_BYTES {
        return Err(closed("The first messages to somebody new must be short."));
    }
    if said >= limits::REQUEST_MESSAGES {
        return Err(closed("Wait until this person has answered."));
    }
    Ok(())
}

fn waits(state: &chatty_protocol::conversation_log::ConvState, peer: &UserId) -> bool {
    state
        .member(peer)
        .is_some_and(|member| member.status == Status::Invited)
}

fn closed(why: &str) -> Fault {
    Fault::Rule(Box::new(ApiError::new(LocalCode::ChatClosed, why)))
}

/// Waits until something sent is accepted, or refused for good.
pub async fn wait(context: &Context, params: &MessageWait) -> Result<Sent, Fault> {
    let (conv, id) = (&params.chat, &params.message);
    let deadline = context
        .platform
        .monotonic_ms()
        .saturating_add(params.timeout_ms);
    loop {
        let seen = context.changed.seen();
        match queue::standing(context, conv, id)? {
            Some(sent) if sent.seq.is_some() => return Ok(sent),
            Some(sent) => {
                let gone = context.options.offline || {
                    let link = context.link.borrow();
                    !link.is_up() && link.retry_at_ms.is_some()
                };
                if gone || !status::changed_before(context, seen, deadline).await {
                    return Ok(sent);
                }
            }
            None => return Err(failed(context, conv, id)?),
        }
    }
}

/// The reason for which a message was refused for good.
fn failed(context: &Context, conv: &ConvId, id: &MsgId) -> Result<Fault, Fault> {
    let row = context.read(|db| message::find(db, conv, id))?;
    let reason = row.and_then(|row| row.reason);
    Ok(match reason.and_then(|reason| reason.parse().ok()) {
        Some(code) => Fault::refused(code),
        None => no_such(),
    })
}

/// Takes a message out of the outbox before the relay has it.
pub fn cancel(context: &Context, params: &MessageCancel) -> Result<Done, Fault> {
    context.input(|work| {
        let flying = outbox::get(work.db, &params.chat, &params.message)?;
        let shown = message::find(work.db, &params.chat, &params.message)?;
        if let Some(row) = flying {
            // Bytes that may have left cannot be taken back.
            if row.envelope.is_some() {
                return Err(Fault::rule(
                    LocalCode::Invalid,
                    "The message is on its way already.",
                ));
            }
            withdraw(work, &row)?;
        } else if shown.as_ref().is_none_or(|row| row.seq.is_some()) {
            return Err(no_such());
        }
        if let Some(shown) = shown {
            write::remove(work.db, shown.row)?;
        }
        work.tell(Event::MessageRemoved {
            chat: params.chat,
            id: params.message,
        });
        conversation::refresh(work.db, &params.chat)?;
        work.chat_changed(&params.chat);
        Ok(Done {})
    })
}
