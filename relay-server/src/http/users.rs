//! `/users`, `/devices`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chatty_protocol::rest::{
    AppendDeviceEntry, DeviceEntryAppended, FoundUser, HeadsQuery, LogPage, OwnDevices,
    StatementBody, UserHeads,
};
use chatty_protocol::{ErrorCode, UserId, limits};
use serde::Deserialize;

use super::error::ApiResult;
use super::extract::{Body, Caller, DeviceCaller, Path, Query, VerifiedCaller};
use crate::service::{device as service, lookup};
use crate::state::SharedApp;

/// `GET /users/by-handle/{handle}`
pub async fn by_handle(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Path(handle): Path<String>,
) -> ApiResult<Json<FoundUser>> {
    Ok(Json(lookup::by_handle(&app, caller.user, &handle).await?))
}

/// Where a page of a device log begins.
#[derive(Debug, Deserialize)]
pub struct LogQuery {
    #[serde(default)]
    from: u64,
    branch: Option<u64>,
    limit: Option<usize>,
}

/// `GET /users/{id}/log`: the own log in any scope, others' for verified devices.
pub async fn read_log(
    State(app): State<SharedApp>,
    caller: Caller,
    Path(user): Path<UserId>,
    Query(query): Query<LogQuery>,
) -> ApiResult<Json<LogPage>> {
    if user != caller.user {
        super::extract::verified_device(&app, &caller).await?;
    }
    let from = query.from.min(limits::UINT_MAX);
    let branch = query.branch.map(|branch| branch.min(limits::UINT_MAX));
    let limit = query.limit.unwrap_or(limits::PAGE);
    Ok(Json(
        service::read_log(&app, user, branch, from, limit).await?,
    ))
}

/// `POST /users/me/log`
pub async fn append_log(
    State(app): State<SharedApp>,
    caller: Caller,
    Body(body): Body<AppendDeviceEntry>,
) -> ApiResult<Json<DeviceEntryAppended>> {
    let at = service::append_own(&app, caller.user, caller.device, &body).await?;
    Ok(Json(DeviceEntryAppended {
        head: at.head.into(),
        branch: at.branch,
    }))
}

/// `POST /users/heads`
pub async fn heads(
    State(app): State<SharedApp>,
    _caller: VerifiedCaller,
    Body(body): Body<HeadsQuery>,
) -> ApiResult<Json<UserHeads>> {
    Ok(Json(service::heads(&app, body).await?))
}

/// `GET /users/{id}/statement`
pub async fn statement(
    State(app): State<SharedApp>,
    _caller: VerifiedCaller,
    Path(user): Path<UserId>,
) -> ApiResult<Json<StatementBody>> {
    Ok(Json(service::statement(&app, user).await?))
}

/// `PUT /users/{id}/statement`: the own one only.
pub async fn put_statement(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Path(user): Path<UserId>,
    Body(body): Body<StatementBody>,
) -> ApiResult<StatusCode> {
    if user != caller.user {
        return Err(ErrorCode::NotAllowed.into());
    }
    service::put_statement(&app, user, caller.device, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /devices`
pub async fn devices(
    State(app): State<SharedApp>,
    caller: DeviceCaller,
) -> ApiResult<Json<OwnDevices>> {
    Ok(Json(service::devices(&app, caller.user).await?))
}
