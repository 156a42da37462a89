//! `GET /blocks`, `PUT` and `DELETE /blocks/{user}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chatty_protocol::rest::Blocks;
use chatty_protocol::{ErrorCode, UserId};

use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::{Path, VerifiedCaller};
use crate::notice::Notice;
use crate::state::SharedApp;

/// Whom the caller blocked.
pub async fn list(State(app): State<SharedApp>, caller: VerifiedCaller) -> ApiResult<Json<Blocks>> {
    let users = app.store.blocks(caller.user).await?;
    Ok(Json(Blocks { users }))
}

/// Blocks a user; idempotent. The other side is not told.
pub async fn block(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Path(user): Path<UserId>,
) -> ApiResult<StatusCode> {
    if user == caller.user {
        return Err(ApiError::new(ErrorCode::Malformed).detail("nobody blocks oneself"));
    }
    if app.store.device_log_head(user).await?.is_none() {
        return Err(ErrorCode::NotFound.into());
    }
    app.store.block(caller.user, user).await?;
    tell(&app, &caller, user);
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a block; idempotent.
pub async fn unblock(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Path(user): Path<UserId>,
) -> ApiResult<StatusCode> {
    app.store.unblock(caller.user, user).await?;
    tell(&app, &caller, user);
    Ok(StatusCode::NO_CONTENT)
}

fn tell(app: &SharedApp, caller: &VerifiedCaller, other: UserId) {
    let user = caller.user;
    app.notices.send(Notice::Block { user, other });
}
