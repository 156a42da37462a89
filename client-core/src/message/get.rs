//! One message by its id.

use crate::api::message::{Message, MessageGet};
use crate::engine::{Context, Fault};
use crate::store::message::{self, view};

/// The message, if it stands in the timeline here.
pub fn get(context: &Context, params: &MessageGet) -> Result<Message, Fault> {
    let found = context.read(|db| {
        let row = message::find(db, &params.chat, &params.message)?;
        match row.filter(|row| row.shown) {
            Some(row) => view::message(db, &row),
            None => Ok(None),
        }
    })?;
    found.ok_or_else(super::send::no_such)
}
