//! `account delete`, `account waits`, `account veto`.

use crate::api::{AccountDelete, AccountVeto, AccountWaits, ApiError};

use crate::args::Account;
use crate::exit::Exit;
use crate::input::confirm;
use crate::output::{Output, time};
use crate::visit::Visit;

/// Deletes the account, or lists and stops announced changes of it.
pub async fn run(output: &Output, visit: &Visit<'_>, what: &Account) -> Result<Exit, ApiError> {
    match what {
        Account::Delete { yes } => {
            let question = "Delete the account, its devices and its place in every chat?";
            if !yes && !confirm(output, question) {
                return Ok(Exit::Refused);
            }
            let deleted = visit.handle.call(AccountDelete { password: None }).await?;
            output.row(&deleted, |deleted| match deleted.due_ms {
                Some(due) => format!("The account will be deleted on {}.", time(due)),
                None => "The account is deleted.".to_owned(),
            });
        }
        Account::Waits => {
            let waits = visit.handle.call(AccountWaits {}).await?;
            output.rows(&waits, "Nothing is announced.", |wait| {
                format!("{} on {}", wait.kind, time(wait.due_ms))
            });
        }
        Account::Veto { kind } => {
            visit
                .handle
                .call(AccountVeto { kind: kind.clone() })
                .await?;
            output.say("Stopped.");
        }
    }
    Ok(Exit::Done)
}
