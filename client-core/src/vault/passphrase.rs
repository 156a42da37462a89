//! The root key wrapped by a passphrase: Argon2id, then XChaCha20-Poly1305.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chatty_crypto::tx::Random;
use chatty_protocol::codec::{Bytes, Fixed, decode_exact, encode};
use chatty_protocol::{limits, wire_array};
use zeroize::Zeroizing;

use super::{RootKey, VaultError};

/// First element of the file, so that nothing else is taken for a vault.
const MAGIC: &str = "chatty-vault";
/// Version of the file.
const VERSION: u64 = 1;
/// Shortest passphrase, characters. The file can be copied and guessed at without limit.
pub const PASSPHRASE_CHARS: usize = 8;

wire_array! {
    /// Cost and salt of Argon2id.
    pub struct Cost {
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
    /// The vault's file. Everything but the ciphertext is authenticated with it.
    pub struct Vault {
        /// `chatty-vault`.
        pub magic: String,
        /// Version of the file.
        pub version: u64,
        /// Cost and salt.
        pub cost: Cost,
        /// Random nonce.
        pub nonce: Fixed<24>,
        /// Encrypted root key with its tag.
        pub ct: Bytes,
    }
}

/// Wraps a key at the floor of the parameters: 64 MiB, 3 passes. Slow on purpose; run it away from
/// the engine's thread.
pub fn wrap(
    key: &RootKey,
    passphrase: &str,
    random: &mut dyn Random,
) -> Result<Vec<u8>, VaultError> {
    if passphrase.chars().count() < PASSPHRASE_CHARS {
        return Err(VaultError::TooShort);
    }
    let (mut salt, mut nonce) = ([0; 16], [0; 24]);
    random.fill(&mut salt);
    random.fill(&mut nonce);
    let cost = Cost {
        kib: limits::WRAP_KIB,
        passes: limits::WRAP_PASSES,
        lanes: limits::WRAP_LANES,
        salt: Fixed(salt),
    };
    let aad = associated(&cost);
    let payload = Payload {
        msg: key.expose(),
        aad: &aad,
    };
    let ct = XChaCha20Poly1305::new(&(*derive(passphrase, &cost)?).into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| VaultError::Fault)?;
    Ok(encode(&Vault {
        magic: MAGIC.into(),
        version: VERSION,
        cost,
        nonce: Fixed(nonce),
        ct: Bytes(ct),
    }))
}

/// Opens a vault's file. Weak parameters are refused before anything is computed: whoever can
/// change the file must not be able to make the passphrase cheap to guess at the next save.
pub fn unwrap(file: &[u8], passphrase: &str) -> Result<RootKey, VaultError> {
    let vault: Vault = decode_exact(file).map_err(|_| VaultError::Damaged)?;
    if vault.magic != MAGIC {
        return Err(VaultError::Damaged);
    }
    if vault.version != VERSION {
        return Err(VaultError::TooNew);
    }
    let key = derive(passphrase, &vault.cost)?;
    let aad = associated(&vault.cost);
    let payload = Payload {
        msg: &vault.ct.0,
        aad: &aad,
    };
    let plain = XChaCha20Poly1305::new(&(*key).into())
        .decrypt(&XNonce::from(vault.nonce.0), payload)
        .map(Zeroizing::new)
        .map_err(|_| VaultError::Closed)?;
    let bytes: [u8; 32] = plain
        .as_slice()
        .try_into()
        .map_err(|_| VaultError::Damaged)?;
    Ok(RootKey::from_bytes(bytes))
}

fn associated(cost: &Cost) -> Vec<u8> {
    encode(&(MAGIC, VERSION, cost.clone()))
}

fn derive(passphrase: &str, cost: &Cost) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let in_range = |value: u64, floor: u64, ceiling: u64| {
        let allowed = (floor..=ceiling).contains(&value);
        let value = u32::try_from(value).ok().filter(|_| allowed);
        value.ok_or(VaultError::Weak)
    };
    let kib = in_range(cost.kib, limits::WRAP_KIB, limits::WRAP_KIB_MAX)?;
    let passes = in_range(cost.passes, limits::WRAP_PASSES, limits::WRAP_PASSES_MAX)?;
    let lanes = in_range(cost.lanes, limits::WRAP_LANES, limits::WRAP_LANES_MAX)?;
    let params = Params::new(kib, passes, lanes, Some(32)).map_err(|_| VaultError::Weak)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), &cost.salt.0, key.as_mut())
        .map_err(|_| VaultError::Weak)?;
    Ok(key)
}
