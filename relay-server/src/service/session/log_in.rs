//! `POST /sessions`: handle or e-mail and password, with or without a device's proof.

use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{LogIn, LoggedIn};
use chatty_protocol::sign::sha256;
use chatty_protocol::{ErrorCode, UserId, limits};
use data_encoding::BASE64URL_NOPAD;

use super::{issue, prove};
use crate::service::account::{check_password_size, normal_email};
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::account::Spent;

/// Begins a session. An unknown login costs the same work and gets the same answer as a wrong
/// password (D6); the budget is spent before any password is hashed (D19).
pub async fn log_in(app: &App, body: &LogIn) -> Served<LoggedIn> {
    check_password_size(&body.password)?;
    let user = find(app, &body.login).await?;
    spend_budget(app, user, &body.login).await?;
    let stored = match user {
        Some(user) => app.store.password(user).await?,
        None => None,
    };
    let fits = app.hasher.verify(&body.password, stored.as_deref()).await?;
    let user = user.filter(|_| fits).ok_or(ErrorCode::Unauthorised)?;
    let device = match &body.proof {
        Some(proof) => Some(prove(app, proof, Purpose::Login).await?),
        None => None,
    };
    if device.as_ref().is_some_and(|row| row.user != user) {
        return Err(ErrorCode::ProofRequired.into());
    }
    let log = app.store.device_log_head(user).await?;
    let log = log.ok_or(ErrorCode::Unauthorised)?;
    Ok(LoggedIn {
        user,
        head: log.head.into(),
        tokens: issue(app, user, device.map(|row| row.device)).await?,
    })
}

async fn find(app: &App, login: &str) -> Served<Option<UserId>> {
    if login.contains('@') {
        let Some(email) = normal_email(login) else {
            return Ok(None);
        };
        return Ok(app.store.by_email(email).await?);
    }
    if !chatty_protocol::handle::is_well_formed(login) {
        return Ok(None);
    }
    Ok(app.store.by_handle(login.to_owned()).await?)
}

/// Ten tries in 15 minutes: per account however it is named, per name where there is none.
async fn spend_budget(app: &App, user: Option<UserId>, login: &str) -> Served<()> {
    let subject = match user {
        Some(user) => user.to_string(),
        None => BASE64URL_NOPAD.encode(&sha256(login.as_bytes()).0),
    };
    let max = app.config.limits.log_ins_per_account;
    let window = limits::LOG_IN_WINDOW_MS;
    let spent = app
        .store
        .spend(subject, "log-in", 1, max, window, app.now_ms());
    match spent.await? {
        Spent::Granted(_) => Ok(()),
        Spent::Over(ms) => Err(Refused::rate_limited(ms)),
    }
}
