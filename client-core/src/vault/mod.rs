//! The vault: where the root key of this home's store lives, and how it is opened.
//!
//! A random root key gives every other key by HKDF. A [`KeyStore`] keeps it: a passphrase
//! ([`passphrase`]) where nothing better exists, an operating system's keyring later. The key is
//! never on disk in the clear, and a missing key beside an existing store never makes a new one.

pub mod passphrase;

use chatty_crypto::tx::Random;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::store::DatabaseKey;

/// The root key of a home.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RootKey([u8; 32]);

impl RootKey {
    /// A new random one.
    pub fn generate(random: &mut dyn Random) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self(bytes)
    }

    /// Takes over bytes from a key store.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// For a key store that keeps it.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Key of the database.
    pub fn database(&self) -> Result<DatabaseKey, VaultError> {
        Ok(DatabaseKey::new(self.derive("database")?))
    }

    /// A key for another use: files of the cache, exports. One name, one use.
    pub fn derive(&self, name: &'static str) -> Result<[u8; 32], VaultError> {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, &self.0)
            .expand_multi_info(&[b"chatty/v1/home/", name.as_bytes(), &[0]], &mut key)
            .map_err(|_| VaultError::Fault)?;
        Ok(key)
    }
}

impl std::fmt::Debug for RootKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootKey(…)")
    }
}

/// Why a vault is not opened or not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Wrong passphrase, or changed bytes; the two look the same.
    #[error("the passphrase does not open this home")]
    Closed,
    /// A passphrase is needed and none was given.
    #[error("a passphrase is needed")]
    NoPassphrase,
    /// The parameters are weaker than this program accepts, or dearer than any machine can pay.
    #[error("the vault's parameters are out of range")]
    Weak,
    /// There is a store but no vault: nothing is made over it.
    #[error("there is a store but no key for it")]
    Missing,
    /// Not a vault.
    #[error("the vault's file is damaged")]
    Damaged,
    /// Of a newer program.
    #[error("the vault was written by a newer program")]
    TooNew,
    /// The passphrase is too short.
    #[error("the passphrase is too short")]
    TooShort,
    /// The keyring or the disk failed.
    #[error("the key store cannot be used: {0}")]
    Unavailable(String),
    /// A fault of this program.
    #[error("a key could not be derived")]
    Fault,
}

/// Something that keeps the root key.
pub trait KeyStore {
    /// The key, or none when there is no entry. "No entry" does not prove a first start: some
    /// keyrings say so while they are locked.
    fn open(&mut self) -> Result<Option<RootKey>, VaultError>;

    /// Keeps a new key; durable when it returns.
    fn create(&mut self, key: &RootKey, random: &mut dyn Random) -> Result<(), VaultError>;
}

/// Opens the vault of a home, or makes one for a home without a store.
pub fn unlock(
    keys: &mut dyn KeyStore,
    store_exists: bool,
    random: &mut dyn Random,
) -> Result<RootKey, VaultError> {
    if let Some(key) = keys.open()? {
        return Ok(key);
    }
    if store_exists {
        return Err(VaultError::Missing);
    }
    let key = RootKey::generate(random);
    keys.create(&key, random)?;
    Ok(key)
}
