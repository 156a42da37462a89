//! `GET /users/by-handle/{h}`: exact, limited, and silent about activity (B13).

use chatty_protocol::rest::FoundUser;
use chatty_protocol::{ErrorCode, UserId, handle, limits};

use super::{Refused, Served};
use crate::cache::{Rate, RateKind};
use crate::state::App;

/// Who has the handle. Somebody who blocked the caller, an unverified account and nobody at all
/// answer the same.
pub async fn by_handle(app: &App, caller: UserId, text: &str) -> Served<FoundUser> {
    let rate = Rate {
        burst: app.config.limits.lookup_burst,
        window_ms: limits::LOOKUP_WINDOW_MS,
    };
    let spent = app
        .cache
        .spend(RateKind::Lookup, caller.as_ref(), 1, rate, app.now_ms());
    spent.await.map_err(Refused::rate_limited)?;
    if !handle::is_well_formed(text) {
        return Err(ErrorCode::NotFound.into());
    }
    let user = app.store.by_handle(text.to_owned()).await?;
    let user = user.ok_or(ErrorCode::NotFound)?;
    let (_, blocks_caller) = app.store.blocked(caller, user).await?;
    let account = app.store.account(user).await?;
    if blocks_caller || !account.is_some_and(|a| a.verified && !a.closed) {
        return Err(ErrorCode::NotFound.into());
    }
    let at = app
        .store
        .device_log_head(user)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    Ok(FoundUser {
        user,
        head: at.head.into(),
    })
}
