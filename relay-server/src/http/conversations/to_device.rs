//! `GET /to-device`.

use axum::Json;
use axum::extract::State;
use chatty_protocol::limits;
use chatty_protocol::rest::ToDevicePage;
use serde::Deserialize;

use crate::gateway::encode;
use crate::http::error::ApiResult;
use crate::http::extract::{Query, VerifiedCaller};
use crate::state::SharedApp;

/// How many.
#[derive(Debug, Deserialize)]
pub struct Page {
    limit: Option<usize>,
}

/// Waiting items as frames 37, rising n per sender. Nothing is deleted: frame 4 does that.
pub async fn read(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Query(page): Query<Page>,
) -> ApiResult<Json<ToDevicePage>> {
    let limit = page.limit.unwrap_or(limits::ITEMS_UNACKED);
    let limit = limit.clamp(1, limits::ITEMS_UNACKED);
    let inboxes = &app.live.inboxes;
    let page = inboxes
        .take(caller.device, 0, limit, limits::PAGE_BYTES)
        .await?;
    let items = page
        .items
        .iter()
        .map(|item| encode::item(item).to_vec().into());
    Ok(Json(ToDevicePage {
        items: items.collect(),
        pending: page.pending,
    }))
}
