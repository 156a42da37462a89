//! Why a worker's engine did not start.

use chatty_core::api::{ApiError, LocalCode};
use chatty_core::engine::Fault;
use chatty_core::store::StoreError;
use chatty_core::vault::VaultError;

/// Why a worker's engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The browser lacks something, or refuses it in this mode.
    #[error("this browser does not give us {0}")]
    Browser(&'static str),
    /// The vault was not opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The browser has removed the store and left its key.
    #[error("the browser has removed what was kept here")]
    StoreGone,
    /// The store was not opened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<StartError> for ApiError {
    fn from(error: StartError) -> Self {
        let text = error.to_string();
        match error {
            StartError::Browser(_) => Self::new(LocalCode::Storage, text)
                .hint("use a newer browser, outside of private windows"),
            StartError::StoreGone => Self::new(LocalCode::StoreMissing, text)
                .hint("start over in this browser: log in again as a new device"),
            StartError::Vault(error) => of_vault(&error, text),
            StartError::Store(error) => Fault::from(error).into(),
        }
    }
}

fn of_vault(error: &VaultError, text: String) -> ApiError {
    match error {
        VaultError::Missing | VaultError::Damaged => ApiError::new(LocalCode::VaultMissing, text)
            .hint("the browser lost the key of this store: log in again from a new device"),
        VaultError::Unavailable(_) => ApiError::new(LocalCode::Storage, text)
            .hint("allow this site to keep data, and open it by https"),
        _ => ApiError::new(LocalCode::Fault, text),
    }
}
