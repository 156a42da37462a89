//! `DELETE /requests/{conv}`.

use axum::extract::State;
use axum::http::StatusCode;
use chatty_protocol::ConvId;

use crate::http::error::ApiResult;
use crate::http::extract::{Path, VerifiedCaller};
use crate::state::SharedApp;

/// Hides a request until the caller joins after all.
pub async fn hide(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Path(conv): Path<ConvId>,
) -> ApiResult<StatusCode> {
    app.live.conversations.hide(&conv, &caller.user).await?;
    Ok(StatusCode::NO_CONTENT)
}
