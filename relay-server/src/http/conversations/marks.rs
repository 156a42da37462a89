//! `GET /conversations/{id}/marks`.

use axum::Json;
use axum::extract::State;
use chatty_protocol::rest::Marks;
use chatty_protocol::{ConvId, limits};
use serde::Deserialize;

use crate::http::error::ApiResult;
use crate::http::extract::{Path, Query, VerifiedCaller};
use crate::state::SharedApp;

/// From when on.
#[derive(Debug, Deserialize)]
pub struct Since {
    #[serde(default)]
    since: u64,
}

/// The newest mark of each device, as frames 42.
pub async fn read(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Path(conv): Path<ConvId>,
    Query(page): Query<Since>,
) -> ApiResult<Json<Marks>> {
    let since = page.since.min(limits::UINT_MAX);
    let conversations = &app.live.conversations;
    let marks = conversations.marks(&conv, &caller.user, since).await?;
    let marks = marks.into_iter().map(|frame| frame.to_vec().into());
    Ok(Json(Marks {
        marks: marks.collect(),
    }))
}
