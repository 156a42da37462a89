//! `GET` and `POST /conversations/{id}/log`.

use axum::Json;
use axum::extract::State;
use chatty_protocol::rest::{AppendConvEntry, ConversationLog, EntryAppended, LogRow};
use chatty_protocol::{ConvId, limits};
use serde::Deserialize;

use crate::http::error::ApiResult;
use crate::http::extract::{Body, Path, Query, VerifiedCaller};
use crate::state::SharedApp;

/// Which entries.
#[derive(Debug, Deserialize)]
pub struct Page {
    #[serde(default)]
    from: u64,
    limit: Option<usize>,
}

/// Entries of the log from 0, as far as the caller may read it.
pub async fn read(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Path(conv): Path<ConvId>,
    Query(page): Query<Page>,
) -> ApiResult<Json<ConversationLog>> {
    let limit = page.limit.unwrap_or(limits::PAGE);
    let conversations = &app.live.conversations;
    let from = page.from.min(limits::UINT_MAX);
    let view = conversations.log(&conv, &caller.user, from, limit).await?;
    let entries = view.entries.into_iter().map(|row| LogRow {
        seq: row.seq,
        entry: row.bytes.to_vec().into(),
    });
    Ok(Json(ConversationLog {
        head: view.head.into(),
        entries: entries.collect(),
    }))
}

/// Appends a signed entry.
pub async fn append(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Path(conv): Path<ConvId>,
    Body(body): Body<AppendConvEntry>,
) -> ApiResult<Json<EntryAppended>> {
    let conversations = &app.live.conversations;
    let actor = (&caller).into();
    let seq = conversations
        .append(actor, &conv, body.entry.0, body.expect_seq)
        .await?;
    Ok(Json(EntryAppended { seq }))
}
