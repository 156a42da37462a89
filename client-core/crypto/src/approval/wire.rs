//! Messages of a run and the frames that carry them through the link mailbox.

use chatty_protocol::certificate::{self, Certificate, CheckedCertificate};
use chatty_protocol::codec::{Bytes, DecodeError, Fixed, decode_exact, encode};
use chatty_protocol::sign::{Hash32, Head, Key, Signed, hash};
use chatty_protocol::{UserId, limits, wire_array};

use super::Stopped;

/// Step numbers of frames.
pub(super) const M1: u64 = 1;
pub(super) const M2: u64 = 2;
pub(super) const M3: u64 = 3;
pub(super) const M4: u64 = 4;
pub(super) const MAC_N: u64 = 5;
pub(super) const MAC_T: u64 = 6;
const STOP: u64 = 7;

wire_array! {
    /// One frame: `[step, bytes]`.
    pub struct LinkFrame {
        /// 1–4 messages, 5 and 6 MACs, 7 stop.
        pub step: u64,
        /// The message or MAC; empty in a stop.
        pub bytes: Bytes,
    }
}

impl LinkFrame {
    pub(super) fn new(step: u64, bytes: Vec<u8>) -> Self {
        Self {
            step,
            bytes: Bytes(bytes),
        }
    }

    /// Tells the other side that this run is over.
    pub fn stop() -> Self {
        Self::new(STOP, Vec::new())
    }

    /// Canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads canonical bytes, at most 4 KiB.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > limits::LINK_FRAME_BYTES {
            return Err(DecodeError::Malformed("link frame too long"));
        }
        decode_exact(bytes)
    }

    /// The bytes of the one step that may come now.
    pub(super) fn expect(&self, step: u64) -> Result<&[u8], Stopped> {
        match self.step {
            STOP => Err(Stopped::ByOther),
            found if found == step => Ok(&self.bytes.0),
            _ => Err(Stopped::Unexpected),
        }
    }
}

wire_array! {
    /// What the new device calls itself; shown to the user, proves nothing.
    pub struct Label {
        /// Name, at most 64 characters.
        pub name: String,
        /// Platform.
        pub platform: String,
    }
}

wire_array! {
    /// m1, N → T.
    pub struct Message1 {
        /// Random, so that no two runs have one transcript.
        pub txn: Fixed<16>,
        /// Certificate of the new device: exactly this one is signed into the log.
        pub cert: Signed<Certificate>,
        /// Account that it wants to join.
        pub user: UserId,
        /// The account's AIK as the new device sees it.
        pub aik: Key,
        /// Device-log head as the new device sees it.
        pub head: Head,
        /// What the new device calls itself.
        pub label: Label,
    }
}

wire_array! {
    /// m2, T → N.
    pub struct Message2 {
        /// [`commit`] to the ephemeral key and the view of T.
        pub commit: Hash32,
    }
}

wire_array! {
    /// m3, N → T.
    pub struct Message3 {
        /// Ephemeral X25519 key of N.
        pub eph: Key,
    }
}

wire_array! {
    /// t: what the trusted device is and sees.
    pub struct Trusted {
        /// Its certificate.
        pub cert: Signed<Certificate>,
        /// The account's AIK as it has it.
        pub aik: Key,
        /// Device-log head as it has it.
        pub head: Head,
    }
}

wire_array! {
    /// m4, T → N.
    pub struct Message4 {
        /// Ephemeral X25519 key of T.
        pub eph: Key,
        /// What m2 committed to beside the key.
        pub t: Trusted,
    }
}

/// `H("sas-commit", eph_T ‖ m1 ‖ t)`.
pub(super) fn commit(eph: &Key, m1: &[u8], t: &Trusted) -> Hash32 {
    hash("sas-commit", &[&encode(eph), m1, &encode(t)].concat())
}

/// A certificate that is well-formed, self-signed and of this account.
pub(super) fn check_certificate(
    cert: &Signed<Certificate>,
    user: &UserId,
) -> Result<CheckedCertificate, Stopped> {
    certificate::check(cert)
        .ok()
        .filter(|checked| checked.certificate.user == *user)
        .ok_or(Stopped::Certificate)
}
