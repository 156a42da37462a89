//! What was typed and not sent.

use chatty_protocol::{ConvId, MsgId, limits};

use super::send::no_such;
use crate::api::draft::{Draft, DraftGet, DraftSet};
use crate::api::{ApiError, Done, LocalCode};
use crate::engine::{Context, Fault, Work};
use crate::store::draft::{self, DraftRow};
use crate::store::{conversation, message};

/// The edit that was begun, else the new message, else nothing.
pub fn get(context: &Context, params: &DraftGet) -> Result<Draft, Fault> {
    let found = context.read(|db| match draft::get(db, &params.chat, true)? {
        Some(edit) => Ok(Some(edit)),
        None => draft::get(db, &params.chat, false),
    })?;
    Ok(match found {
        Some(row) => Draft {
            text: row.text,
            reply_to: row.reply_to,
            editing: row.editing,
            mentions: row.mentions,
            at_ms: row.at_ms,
        },
        None => Draft {
            text: String::new(),
            reply_to: None,
            editing: None,
            mentions: Vec::new(),
            at_ms: 0,
        },
    })
}

/// Keeps what was typed.
pub fn set(context: &Context, params: DraftSet) -> Result<Done, Fault> {
    crate::account::current(context)?;
    let most = limits::TEXT_BYTES;
    if params.text.len() > most || params.mentions.len() > limits::GROUP_SIZE {
        return Err(Fault::Rule(Box::new(
            ApiError::new(LocalCode::Invalid, "The text is too long for one message.")
                .hint(format!("A message holds {} KiB of text.", most / 1024)),
        )));
    }
    let conv = params.chat;
    context.input(|work| {
        if conversation::get(work.db, &conv)?.is_none() {
            return Err(Fault::rule(LocalCode::NoSuchChat, "There is no such chat."));
        }
        match params.editing {
            Some(id) => edit(work, params, id),
            None => new(work, params),
        }
    })?;
    crate::kill_point!("draft.kept");
    Ok(Done {})
}

fn new(work: &mut Work<'_>, params: DraftSet) -> Result<(), Fault> {
    let conv = params.chat;
    match params.text.is_empty() && params.reply_to.is_none() {
        true => draft::remove_new(work.db, &conv)?,
        false => put(work, params)?,
    }
    work.chat_changed(&conv);
    Ok(())
}

fn edit(work: &mut Work<'_>, params: DraftSet, id: MsgId) -> Result<(), Fault> {
    if params.text.is_empty() {
        return Ok(draft::remove_edit(work.db, &params.chat, &id)?);
    }
    changeable(work, &params.chat, &id)?;
    put(work, params)
}

/// Only an own message that stands here can be changed.
fn changeable(work: &Work<'_>, conv: &ConvId, id: &MsgId) -> Result<(), Fault> {
    let row = message::find(work.db, conv, id)?.filter(|row| row.shown);
    let row = row.ok_or_else(no_such)?;
    super::change::own(&row)?;
    match row.deleted {
        true => Err(Fault::rule(LocalCode::Invalid, "The message is deleted.")),
        false => Ok(()),
    }
}

fn put(work: &mut Work<'_>, params: DraftSet) -> Result<(), Fault> {
    let row = DraftRow {
        conv: params.chat,
        editing: params.editing,
        text: params.text,
        reply_to: params.reply_to,
        mentions: params.mentions,
        at_ms: work.now_ms(),
    };
    Ok(draft::put(work.db, &row)?)
}
