//! `POST /account/reset` and `/account/reset/confirm` (D7).

use chatty_protocol::rest::{ConfirmReset, ResetPassword};
use chatty_protocol::sign::sha256;
use chatty_protocol::{ErrorCode, limits};
use data_encoding::BASE64URL_NOPAD;

use super::check::check_new_password;
use super::mail_job::{MailJob, put_mail, reset_key};
use super::normal_email;
use crate::notice::Notice;
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::account::Spent;

/// Has a token mailed to the address, if it is somebody's. The work here is the same for all.
pub async fn request_reset(app: &App, body: &ResetPassword) -> Served<()> {
    let not_an_address = || Refused::new(ErrorCode::Malformed).detail("not an e-mail address");
    let email = normal_email(&body.email).ok_or_else(not_an_address)?;
    let now = app.now_ms();
    let subject = BASE64URL_NOPAD.encode(&sha256(email.as_bytes()).0);
    let max = limits::EMAIL_SENDS_PER_DAY;
    let spent = app
        .store
        .spend(subject, "reset", 1, max, limits::DAY_MS, now)
        .await?;
    if let Spent::Over(ms) = spent {
        return Err(Refused::rate_limited(ms));
    }
    let key = reset_key(&email, now, app.random.bytes()?);
    put_mail(app, key, &MailJob::Reset { email }).await
}

/// Sets a new password and ends every session. What is reached afterwards is scope `pending`:
/// a mailbox never opens messages.
pub async fn confirm_reset(app: &App, body: &ConfirmReset) -> Served<()> {
    check_new_password(&body.password)?;
    let token = sha256(body.token.as_bytes()).0;
    let hash = app.hasher.hash(&body.password, &app.random).await?;
    let user = app.store.reset_password(token, hash, app.now_ms()).await?;
    let user = user.ok_or(ErrorCode::CodeExpired)?;
    app.notices
        .send(Notice::AccountSessionsEnded { user, except: None });
    Ok(())
}
