//! Requests: conversations of strangers, read here and answered only when the user says so.

use chatty_protocol::{ConvId, ErrorCode};

use super::{block, join};
use crate::api::person::{ChatRequest, RequestAccept, RequestBlock, RequestDelete};
use crate::api::state::{ChatKind, ChatState};
use crate::api::{Done, Event, LocalCode};
use crate::engine::{Context, Fault, Work};
use crate::store::conversation::{self, ConversationRow};
use crate::store::{Db, StoreError, contact, message};
use crate::sync::session;

/// Characters of a preview.
const PREVIEW_CHARS: usize = 200;

/// Requests that wait, newest first. Those of blocked people are not shown.
pub fn list(context: &Context) -> Result<Vec<ChatRequest>, Fault> {
    context.read(|db| {
        let mut requests = Vec::new();
        for row in conversation::in_state(db, ChatState::Request)? {
            requests.extend(view(db, &row)?);
        }
        Ok(requests)
    })
}

fn view(db: &dyn Db, row: &ConversationRow) -> Result<Option<ChatRequest>, StoreError> {
    let Some(from) = row.inviter.or(row.peer) else {
        return Ok(None);
    };
    if contact::is_blocked(db, &from)? {
        return Ok(None);
    }
    let preview = match row.kind {
        ChatKind::Group => Some(row.title.clone()).filter(|title| !title.is_empty()),
        _ => message::window(db, &row.conv, None, 5)?
            .into_iter()
            .find_map(|row| row.body.text),
    };
    Ok(Some(ChatRequest {
        id: row.conv,
        from,
        preview: preview.map(|text| text.chars().take(PREVIEW_CHARS).collect()),
        at_ms: row.last_at_ms,
    }))
}

/// Tells a new request after the commit.
pub fn announce(work: &mut Work<'_>, conv: &ConvId) -> Result<(), Fault> {
    let Some(row) = conversation::get(work.db, conv)? else {
        return Ok(());
    };
    if let Some(request) = view(work.db, &row)? {
        work.tell(Event::RequestAdded { request });
    }
    Ok(())
}

fn find(context: &Context, conv: &ConvId) -> Result<ConversationRow, Fault> {
    let row = context.read(|db| conversation::get(db, conv))?;
    row.filter(|row| row.state == ChatState::Request)
        .ok_or_else(|| Fault::rule(LocalCode::NoSuchChat, "There is no such request."))
}

/// Accepts: joins.
pub async fn accept(context: &Context, params: &RequestAccept) -> Result<Done, Fault> {
    let row = find(context, &params.chat)?;
    join::join(context, &row.conv).await?;
    // What came while nobody had accepted may be answered with receipts now.
    context.input(|work| crate::sync::mark::owe(work, &row.conv))?;
    Ok(Done {})
}

/// Hides it here and at the relay; nobody is told.
pub async fn delete(context: &Context, params: &RequestDelete) -> Result<Done, Fault> {
    let row = find(context, &params.chat)?;
    hide(context, &row).await?;
    Ok(Done {})
}

async fn hide(context: &Context, row: &ConversationRow) -> Result<(), Fault> {
    let conv = row.conv;
    match session::with(context, async |rest| rest.hide_request(&conv).await).await {
        Ok(_) => {}
        Err(fault) if fault.is(ErrorCode::NotFound) => {}
        Err(fault) => return Err(fault),
    }
    context.input(|work| {
        conversation::update(work.db, &conv, |row| row.hidden = true)?;
        work.tell(Event::ChatRemoved { chat: conv });
        Ok(())
    })
}

/// Who opens a chat with a person whose request was deleted wants that request back.
pub fn show_again(context: &Context, conv: &ConvId) -> Result<(), Fault> {
    context.input(|work| {
        let hidden = conversation::get(work.db, conv)?.is_some_and(|row| row.hidden);
        if !hidden {
            return Ok(());
        }
        conversation::update(work.db, conv, |row| row.hidden = false)?;
        announce(work, conv)
    })
}

/// Hides it and blocks who sent it.
pub async fn block(context: &Context, params: &RequestBlock) -> Result<Done, Fault> {
    let row = find(context, &params.chat)?;
    if let Some(from) = row.inviter.or(row.peer) {
        block::set(context, &from, true).await?;
    }
    hide(context, &row).await?;
    Ok(Done {})
}
