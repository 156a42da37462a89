//! E-mail codes and the password of the login. None of it touches a key.

use chatty_protocol::rest::{ChangePassword, ConfirmReset};

use super::canonical;
use crate::api::Done;
use crate::api::account::{
    AccountChangePassword, AccountConfirmReset, AccountRequestReset, AccountVerifyEmail,
};
use crate::engine::{Context, Fault};
use crate::store::account;
use crate::sync::session;

/// Types the code of the mail.
pub async fn verify_email(context: &Context, params: &AccountVerifyEmail) -> Result<Done, Fault> {
    let code = params.code.trim();
    session::with(context, async |rest| rest.verify_email(code).await).await?;
    crate::kill_point!("verify.answered");
    context.input(|work| {
        if let Some(mut row) = account::get(work.db)? {
            row.verified_email = true;
            account::put(work.db, &row)?;
        }
        super::who::changed(work)
    })?;
    context.link.borrow_mut().ended = None;
    context.hurry.ring();
    Ok(Done {})
}

/// Asks for another mail.
pub async fn resend_code(context: &Context) -> Result<Done, Fault> {
    session::with(context, async |rest| rest.resend_email().await).await?;
    Ok(Done {})
}

/// Changes the password.
pub async fn change(context: &Context, params: &AccountChangePassword) -> Result<Done, Fault> {
    let body = ChangePassword {
        old: params.old.expose().to_owned(),
        new: params.new.expose().to_owned(),
    };
    session::with(context, async |rest| rest.change_password(&body).await).await?;
    Ok(Done {})
}

/// Asks for a mail with a reset token.
pub async fn request_reset(context: &Context, params: &AccountRequestReset) -> Result<Done, Fault> {
    let origin = origin_of(context, params.relay.as_deref())?;
    let rest = session::rest(context, &origin, None);
    rest.reset_password(params.email.trim()).await?;
    Ok(Done {})
}

/// Sets a new password with the token of the mail.
pub async fn confirm_reset(context: &Context, params: &AccountConfirmReset) -> Result<Done, Fault> {
    let origin = origin_of(context, params.relay.as_deref())?;
    let body = ConfirmReset {
        token: params.token.expose().trim().to_owned(),
        password: params.password.expose().to_owned(),
    };
    let rest = session::rest(context, &origin, None);
    rest.confirm_reset(&body).await?;
    Ok(Done {})
}

fn origin_of(context: &Context, relay: Option<&str>) -> Result<String, Fault> {
    match relay {
        Some(relay) => canonical(relay),
        None => Ok(super::current(context)?.relay),
    }
}
