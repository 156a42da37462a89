//! Who has an own message, and who read it.

use std::collections::BTreeMap;

use chatty_protocol::UserId;

use super::send::no_such;
use crate::api::message::{MessageReceipt, MessageReceipts};
use crate::api::state::{MessageState, ReceiptLevel};
use crate::conversation::receipts;
use crate::engine::{Context, Fault};
use crate::store::mark::{self, MarkRow, Place};
use crate::store::message;

/// The people whose receipts cover the message; one of their devices is enough. Nothing of the
/// messages of others, and no more than the level of the conversation allows.
pub fn receipts(context: &Context, params: &MessageReceipts) -> Result<Vec<MessageReceipt>, Fault> {
    let own = crate::account::current(context)?.user;
    let chat = &params.chat;
    let row = context
        .read(|db| message::find(db, chat, &params.message))?
        .filter(|row| row.shown)
        .ok_or_else(no_such)?;
    let level = context.read(|db| receipts::level(db, chat))?;
    let (Some(seq), true) = (row.seq.filter(|_| row.mine), level != ReceiptLevel::None) else {
        return Ok(Vec::new());
    };
    let mut found: BTreeMap<UserId, bool> = BTreeMap::new();
    for mark in context.read(|db| mark::of_conversation(db, chat))? {
        if mark.user != own
            && let Some(read) = covers(&mark, seq)
        {
            *found.entry(mark.user).or_default() |= read && level == ReceiptLevel::Read;
        }
    }
    let receipt = |(user, read)| MessageReceipt {
        user,
        state: match read {
            true => MessageState::Read,
            false => MessageState::Delivered,
        },
    };
    Ok(found.into_iter().map(receipt).collect())
}

/// Whether the message was read there; none = it is not there.
fn covers(mark: &MarkRow, seq: u64) -> Option<bool> {
    let up_to = |place: &Option<Place>| place.is_some_and(|(at, ..)| seq <= at);
    if mark.missing.contains(&seq) {
        return None;
    }
    match (up_to(&mark.read), up_to(&mark.delivered)) {
        (false, false) => None,
        (read, _) => Some(read),
    }
}
