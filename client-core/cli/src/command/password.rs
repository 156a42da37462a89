//! `password change` and `password reset`.

use crate::api::{AccountChangePassword, AccountConfirmReset, AccountRequestReset, ApiError};

use crate::args::{Args, Password};
use crate::exit::{Exit, usage};
use crate::input::Secrets;
use crate::output::Output;
use crate::visit::Visit;

/// Changes the password of the login. It never opens a message: keys have their own way back.
pub async fn run(
    args: &Args,
    output: &Output,
    visit: &Visit<'_>,
    what: &Password,
) -> Result<Exit, ApiError> {
    let mut secrets = Secrets::default();
    match what {
        Password::Change => {
            let old = secrets.next("Present password", "CHATTY_PASSWORD")?;
            let new = secrets.next("New password", "CHATTY_NEW_PASSWORD")?;
            visit
                .handle
                .call(AccountChangePassword { old, new })
                .await?;
            output.say("The password is changed; other sessions have ended.");
        }
        Password::Reset { confirm: true, .. } => {
            let token = secrets.next("Token from the mail", "CHATTY_RESET_TOKEN")?;
            let password = secrets.next("New password", "CHATTY_NEW_PASSWORD")?;
            let relay = args.relay.clone();
            visit
                .handle
                .call(AccountConfirmReset {
                    relay,
                    token,
                    password,
                })
                .await?;
            output.say("The password is set. Log in with it: chatty login --handle …");
        }
        Password::Reset {
            email,
            confirm: false,
        } => {
            let email = email
                .clone()
                .ok_or_else(|| usage("name the address with --email"))?;
            let relay = args.relay.clone();
            visit
                .handle
                .call(AccountRequestReset { relay, email })
                .await?;
            output.say("If there is such an account, a mail is on its way.");
        }
    }
    Ok(Exit::Done)
}
