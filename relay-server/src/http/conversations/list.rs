//! `GET /conversations`.

use axum::Json;
use axum::extract::State;
use chatty_protocol::ConvId;
use chatty_protocol::rest::Conversations;
use serde::Deserialize;

use crate::http::error::ApiResult;
use crate::http::extract::{Query, VerifiedCaller};
use crate::state::SharedApp;

/// Where to go on.
#[derive(Debug, Deserialize)]
pub struct Page {
    cursor: Option<ConvId>,
}

/// Conversations of the caller with their positions, 500 at a time.
pub async fn list(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Query(page): Query<Page>,
) -> ApiResult<Json<Conversations>> {
    let conversations = &app.live.conversations;
    let (conversations, next) = conversations.list((&caller).into(), page.cursor).await?;
    Ok(Json(Conversations {
        conversations,
        cursor: next.map(|conv| conv.to_string()),
    }))
}
