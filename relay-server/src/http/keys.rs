//! `/keys`.

use axum::Json;
use axum::extract::State;
use chatty_protocol::rest::{ClaimKeys, ClaimedKeys, KeyCount, PutKeys};

use super::error::ApiResult;
use super::extract::{Body, DeviceCaller, VerifiedCaller};
use crate::service::prekey::{self as service, Claimer};
use crate::state::SharedApp;

/// `PUT /keys`
pub async fn put(
    State(app): State<SharedApp>,
    caller: DeviceCaller,
    Body(body): Body<PutKeys>,
) -> ApiResult<Json<KeyCount>> {
    let count = service::put_keys(&app, caller.user, caller.device, &body).await?;
    Ok(Json(count))
}

/// `GET /keys/count`
pub async fn count(
    State(app): State<SharedApp>,
    caller: DeviceCaller,
) -> ApiResult<Json<KeyCount>> {
    Ok(Json(service::count(&app, caller.device).await?))
}

/// `POST /keys/claim`
pub async fn claim(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Body(body): Body<ClaimKeys>,
) -> ApiResult<Json<ClaimedKeys>> {
    let claimer = Claimer {
        user: caller.user,
        device: caller.device,
    };
    Ok(Json(service::claim(&app, claimer, &body).await?))
}
