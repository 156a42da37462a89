//! Into the outbox: message id, bytes and number are fixed here and never change.

use chatty_crypto::content::{Body as Said, Content, MessageRef};
use chatty_crypto::megolm;
use chatty_protocol::codec::Ext;
use chatty_protocol::{ConvId, MsgId, limits};

use crate::api::message::Sent;
use crate::api::state::{ChatState, SendState};
use crate::api::{ApiError, LocalCode};
use crate::engine::{Context, Fault, Work};
use crate::message::show::{self, Author};
use crate::store::conversation::ConversationRow;
use crate::store::outbox::{self, OutRow, OutState};
use crate::store::{account, conversation, draft};

/// Something to say.
pub struct Saying {
    /// Type and body.
    pub body: Said,
    /// The message replied to, or the target.
    pub rel: Option<MessageRef>,
    /// Disappearing timer, seconds.
    pub expires_s: u64,
    /// What was typed for it: it goes in the same transaction.
    pub draft: Option<Fulfilled>,
}

/// A draft that became a message.
pub enum Fulfilled {
    /// That of a new message.
    New,
    /// That of an edit of this message.
    Edit(MsgId),
}

/// Takes content into the outbox: durable, in the timeline, and on its way as soon as there is a
/// connection.
pub fn push(context: &Context, conv: &ConvId, saying: Saying) -> Result<Sent, Fault> {
    push_as(context, conv, new_id(context), saying)
}

/// A fresh id of a message.
pub fn new_id(context: &Context) -> MsgId {
    MsgId::from_rest(context.random())
}

/// As [`push`], under an id that this device has not used.
pub fn push_as(
    context: &Context,
    conv: &ConvId,
    msg: MsgId,
    saying: Saying,
) -> Result<Sent, Fault> {
    context.input(|work| {
        let row = writable(work, conv)?;
        if outbox::count(work.db)? >= limits::OUTBOX as u64 {
            return Err(Fault::rule(
                LocalCode::ChatClosed,
                "Too many messages wait already.",
            ));
        }
        let content = Content {
            msg,
            sent_at: work.now_ms(),
            expires_s: saying.expires_s,
            rel: saying.rel,
            body: saying.body,
            ext: Ext::default(),
        };
        content
            .check()
            .map_err(|error| Fault::rule(LocalCode::Invalid, error.to_string()))?;
        let ready = megolm::number_ready(&mut work.crypto, conv, &content)?;
        let own = account::get(work.db)?.ok_or(Fault::Bug("no account behind a conversation"))?;
        outbox::push(
            work.db,
            &OutRow {
                id: 0,
                conv: *conv,
                msg,
                dev_seq: ready.dev_seq,
                prev: ready.prev.0,
                content: ready.content,
                envelope: None,
                state: OutState::Ready,
                tries: 0,
                next_try_ms: 0,
                refused: None,
                created_ms: work.now_ms(),
            },
        )?;
        let author = Author {
            user: own.user,
            device: own.device,
            dev_seq: ready.dev_seq,
        };
        show::own(work, &row.conv, author, &content)?;
        match &saying.draft {
            Some(Fulfilled::New) => draft::remove_new(work.db, conv)?,
            Some(Fulfilled::Edit(target)) => draft::remove_edit(work.db, conv, target)?,
            None => {}
        }
        work.outbox_changed();
        Ok(())
    })?;
    crate::kill_point!("outbox.queued");
    Ok(Sent {
        id: msg,
        conv: *conv,
        state: SendState::Queued,
        seq: None,
    })
}

/// The conversation, if one can write in it. Writing accepts a direct request.
pub fn writable(work: &mut Work<'_>, conv: &ConvId) -> Result<ConversationRow, Fault> {
    let row = conversation::get(work.db, conv)?
        .ok_or_else(|| Fault::rule(LocalCode::NoSuchChat, "There is no such chat."))?;
    let direct = row.peer.is_some();
    match row.state {
        ChatState::Open => {}
        ChatState::Request if direct => {}
        ChatState::Request => {
            return Err(closed("Accept the request first."));
        }
        ChatState::Left => return Err(closed("You are no longer in this chat.")),
        ChatState::Held => return Err(closed("The membership of this chat cannot be verified.")),
        ChatState::Frozen => return Err(closed("This chat has two histories and is closed.")),
    }
    if let Some(peer) = row.peer {
        if !chatty_crypto::trust::may_send(&work.crypto, &peer)? {
            return Err(Fault::rule(
                LocalCode::TrustChanged,
                "This person's account changed; compare again before you write.",
            ));
        }
        if crate::store::contact::is_blocked(work.db, &peer)? {
            return Err(closed("You have blocked this person."));
        }
    }
    Ok(row)
}

fn closed(message: &str) -> Fault {
    Fault::Rule(Box::new(ApiError::new(LocalCode::ChatClosed, message)))
}

/// Where something sent stands now.
pub fn standing(context: &Context, conv: &ConvId, msg: &MsgId) -> Result<Option<Sent>, Fault> {
    context.read(|db| {
        if outbox::get(db, conv, msg)?.is_some() {
            return Ok(Some(Sent {
                id: *msg,
                conv: *conv,
                state: SendState::Queued,
                seq: None,
            }));
        }
        let row = crate::store::message::find(db, conv, msg)?;
        Ok(row.and_then(|row| row.seq).map(|seq| Sent {
            id: *msg,
            conv: *conv,
            state: SendState::Accepted,
            seq: Some(seq),
        }))
    })
}
