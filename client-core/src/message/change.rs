//! Edit, delete, react: messages about messages.

use chatty_crypto::content::message::{Edit, Reaction};
use chatty_crypto::content::{Body as Said, MessageRef};
use chatty_protocol::{ConvId, MsgId, limits};

use super::send::{no_such, text};
use crate::api::LocalCode;
use crate::api::message::{MessageDelete, MessageEdit, MessageReact, Sent};
use crate::engine::{Context, Fault};
use crate::outbox::queue::{self, Fulfilled, Saying};
use crate::store::message::change::{self, Target};
use crate::store::message::{self, MessageRow, version};

fn find(context: &Context, conv: &ConvId, id: &MsgId) -> Result<MessageRow, Fault> {
    context
        .read(|db| message::find(db, conv, id))?
        .ok_or_else(no_such)
}

pub(super) fn own(row: &MessageRow) -> Result<(), Fault> {
    match row.mine {
        true => Ok(()),
        false => Err(Fault::rule(
            LocalCode::Invalid,
            "Only who wrote a message can change it.",
        )),
    }
}

fn reference(row: &MessageRow, id: &MsgId) -> MessageRef {
    MessageRef {
        author: row.author,
        msg: *id,
    }
}

/// A new text for an own message.
pub fn edit(context: &Context, params: MessageEdit) -> Result<Sent, Fault> {
    let row = find(context, &params.chat, &params.message)?;
    own(&row)?;
    if row.deleted {
        return Err(Fault::rule(LocalCode::Invalid, "The message is deleted."));
    }
    let rel = reference(&row, &params.message);
    let rev = 1 + context.read(|db| {
        let target = Target {
            conv: &params.chat,
            author: &row.author,
            msg: &params.message,
        };
        version::edit_rev(db, target)
    })?;
    if rev > limits::EDITS_PER_MESSAGE as u64 {
        return Err(Fault::rule(
            LocalCode::Invalid,
            "The message was changed too often.",
        ));
    }
    let edit = Edit {
        rev,
        text: text(params.text, params.mentions),
    };
    let draft = Some(Fulfilled::Edit(params.message));
    say(context, &params.chat, Said::Edit(edit), (rel, &row), draft)
}

/// Withdraws an own message.
pub fn delete(context: &Context, params: &MessageDelete) -> Result<Sent, Fault> {
    let row = find(context, &params.chat, &params.message)?;
    own(&row)?;
    let rel = reference(&row, &params.message);
    say(context, &params.chat, Said::Delete, (rel, &row), None)
}

/// Reacts to a message; an empty emoji takes the reaction back.
pub fn react(context: &Context, params: MessageReact) -> Result<Sent, Fault> {
    let row = find(context, &params.chat, &params.message)?;
    let me = crate::account::current(context)?.user;
    let rel = reference(&row, &params.message);
    let rev = 1 + context.read(|db| {
        let target = Target {
            conv: &params.chat,
            author: &row.author,
            msg: &params.message,
        };
        change::reaction_rev(db, target, &me)
    })?;
    let reaction = Reaction {
        rev,
        emoji: params.emoji,
    };
    say(
        context,
        &params.chat,
        Said::Reaction(reaction),
        (rel, &row),
        None,
    )
}

/// What is said about a message lives as long as the message itself.
fn say(
    context: &Context,
    conv: &ConvId,
    body: Said,
    (rel, about): (MessageRef, &MessageRow),
    draft: Option<Fulfilled>,
) -> Result<Sent, Fault> {
    let saying = Saying {
        body,
        rel: Some(rel),
        expires_s: about.body.expires_s,
        draft,
    };
    queue::push(context, conv, saying)
}
