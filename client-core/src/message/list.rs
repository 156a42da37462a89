//! A page of the timeline.

use chatty_protocol::MsgId;

use crate::api::LocalCode;
use crate::api::message::{Message, MessageList};
use crate::engine::{Context, Fault};
use crate::store::message::{self, MessageRow, view};
use crate::store::{Db, StoreError, conversation};

/// Most rows of one page.
const PAGE: u64 = 500;

/// Where a page stands.
enum Place {
    Newest,
    Before(i64),
    After(i64),
    Around(i64),
}

/// Rows oldest first, the newest page unless a place is named.
pub fn list(context: &Context, params: &MessageList) -> Result<Vec<Message>, Fault> {
    let limit = usize::try_from(params.limit.clamp(1, PAGE)).unwrap_or(1);
    let place = place(context, params)?;
    if context
        .read(|db| conversation::get(db, &params.chat))?
        .is_none()
    {
        return Err(Fault::rule(LocalCode::NoSuchChat, "There is no such chat."));
    }
    context.read(|db| {
        let rows = rows(db, params, &place, limit)?;
        view::messages(db, &rows)
    })
}

fn place(context: &Context, params: &MessageList) -> Result<Place, Fault> {
    let row = |id: &MsgId| {
        let found = context.read(|db| message::find(db, &params.chat, id))?;
        Ok::<_, Fault>(found.ok_or_else(super::send::no_such)?.row)
    };
    match (&params.before, &params.after, &params.around) {
        (None, None, None) => Ok(Place::Newest),
        (Some(id), None, None) => row(id).map(Place::Before),
        (None, Some(id), None) => row(id).map(Place::After),
        (None, None, Some(id)) => row(id).map(Place::Around),
        _ => Err(Fault::rule(
            LocalCode::Invalid,
            "Name one of before, after and around.",
        )),
    }
}

fn rows(
    db: &dyn Db,
    params: &MessageList,
    place: &Place,
    limit: usize,
) -> Result<Vec<MessageRow>, StoreError> {
    let chat = &params.chat;
    match *place {
        Place::Newest => message::window(db, chat, None, limit),
        Place::Before(row) => message::window(db, chat, Some(row), limit),
        Place::After(row) => message::window_from(db, chat, row, false, limit),
        Place::Around(row) => {
            let mut rows = message::window(db, chat, Some(row), limit / 2)?;
            let rest = limit - limit / 2;
            rows.extend(message::window_from(db, chat, row, true, rest)?);
            Ok(rows)
        }
    }
}
