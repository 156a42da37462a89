//! Device certificates (protocol.md §7): the keys of a device, signed by itself.

use crate::codec::{DecodeError, Ext, V1};
use crate::sign::{Key, SignContext, Signed};
use crate::{DeviceId, UserId, wire_array};

wire_array! {
    /// Inner structure of a device certificate.
    pub struct Certificate {
        /// Always 1.
        pub version: V1,
        /// Suite of the keys below.
        pub suite: u64,
        /// Account that the device belongs to.
        pub user: UserId,
        /// Signing key of the device; verifies this certificate.
        pub ed25519: Key,
        /// Olm identity key of the device.
        pub curve25519: Key,
        /// Claimed time of creation, Unix ms; display only.
        pub created: u64,
        /// Suites the device can speak; contains 1.
        pub suites: Vec<u64>,
        /// Extensions.
        pub ext: Ext,
    }
}

/// A certificate whose shape and self-signature hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedCertificate {
    /// Id that follows from the signed bytes.
    pub device: DeviceId,
    /// What was signed.
    pub certificate: Certificate,
}

/// Opens a certificate: canonical form, self-signature, suites, identity key (A24).
pub fn check(signed: &Signed<Certificate>) -> Result<CheckedCertificate, DecodeError> {
    let certificate = signed.open()?;
    if certificate.ext.has_critical() {
        return Err(DecodeError::NeedsUpdate("certificate extension"));
    }
    if certificate.suite != crate::SUITE_1 || !certificate.suites.contains(&crate::SUITE_1) {
        return Err(DecodeError::NeedsUpdate("certificate suite"));
    }
    if crate::curve::is_weak(&certificate.curve25519) {
        return Err(DecodeError::Malformed("low-order identity key"));
    }
    if !signed.verified_by(&certificate.ed25519, SignContext::DeviceCert) {
        return Err(DecodeError::Malformed(
            "certificate not signed by its own key",
        ));
    }
    Ok(CheckedCertificate {
        device: DeviceId::of_certificate(signed.inner()),
        certificate,
    })
}
