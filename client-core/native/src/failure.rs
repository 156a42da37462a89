//! Why an engine did not start, and what to do about it.

use chatty_core::api::{ApiError, LocalCode};
use chatty_core::store::StoreError;
use chatty_core::vault::VaultError;

use crate::lock::LockError;

/// Why an engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process uses the home.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The vault was not opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store was not opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The home folder cannot be used.
    #[error("the home folder cannot be used: {0}")]
    Home(std::io::Error),
    /// The home has an account at another relay.
    #[error("this home belongs to {0}")]
    OtherRelay(String),
    /// The machine refuses a thread or a TLS client.
    #[error("the engine cannot run here: {0}")]
    Machine(String),
}

impl From<StartError> for ApiError {
    fn from(error: StartError) -> Self {
        let text = error.to_string();
        let (code, hint) = match &error {
            StartError::Lock(LockError::Locked { pid }) => {
                let hint = format!("end process {pid}, or wait for it with --wait-lock SECONDS");
                return ApiError::new(LocalCode::HomeInUse, text).hint(hint);
            }
            StartError::Lock(LockError::Io(_)) | StartError::Home(_) => {
                (LocalCode::Storage, "choose another folder with --home")
            }
            StartError::Vault(error) => of_vault(error),
            StartError::Store(error) => of_store(error),
            StartError::OtherRelay(_) => (
                LocalCode::Invalid,
                "leave --relay out, or choose another home with --home",
            ),
            StartError::Machine(_) => (LocalCode::Fault, ""),
        };
        ApiError::new(code, text).hint(hint)
    }
}

fn of_vault(error: &VaultError) -> (LocalCode, &'static str) {
    match error {
        VaultError::Closed => (LocalCode::VaultLocked, "try the passphrase again"),
        VaultError::NoPassphrase => (
            LocalCode::VaultLocked,
            "set CHATTY_PASSPHRASE, or run it on a terminal",
        ),
        VaultError::TooShort => (LocalCode::VaultLocked, "take at least 8 characters"),
        VaultError::Missing => (
            LocalCode::VaultMissing,
            "put the vault file back, or choose another home",
        ),
        VaultError::Weak => (LocalCode::VaultWeak, "put the vault file back from a copy"),
        VaultError::Damaged => (
            LocalCode::VaultMissing,
            "put the vault file back from a copy",
        ),
        VaultError::TooNew => (LocalCode::StoreTooNew, "use the newer program"),
        VaultError::Unavailable(_) | VaultError::Fault => (LocalCode::Storage, ""),
    }
}

fn of_store(error: &StoreError) -> (LocalCode, &'static str) {
    match error {
        StoreError::Damaged | StoreError::WrongKey => (
            LocalCode::StoreDamaged,
            "put chatty.db back from a copy, or log in from a new home",
        ),
        StoreError::TooNew { .. } => (LocalCode::StoreTooNew, "use the newer program"),
        StoreError::Full => (LocalCode::DiskFull, "free some space and try again"),
        StoreError::Busy => (LocalCode::HomeInUse, "end the other process"),
        _ => (
            LocalCode::Storage,
            "look at the disk and at who may write in the home",
        ),
    }
}
