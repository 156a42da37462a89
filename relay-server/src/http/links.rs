//! `/links`: the mailbox of a device approval.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chatty_protocol::ErrorCode;
use chatty_protocol::rest::{Frames, LinkOpened, Links, OpenLink, PutFrame};
use data_encoding::BASE64URL_NOPAD;

use super::error::ApiResult;
use super::extract::{Body, Caller, Path, VerifiedCaller};
use crate::service::device as service;
use crate::state::SharedApp;

fn link_id(text: &str) -> ApiResult<[u8; 16]> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes());
    let id = bytes.ok().and_then(|bytes| bytes.try_into().ok());
    id.ok_or(ErrorCode::NotFound.into())
}

/// An account that owns nothing yet links no devices.
fn verified(caller: &Caller) -> ApiResult<()> {
    if caller.verified {
        Ok(())
    } else {
        Err(ErrorCode::NotVerified.into())
    }
}

/// `POST /links`
pub async fn open(
    State(app): State<SharedApp>,
    caller: Caller,
    Body(body): Body<OpenLink>,
) -> ApiResult<(StatusCode, Json<LinkOpened>)> {
    verified(&caller)?;
    let opened = service::open_link(&app, caller.user, &body.m1.0).await?;
    Ok((StatusCode::CREATED, Json(opened)))
}

/// `GET /links`
pub async fn list(State(app): State<SharedApp>, caller: VerifiedCaller) -> ApiResult<Json<Links>> {
    Ok(Json(service::links(&app, caller.user).await?))
}

/// `GET /links/{id}/frames`
pub async fn frames(
    State(app): State<SharedApp>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<Frames>> {
    verified(&caller)?;
    Ok(Json(
        service::link_frames(&app, caller.user, link_id(&id)?).await?,
    ))
}

/// `POST /links/{id}/frames`
pub async fn put_frame(
    State(app): State<SharedApp>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<PutFrame>,
) -> ApiResult<StatusCode> {
    verified(&caller)?;
    service::put_frame(&app, caller.user, link_id(&id)?, &body.frame.0).await?;
    Ok(StatusCode::NO_CONTENT)
}
