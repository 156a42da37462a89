//! `GET /account`.

use chatty_protocol::rest::Me;
use chatty_protocol::{ErrorCode, UserId};

use crate::service::Served;
use crate::service::token::Scope;
use crate::state::App;

/// The caller's own account.
pub async fn me(app: &App, user: UserId, scope: Scope) -> Served<Me> {
    let account = app
        .store
        .account(user)
        .await?
        .ok_or(ErrorCode::Unauthorised)?;
    Ok(Me {
        user,
        handle: account.handle.unwrap_or_default(),
        verified_email: account.verified,
        scope: scope.as_str().to_owned(),
    })
}
