//! `GET` and `PUT /users/{id}/statement`: how long a log is, by one of its own full devices.

use chatty_protocol::rest::StatementBody;
use chatty_protocol::sign::{SignContext, Signed};
use chatty_protocol::statement::Statement;
use chatty_protocol::{DeviceId, ErrorCode, UserId, limits};

use super::FULL;
use crate::service::session::signing_key;
use crate::service::{Refused, Served};
use crate::state::App;

/// The newest statement of a user.
pub async fn statement(app: &App, user: UserId) -> Served<StatementBody> {
    let (bytes, _) = app
        .store
        .statement(user)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    Ok(StatementBody {
        statement: bytes.to_vec().into(),
    })
}

/// Keeps the caller's statement; at most one per day.
pub async fn put_statement(
    app: &App,
    user: UserId,
    device: DeviceId,
    body: &StatementBody,
) -> Served<()> {
    if body.statement.0.len() > limits::LOG_ENTRY_BYTES {
        return Err(ErrorCode::TooLarge.into());
    }
    let signed = Signed::<Statement>::from_bytes(&body.statement.0)?;
    let statement = signed.open()?;
    if statement.ext.has_critical() {
        return Err(ErrorCode::NeedsUpdate.into());
    }
    let row = app
        .store
        .device(device)
        .await?
        .ok_or(ErrorCode::UnknownDevice)?;
    if row.class != FULL || statement.user != user || statement.device != device {
        return Err(ErrorCode::NotAllowed.into());
    }
    if !signed.verified_by(&signing_key(&row)?, SignContext::HeadStatement) {
        return Err(ErrorCode::InvalidSignature.into());
    }
    let at = app
        .store
        .device_log_head(user)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    if statement.head != at.head {
        return Err(Refused::new(ErrorCode::StaleSeq).head(at.head));
    }
    let now = app.now_ms();
    if let Some((bytes, came)) = app.store.statement(user).await? {
        let again = came.saturating_add(limits::DAY_MS);
        if bytes[..] == body.statement.0[..] {
            return Ok(());
        }
        if now < again {
            return Err(Refused::rate_limited(again - now));
        }
    }
    let bytes = body.statement.0.clone().into();
    Ok(app.store.statement_put(user, bytes, now).await?)
}
