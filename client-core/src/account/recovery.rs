//! The recovery key between sign-up and the moment when the user has it in safety.

use chatty_crypto::identity;
use chatty_crypto::recovery::{RecoverySecret, RecoveryTextError};

use crate::api::account::{RecoveryConfirm, RecoveryKey};
use crate::api::{ApiError, Done, LocalCode, Secret};
use crate::engine::{Context, Fault};
use crate::store::account;

/// Shows the key as long as its secret is on this device.
pub fn show(context: &Context) -> Result<RecoveryKey, Fault> {
    context.look(|work| {
        let text = identity::recovery_key_text(&work.crypto)?;
        Ok(RecoveryKey {
            recovery_key: Secret::new(text.as_str()),
        })
    })
}

/// Compares what was typed; equal → the secret is erased.
pub fn confirm(context: &Context, params: &RecoveryConfirm) -> Result<Done, Fault> {
    let typed = params.recovery_key.expose();
    RecoverySecret::from_text(typed).map_err(mistyped)?;
    context.input(|work| {
        if !identity::confirm_recovery(&mut work.crypto, typed)? {
            return Err(Fault::rule(
                LocalCode::RecoveryMismatch,
                "This is another recovery key.",
            ));
        }
        if let Some(mut row) = account::get(work.db)? {
            row.recovery_confirmed = true;
            account::put(work.db, &row)?;
        }
        Ok(Done {})
    })
}

fn mistyped(error: RecoveryTextError) -> Fault {
    let hint = match error {
        RecoveryTextError::Length { .. } => String::new(),
        RecoveryTextError::Symbol { group } | RecoveryTextError::Check { group } => {
            format!("Look at group {group} again.")
        }
    };
    let error = ApiError::new(LocalCode::RecoveryMismatch, error.to_string()).hint(hint);
    Fault::Rule(Box::new(error))
}
