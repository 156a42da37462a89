//! How much others learn of what arrived and was read here, and this user of theirs.

use chatty_protocol::ConvId;
use chatty_protocol::codec::{decode_exact, encode};

use crate::api::LocalCode;
use crate::api::chat::{ChatReceipts, ChatSetReceipts, Receipts};
use crate::api::state::ReceiptLevel;
use crate::device::setting;
use crate::engine::{Context, Fault, Work};
use crate::store::{Db, StoreError, conversation, setting as rows};

/// Name of the setting for all conversations, and beginning of those for one.
const NAME: &str = "receipts";

fn name_of(conv: Option<&ConvId>) -> String {
    conv.map_or_else(|| NAME.to_owned(), |conv| format!("{NAME}/{conv}"))
}

/// What holds in a conversation: its own word, else that for all, else everything.
pub fn level(db: &dyn Db, conv: &ConvId) -> Result<ReceiptLevel, StoreError> {
    Ok(match said(db, Some(conv))? {
        Some(level) => level,
        None => said(db, None)?.unwrap_or(ReceiptLevel::Read),
    })
}

fn said(db: &dyn Db, conv: Option<&ConvId>) -> Result<Option<ReceiptLevel>, StoreError> {
    let row = rows::get(db, &name_of(conv))?;
    // An empty word of a conversation follows the one for all again.
    Ok(row
        .and_then(|row| decode_exact::<String>(&row.value).ok())
        .and_then(|word| word.parse().ok()))
}

/// Shows what holds.
pub fn get(context: &Context, params: &ChatReceipts) -> Result<Receipts, Fault> {
    view(context, params.chat.as_ref())
}

fn view(context: &Context, conv: Option<&ConvId>) -> Result<Receipts, Fault> {
    context.read(|db| {
        let own = said(db, conv)?;
        let level = match conv {
            Some(conv) => level(db, conv)?,
            None => own.unwrap_or(ReceiptLevel::Read),
        };
        Ok(Receipts { level, own })
    })
}

/// Changes it, on all own devices.
pub fn set(context: &Context, params: &ChatSetReceipts) -> Result<Receipts, Fault> {
    crate::account::current(context)?;
    let conv = params.chat.as_ref();
    context.input(|work| {
        if let Some(conv) = conv {
            require(work, conv)?;
        }
        let word = params.level.map_or("", ReceiptLevel::as_str);
        setting::set(work, &name_of(conv), encode(&word))
    })?;
    view(context, conv)
}

fn require(work: &Work<'_>, conv: &ConvId) -> Result<(), Fault> {
    match conversation::get(work.db, conv)? {
        Some(_) => Ok(()),
        None => Err(Fault::rule(LocalCode::NoSuchChat, "There is no such chat.")),
    }
}
