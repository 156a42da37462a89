//! `/sessions`, `/challenge`, `/tickets`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chatty_protocol::rest::{Challenge, LogIn, LoggedIn, Refresh, Ticket, Tokens};

use super::error::ApiResult;
use super::extract::{AddressRange, Body, Caller, Path, VerifiedCaller};
use super::limit::anonymous;
use crate::service::session as service;
use crate::state::SharedApp;

/// `GET /challenge`
pub async fn challenge(
    State(app): State<SharedApp>,
    range: AddressRange,
) -> ApiResult<Json<Challenge>> {
    Ok(Json(service::challenge(&app, &range.0).await?))
}

/// `POST /sessions`
pub async fn log_in(
    State(app): State<SharedApp>,
    range: AddressRange,
    Body(body): Body<LogIn>,
) -> ApiResult<Json<LoggedIn>> {
    anonymous(&app, &range).await?;
    Ok(Json(service::log_in(&app, &body).await?))
}

/// `POST /sessions/refresh`
pub async fn refresh(
    State(app): State<SharedApp>,
    Body(body): Body<Refresh>,
) -> ApiResult<Json<Tokens>> {
    Ok(Json(service::refresh(&app, &body).await?))
}

/// `DELETE /sessions/{sid}`
pub async fn log_out(
    State(app): State<SharedApp>,
    caller: Caller,
    Path(session): Path<String>,
) -> ApiResult<StatusCode> {
    service::log_out(&app, caller.user, &session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /tickets`
pub async fn ticket(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
) -> ApiResult<Json<Ticket>> {
    let ticket = service::ticket(&app, caller.user, caller.device, caller.family).await?;
    Ok(Json(ticket))
}
