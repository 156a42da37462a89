//! A passphrase as an additional wrap of the recovery secret (protocol.md §6).

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chatty_protocol::codec::{Bytes, DecodeError, Fixed, decode_exact, encode};
use chatty_protocol::{UserId, limits, wire_array};
use zeroize::Zeroizing;

use super::{RecoverySecret, SECRET_LEN};
use crate::tx::Random;

wire_array! {
    /// Cost and salt of the key derivation.
    pub struct WrapParameters {
        /// Memory, KiB.
        pub kib: u64,
        /// Passes.
        pub passes: u64,
        /// Lanes.
        pub lanes: u64,
        /// Random salt.
        pub salt: Fixed<16>,
    }
}

wire_array! {
    /// A wrapped recovery secret, as it is stored away from the device.
    pub struct WrappedSecret {
        /// Version of the wrap; part of what is authenticated.
        pub version: u64,
        /// Cost and salt.
        pub parameters: WrapParameters,
        /// Random nonce.
        pub nonce: Fixed<24>,
        /// Encrypted secret with its tag.
        pub ct: Bytes,
    }
}

/// Why a wrap is not made or not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrapError {
    /// Cheaper to guess than this program accepts, or dearer than any device can pay.
    #[error("key derivation parameters out of range")]
    Parameters,
    /// Wrong passphrase, another account, or changed bytes; the three look the same.
    #[error("the passphrase does not open this")]
    Closed,
    /// Not a wrapped secret.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

impl WrappedSecret {
    /// Canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads canonical bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode_exact(bytes)
    }
}

/// Wraps the secret with the floor parameters; takes about a third of a second on purpose.
pub fn wrap(
    secret: &RecoverySecret,
    user: &UserId,
    version: u64,
    passphrase: &str,
    random: &mut dyn Random,
) -> Result<WrappedSecret, WrapError> {
    let (mut salt, mut nonce) = ([0; 16], [0; 24]);
    random.fill(&mut salt);
    random.fill(&mut nonce);
    let parameters = WrapParameters {
        kib: limits::WRAP_KIB,
        passes: limits::WRAP_PASSES,
        lanes: limits::WRAP_LANES,
        salt: Fixed(salt),
    };
    let key = derive(passphrase, &parameters)?;
    let aad = encode(&(*user, version, parameters.clone()));
    let payload = Payload {
        msg: secret.as_bytes(),
        aad: &aad,
    };
    let ct = XChaCha20Poly1305::new(&(*key).into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| WrapError::Closed)?;
    Ok(WrappedSecret {
        version,
        parameters,
        nonce: Fixed(nonce),
        ct: Bytes(ct),
    })
}

/// Opens a wrap. Parameters below the floor are refused before anything is computed, so a relay
/// cannot hand out a cheap wrap to guess against.
pub fn open_wrap(
    wrapped: &WrappedSecret,
    user: &UserId,
    passphrase: &str,
) -> Result<RecoverySecret, WrapError> {
    let key = derive(passphrase, &wrapped.parameters)?;
    let aad = encode(&(*user, wrapped.version, wrapped.parameters.clone()));
    let payload = Payload {
        msg: &wrapped.ct.0,
        aad: &aad,
    };
    let plain = XChaCha20Poly1305::new(&(*key).into())
        .decrypt(&XNonce::from(wrapped.nonce.0), payload)
        .map(Zeroizing::new)
        .map_err(|_| WrapError::Closed)?;
    let secret: [u8; SECRET_LEN] = plain.as_slice().try_into().map_err(|_| WrapError::Closed)?;
    Ok(RecoverySecret::from_bytes(secret))
}

fn derive(passphrase: &str, parameters: &WrapParameters) -> Result<Zeroizing<[u8; 32]>, WrapError> {
    let in_range = |value: u64, floor: u64, ceiling: u64| {
        (floor..=ceiling)
            .contains(&value)
            .then(|| u32::try_from(value).ok())
            .flatten()
            .ok_or(WrapError::Parameters)
    };
    let kib = in_range(parameters.kib, limits::WRAP_KIB, limits::WRAP_KIB_MAX)?;
    let passes = in_range(
        parameters.passes,
        limits::WRAP_PASSES,
        limits::WRAP_PASSES_MAX,
    )?;
    let lanes = in_range(parameters.lanes, limits::WRAP_LANES, limits::WRAP_LANES_MAX)?;
    let params = Params::new(kib, passes, lanes, Some(32)).map_err(|_| WrapError::Parameters)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), &parameters.salt.0, key.as_mut())
        .map_err(|_| WrapError::Parameters)?;
    Ok(key)
}
