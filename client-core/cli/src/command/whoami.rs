//! `whoami`: works offline and while the device waits.

use crate::api::{AccountWhoAmI, ApiError, WhoAmI};

use crate::exit::Exit;
use crate::output::Output;
use crate::visit::Visit;

/// Prints this home's account and device.
pub async fn run(output: &Output, visit: &Visit<'_>) -> Result<Exit, ApiError> {
    let who = visit.handle.call(AccountWhoAmI {}).await?;
    output.row(&who, text);
    Ok(Exit::Done)
}

/// The row for people.
pub fn text(who: &WhoAmI) -> String {
    let verified = if who.verified_email {
        ""
    } else {
        ", e-mail not verified"
    };
    format!(
        "@{} on device {} ({}, {}{verified})",
        who.handle, who.device, who.class, who.device_state
    )
}
