//! `/accounts`, `/account`, `/email`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chatty_protocol::ErrorCode;
use chatty_protocol::rest::{
    ChangePassword, ConfirmReset, DeleteAccount, Me, NewIdentity, ReplaceAik, ResetPassword,
    SignUp, SignedUp, VerifyEmail, Wait, Waits,
};

use super::error::ApiResult;
use super::extract::{AddressRange, Body, Caller, DeviceCaller, Path, VerifiedCaller};
use super::limit::anonymous;
use crate::service::account as service;
use crate::state::SharedApp;

/// `POST /accounts`
pub async fn sign_up(
    State(app): State<SharedApp>,
    range: AddressRange,
    Body(body): Body<SignUp>,
) -> ApiResult<(StatusCode, Json<SignedUp>)> {
    let signed_up = service::sign_up(&app, &range.0, &body).await?;
    Ok((StatusCode::CREATED, Json(signed_up)))
}

/// `GET /account`
pub async fn me(State(app): State<SharedApp>, caller: Caller) -> ApiResult<Json<Me>> {
    Ok(Json(service::me(&app, caller.user, caller.scope()).await?))
}

/// `DELETE /account`
pub async fn delete(
    State(app): State<SharedApp>,
    caller: Caller,
    Body(body): Body<DeleteAccount>,
) -> ApiResult<Response> {
    Ok(
        match service::delete(&app, caller.user, caller.device, &body).await? {
            None => StatusCode::NO_CONTENT.into_response(),
            Some(wait) => (StatusCode::ACCEPTED, Json(wait)).into_response(),
        },
    )
}

/// `POST /email/verify`
pub async fn verify_email(
    State(app): State<SharedApp>,
    caller: Caller,
    Body(body): Body<VerifyEmail>,
) -> ApiResult<StatusCode> {
    service::verify_email(&app, caller.user, caller.family, &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /email/resend`
pub async fn resend_email(State(app): State<SharedApp>, caller: Caller) -> ApiResult<StatusCode> {
    service::resend_email(&app, caller.user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /account/password`
pub async fn change_password(
    State(app): State<SharedApp>,
    caller: Caller,
    Body(body): Body<ChangePassword>,
) -> ApiResult<StatusCode> {
    service::change_password(&app, caller.user, caller.family, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /account/reset`
pub async fn request_reset(
    State(app): State<SharedApp>,
    range: AddressRange,
    Body(body): Body<ResetPassword>,
) -> ApiResult<StatusCode> {
    anonymous(&app, &range).await?;
    service::request_reset(&app, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /account/reset/confirm`
pub async fn confirm_reset(
    State(app): State<SharedApp>,
    range: AddressRange,
    Body(body): Body<ConfirmReset>,
) -> ApiResult<StatusCode> {
    anonymous(&app, &range).await?;
    service::confirm_reset(&app, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /account/identity`
pub async fn replace_identity(
    State(app): State<SharedApp>,
    caller: Caller,
    Body(body): Body<NewIdentity>,
) -> ApiResult<Json<Wait>> {
    require_verified(caller.verified)?;
    let wait = service::replace_identity(&app, caller.user, caller.device, &body).await?;
    Ok(Json(wait))
}

/// `PUT /account/replace-aik`
pub async fn replace_aik(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Body(body): Body<ReplaceAik>,
) -> ApiResult<Json<Wait>> {
    Ok(Json(
        service::announce_replace_aik(&app, caller.user, &body).await?,
    ))
}

/// `GET /account/waits`
pub async fn waits(State(app): State<SharedApp>, caller: Caller) -> ApiResult<Json<Waits>> {
    Ok(Json(service::waits(&app, caller.user).await?))
}

/// `DELETE /account/waits/{kind}`
pub async fn veto(
    State(app): State<SharedApp>,
    caller: DeviceCaller,
    Path(kind): Path<String>,
) -> ApiResult<StatusCode> {
    service::veto(&app, caller.user, kind).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn require_verified(verified: bool) -> ApiResult<()> {
    if verified {
        Ok(())
    } else {
        Err(ErrorCode::NotVerified.into())
    }
}
