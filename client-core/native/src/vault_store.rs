//! The vault as a file in the home, opened by a passphrase.

use std::path::PathBuf;

use chatty_core::api::Secret;
use chatty_core::vault::{KeyStore, RootKey, VaultError, passphrase};
use chatty_crypto::tx::Random;

use crate::files;

/// Asks for a passphrase; none = there is nobody to ask.
pub type AskPassphrase = Box<dyn Fn() -> Option<Secret> + Send>;

/// The vault's file.
pub struct PassphraseFile<'a> {
    path: PathBuf,
    ask: &'a AskPassphrase,
}

impl<'a> PassphraseFile<'a> {
    /// The vault at `path`.
    pub fn new(path: PathBuf, ask: &'a AskPassphrase) -> Self {
        Self { path, ask }
    }
}

impl KeyStore for PassphraseFile<'_> {
    fn open(&mut self) -> Result<Option<RootKey>, VaultError> {
        let Some(file) = files::read(&self.path).map_err(unavailable)? else {
            return Ok(None);
        };
        let passphrase = (self.ask)().ok_or(VaultError::NoPassphrase)?;
        passphrase::unwrap(&file, passphrase.expose()).map(Some)
    }

    fn create(&mut self, key: &RootKey, random: &mut dyn Random) -> Result<(), VaultError> {
        let passphrase = (self.ask)().ok_or(VaultError::NoPassphrase)?;
        let file = passphrase::wrap(key, passphrase.expose(), random)?;
        files::write_durable(&self.path, &file).map_err(unavailable)
    }
}

fn unavailable(error: std::io::Error) -> VaultError {
    VaultError::Unavailable(error.to_string())
}
