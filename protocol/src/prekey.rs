//! Signed one-time and fallback keys (protocol.md §9, A16).

use crate::codec::{Bytes, DecodeError, Ext, Fixed, V1};
use crate::sign::{Key, SignContext, Signed};
use crate::{DeviceId, UserId, curve, wire_array};

/// `kind` of a one-time key record.
pub const KIND_ONE_TIME: u64 = 1;
/// `kind` of a fallback key record.
pub const KIND_FALLBACK: u64 = 2;

wire_array! {
    /// Inner structure of a published key.
    pub struct KeyRecord {
        /// Always 1.
        pub version: V1,
        /// Suite of the key.
        pub suite: u64,
        /// Owner account.
        pub user: UserId,
        /// Owner device.
        pub device: DeviceId,
        /// 1 one-time, 2 fallback; 3 and 4 are reserved for ML-KEM.
        pub kind: u64,
        /// Number of the key, unique per (device, kind).
        pub id: u64,
        /// Public key, 32 bytes for kinds 1 and 2.
        pub public: Bytes,
        /// Claimed time, Unix ms.
        pub created: u64,
        /// Extensions.
        pub ext: Ext,
    }
}

/// Opens a key record and checks that `device` of `user` signed it with `key`.
pub fn check(
    signed: &Signed<KeyRecord>,
    user: &UserId,
    device: &DeviceId,
    key: &Key,
) -> Result<KeyRecord, DecodeError> {
    let record = signed.open()?;
    let context = match record.kind {
        KIND_ONE_TIME => SignContext::Otk,
        KIND_FALLBACK => SignContext::Fallback,
        _ => return Err(DecodeError::NeedsUpdate("key kind")),
    };
    if record.ext.has_critical() || record.suite != crate::SUITE_1 {
        return Err(DecodeError::NeedsUpdate("key record"));
    }
    let public = record.public.0.as_slice().try_into();
    let public = public.map_err(|_| DecodeError::Malformed("public key of the wrong length"))?;
    if curve::is_weak(&Fixed(public)) {
        return Err(DecodeError::Malformed("low-order public key"));
    }
    if record.user != *user || record.device != *device {
        return Err(DecodeError::Malformed("key record of another device"));
    }
    if !signed.verified_by(key, context) {
        return Err(DecodeError::Malformed(
            "key record not signed by its device",
        ));
    }
    Ok(record)
}
