//! `GET /conversations/{id}/rows`.

use axum::Json;
use axum::extract::State;
use chatty_protocol::rest::Rows;
use chatty_protocol::{ConvId, ErrorCode, limits};
use serde::Deserialize;

use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::{Path, Query, VerifiedCaller};
use crate::service::conversation::RowsFrom;
use crate::state::SharedApp;

/// Which rows; neither = the newest.
#[derive(Debug, Deserialize)]
pub struct Page {
    before: Option<u64>,
    after: Option<u64>,
    limit: Option<usize>,
}

/// A page of rows, rising.
pub async fn read(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Path(conv): Path<ConvId>,
    Query(page): Query<Page>,
) -> ApiResult<Json<Rows>> {
    let from = match (page.before, page.after) {
        (None, Some(after)) => RowsFrom::After(after.min(limits::UINT_MAX)),
        (Some(before), None) => RowsFrom::Before(before.min(limits::UINT_MAX)),
        (None, None) => RowsFrom::Newest,
        (Some(_), Some(_)) => {
            return Err(ApiError::new(ErrorCode::Malformed).detail("before and after"));
        }
    };
    let limit = page.limit.unwrap_or(limits::PAGE);
    let conversations = &app.live.conversations;
    let view = conversations
        .rows(&conv, &caller.user, from, limit, limits::PAGE_BYTES)
        .await?;
    let rows = view
        .rows
        .into_iter()
        .map(|(_, frame)| frame.to_vec().into());
    Ok(Json(Rows {
        floor: view.floor,
        head: view.head,
        rows: rows.collect(),
    }))
}
