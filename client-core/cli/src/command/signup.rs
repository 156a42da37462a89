//! `signup`, `verify-email`, `resend-code`.

use crate::api::{AccountResendCode, AccountSignUp, AccountVerifyEmail, ApiError};

use crate::args::Args;
use crate::exit::Exit;
use crate::home;
use crate::input::Secrets;
use crate::output::Output;
use crate::visit::Visit;

/// Makes an account; the recovery key is printed here, once.
pub async fn run(
    args: &Args,
    output: &Output,
    visit: &Visit<'_>,
    handle: &str,
    email: &str,
) -> Result<Exit, ApiError> {
    let call = AccountSignUp {
        relay: home::relay(args)?,
        handle: handle.to_owned(),
        email: email.to_owned(),
        password: Secrets::default().next("Password", "CHATTY_PASSWORD")?,
        device_name: None,
    };
    let made = visit.handle.call(call).await?;
    output.row(&made, |made| {
        format!(
            "You are @{}.\n\nRecovery key, the only way back when all devices are lost. Write it down:\n\n    {}\n\n\
             Then: chatty recovery confirm, and chatty verify-email CODE with the code from the mail.",
            made.handle,
            made.recovery_key.expose(),
        )
    });
    Ok(Exit::Done)
}

/// Types the code of the mail.
pub async fn verify(output: &Output, visit: &Visit<'_>, code: &str) -> Result<Exit, ApiError> {
    visit
        .handle
        .call(AccountVerifyEmail {
            code: code.trim().to_owned(),
        })
        .await?;
    output.say("The address is verified. You can write now: chatty send @somebody 'hello'");
    Ok(Exit::Done)
}

/// Asks for another mail.
pub async fn resend(output: &Output, visit: &Visit<'_>) -> Result<Exit, ApiError> {
    visit.handle.call(AccountResendCode {}).await?;
    output.say("A mail with a new code is on its way.");
    Ok(Exit::Done)
}
