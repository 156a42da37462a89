//! `recovery show` and `recovery confirm`.

use crate::api::{ApiError, RecoveryConfirm, RecoveryShow};

use crate::args::Recovery;
use crate::exit::Exit;
use crate::input::Secrets;
use crate::output::Output;
use crate::visit::Visit;

/// Shows the key again, or takes it back and erases the secret.
pub async fn run(output: &Output, visit: &Visit<'_>, what: &Recovery) -> Result<Exit, ApiError> {
    match what {
        Recovery::Show => {
            let shown = visit.handle.call(RecoveryShow {}).await?;
            output.row(&shown, |shown| shown.recovery_key.expose().to_owned());
        }
        Recovery::Confirm => {
            let typed = Secrets::default().next("Recovery key", "CHATTY_RECOVERY_KEY")?;
            visit
                .handle
                .call(RecoveryConfirm {
                    recovery_key: typed,
                })
                .await?;
            output.say("Right. The key is erased from this device; keep the paper.");
        }
    }
    Ok(Exit::Done)
}
