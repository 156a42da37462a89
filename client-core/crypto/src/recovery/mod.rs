//! The recovery secret: 160 random bits from which the account identity key and the vault,
//! record and index keys come (protocol.md §6).

mod text;
mod wrap;

use chatty_protocol::UserId;
use hkdf::Hkdf;
use sha2::Sha256;
use vodozemac::Ed25519SecretKey;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::tx::Random;

pub use text::RecoveryTextError;
pub use wrap::{WrapError, WrapParameters, WrappedSecret, open_wrap, wrap};

/// Length of the secret in bytes.
pub const SECRET_LEN: usize = 20;

/// The secret itself. Erased from memory when dropped; has no `Debug` and no `Display`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RecoverySecret([u8; SECRET_LEN]);

/// Names of the keys that are derived from the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyName {
    /// Opens the vault with backup key and pins.
    Vault,
    /// Opens one backup record.
    Record,
    /// Hides the index of the backup.
    Index,
}

impl KeyName {
    fn as_str(self) -> &'static str {
        match self {
            Self::Vault => "vault",
            Self::Record => "record",
            Self::Index => "index",
        }
    }
}

impl RecoverySecret {
    /// A new secret.
    pub fn generate(random: &mut dyn Random) -> Self {
        let mut bytes = [0; SECRET_LEN];
        random.fill(&mut bytes);
        Self(bytes)
    }

    /// The secret with these bytes.
    pub fn from_bytes(bytes: [u8; SECRET_LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes; keep no copy.
    pub fn as_bytes(&self) -> &[u8; SECRET_LEN] {
        &self.0
    }

    /// The recovery key as text: 8 groups of 4 symbols and a check symbol, joined by hyphens.
    pub fn to_text(&self) -> Zeroizing<String> {
        text::write(&self.0)
    }

    /// Reads what a person typed: any case, spaces, hyphens, and the usual confusions of letters
    /// and digits. A mistake is reported with the group that it is in.
    pub fn from_text(typed: &str) -> Result<Self, RecoveryTextError> {
        text::read(typed).map(Self)
    }

    /// The account identity key: HKDF-SHA256 without salt, info `"chatty/v1/aik" ‖ 0x00`.
    pub fn aik(&self) -> Ed25519SecretKey {
        let seed = self.expand(None, b"chatty/v1/aik\0");
        Ed25519SecretKey::from_slice(&seed)
    }

    /// `K(name)`: salt = user, info = `"chatty/v1/" ‖ name ‖ 0x00 ‖ u32be backup version`.
    pub fn key(&self, name: KeyName, user: &UserId, version: u32) -> Zeroizing<[u8; 32]> {
        let mut info = b"chatty/v1/".to_vec();
        info.extend_from_slice(name.as_str().as_bytes());
        info.push(0);
        info.extend_from_slice(&version.to_be_bytes());
        self.expand(Some(user.as_bytes()), &info)
    }

    fn expand(&self, salt: Option<&[u8]>, info: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0; 32]);
        // 32 bytes are far below HKDF's maximum of 255 blocks, so expanding cannot fail.
        let _infallible = Hkdf::<Sha256>::new(salt, &self.0).expand(info, out.as_mut());
        out
    }
}
