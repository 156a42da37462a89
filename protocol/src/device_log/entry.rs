//! Entries of a device log: operations and their bytes.

use crate::certificate::Certificate;
use crate::codec::Ext;
use crate::sign::{Hash32, Head, Key, SignContext, Signed};
use crate::{DeviceId, UserId};

/// What a device may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Everything.
    Full,
    /// A browser beside a native device: no log entries, no backup key, expires.
    Limited,
    /// Reserved.
    Bot,
}

impl Class {
    /// Number on the wire.
    pub fn number(self) -> u64 {
        match self {
            Self::Full => 1,
            Self::Limited => 2,
            Self::Bot => 3,
        }
    }

    /// Reads the number of the wire.
    pub fn from_number(number: u64) -> Option<Self> {
        [Self::Full, Self::Limited, Self::Bot]
            .into_iter()
            .find(|class| class.number() == number)
    }
}

crate::wire_number!(Class);

/// Why a device was revoked; shown, never acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeReason {
    /// Not said.
    None,
    /// The device signed out.
    SignedOut,
    /// The device was lost.
    Lost,
    /// The device expired.
    Expired,
    /// The device was copied.
    Cloned,
}

impl RevokeReason {
    const ALL: [Self; 5] = [
        Self::None,
        Self::SignedOut,
        Self::Lost,
        Self::Expired,
        Self::Cloned,
    ];

    /// Number on the wire.
    pub fn number(self) -> u64 {
        Self::ALL
            .iter()
            .position(|reason| *reason == self)
            .unwrap_or(0) as u64
    }

    /// Reads the number of the wire.
    pub fn from_number(number: u64) -> Option<Self> {
        usize::try_from(number)
            .ok()
            .and_then(|index| Self::ALL.get(index).copied())
    }
}

crate::wire_number!(RevokeReason);

/// An operation of the log with its body; who may sign which is in `apply`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceOp {
    /// 0: the account begins.
    Init {
        /// First account identity key.
        aik: Key,
        /// Certificate of the sign-up device.
        cert: Signed<Certificate>,
        /// Its class; always full.
        class: Class,
    },
    /// 1: a device joins.
    Add {
        /// Its certificate.
        cert: Signed<Certificate>,
        /// Its class.
        class: Class,
        /// Unix ms, 0 = never.
        expires: u64,
    },
    /// 2: class or expiry of a live device changes.
    Renew {
        /// The device.
        device: DeviceId,
        /// New class.
        class: Class,
        /// New expiry, 0 = never.
        expires: u64,
    },
    /// 3: a device leaves for ever.
    Revoke {
        /// The device.
        device: DeviceId,
        /// Display only.
        reason: RevokeReason,
    },
    /// 4: the handle that clients show.
    Handle {
        /// Handle without `@`.
        handle: String,
        /// Relay where it is valid.
        origin: String,
    },
    /// 5: a new start from the recovery key; the only entry that may leave a fork.
    Recover {
        /// Rises above every epoch seen.
        epoch: u64,
        /// Entry that this one follows.
        base: Head,
        /// Devices that stay.
        keep: Vec<DeviceId>,
        /// Certificate of the restored device, if it is new.
        cert: Option<Signed<Certificate>>,
        /// Its class.
        class: Class,
    },
    /// 6: a new AIK, made with the old one.
    RotateAik {
        /// New key.
        aik: Key,
        /// Its signature for `aik-accept` over `[user, seq]`.
        accept: [u8; 64],
    },
    /// 7: the backup's head.
    Checkpoint {
        /// Backup version, never lower than before.
        version: u64,
        /// Records.
        count: u64,
        /// Merkle root.
        root: Hash32,
    },
    /// 8: the account ends.
    Close,
    /// 9: a new AIK without the old one, announced before.
    ReplaceAik {
        /// New key.
        aik: Key,
        /// Its signature as in [`DeviceOp::RotateAik`].
        accept: [u8; 64],
    },
}

impl DeviceOp {
    /// Number on the wire.
    pub fn number(&self) -> u64 {
        match self {
            Self::Init { .. } => 0,
            Self::Add { .. } => 1,
            Self::Renew { .. } => 2,
            Self::Revoke { .. } => 3,
            Self::Handle { .. } => 4,
            Self::Recover { .. } => 5,
            Self::RotateAik { .. } => 6,
            Self::Checkpoint { .. } => 7,
            Self::Close => 8,
            Self::ReplaceAik { .. } => 9,
        }
    }
}

/// Inner structure of an entry: `dentry` of protocol.md §8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEntry {
    /// Account.
    pub user: UserId,
    /// Number, from 0.
    pub seq: u64,
    /// Hash of the entry before; zeros at 0.
    pub prev: Hash32,
    /// Operation and body.
    pub op: DeviceOp,
    /// Claimed time, Unix ms; display only.
    pub time: u64,
    /// Signing device, or none for the current AIK.
    pub signer: Option<DeviceId>,
    /// Extensions.
    pub ext: Ext,
}

impl DeviceEntry {
    /// Hash of a signed entry.
    pub fn hash_of(signed: &Signed<Self>) -> Hash32 {
        signed.entry_hash(SignContext::DeviceLog)
    }
}
