//! Login proofs (protocol.md §17): a live device signs a nonce of this very relay (D2).

use crate::codec::{Bytes, encode};
use crate::sign::{Key, SignContext, verify};
use crate::{DeviceId, wire_array};

wire_array! {
    /// What a device signs for `login-proof`.
    pub struct LoginProof {
        /// Origin of the relay that asked, so that another relay cannot pass the proof on.
        pub origin: String,
        /// Nonce from `GET /challenge`, one use, 60 s.
        pub nonce: Bytes,
        /// Device that signs.
        pub device: DeviceId,
        /// What the proof allows; see [`Purpose`].
        pub purpose: String,
        /// Claimed time, Unix ms.
        pub time: u64,
    }
}

/// What a proof may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A session of scope `device`.
    Login,
    /// The next refresh token.
    Refresh,
    /// Deleting the account.
    Close,
    /// Announcing a new AIK without the old one.
    ReplaceAik,
}

impl Purpose {
    /// Name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Refresh => "refresh",
            Self::Close => "close",
            Self::ReplaceAik => "replace-aik",
        }
    }
}

/// Whether `key` signed this proof.
pub fn verified(proof: &LoginProof, key: &Key, signature: &[u8; 64]) -> bool {
    verify(key, SignContext::LoginProof, &encode(proof), signature)
}
