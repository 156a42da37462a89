//! `PUT /account/password`.

use chatty_protocol::rest::ChangePassword;
use chatty_protocol::{ErrorCode, UserId, limits};

use super::check::check_new_password;
use super::check_password_size;
use crate::notice::Notice;
use crate::service::token::sid;
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::account::Spent;
use crate::store::session::FamilyId;

/// Sets a new password; every other session ends.
pub async fn change_password(
    app: &App,
    user: UserId,
    session: FamilyId,
    body: &ChangePassword,
) -> Served<()> {
    check_new_password(&body.new)?;
    confirm_password(app, user, &body.old).await?;
    let hash = app.hasher.hash(&body.new, &app.random).await?;
    app.store.set_password(user, hash, Some(session)).await?;
    app.notices.send(Notice::AccountSessionsEnded {
        user,
        except: Some(sid(&session)),
    });
    Ok(())
}

/// Whether the password is the account's; spends from the same budget as a log-in, so that a
/// stolen session is no way to guess.
pub(super) async fn confirm_password(app: &App, user: UserId, password: &str) -> Served<()> {
    check_password_size(password)?;
    let max = app.config.limits.log_ins_per_account;
    let window = limits::LOG_IN_WINDOW_MS;
    let spent = app
        .store
        .spend(user.to_string(), "log-in", 1, max, window, app.now_ms());
    if let Spent::Over(ms) = spent.await? {
        return Err(Refused::rate_limited(ms));
    }
    let stored = app.store.password(user).await?;
    if app.hasher.verify(password, stored.as_deref()).await? {
        Ok(())
    } else {
        Err(Refused::new(ErrorCode::NotAllowed).detail("the password is wrong"))
    }
}
