//! State of a device log at its head, with enough history to judge older positions.

use std::collections::BTreeMap;

use crate::certificate::Certificate;
use crate::sign::{Hash32, Head, Key, Signed};
use crate::{DeviceId, UserId};

use super::{Class, RevokeReason};

/// A device as the log knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRecord {
    /// The certificate as it stands in the log.
    pub cert: Signed<Certificate>,
    /// Signing key, from the certificate.
    pub ed25519: Key,
    /// Olm identity key, from the certificate.
    pub curve25519: Key,
    /// Present class.
    pub class: Class,
    /// Unix ms, 0 = never.
    pub expires: u64,
    /// Entry that added it.
    pub added_at: u64,
    /// Whether op 1 added it (init and recover devices are exempt from the 24-hour rule).
    pub added_by_op1: bool,
    /// Claimed time of that entry, Unix ms.
    pub added_time: u64,
    /// Entry that revoked it, with the reason.
    pub revoked: Option<(u64, RevokeReason)>,
}

/// A verified device log of one account, on one branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLog {
    /// Account.
    pub user: UserId,
    /// Newest entry.
    pub head: Head,
    /// Hash of every entry from 0 to the head, so that older heads can be compared.
    pub hashes: Vec<Hash32>,
    /// Current AIK.
    pub aik: Key,
    /// AIKs that were replaced by op 9: a `recover` by one of them wins at any epoch.
    pub replaced_aiks: Vec<Key>,
    /// Highest epoch seen.
    pub epoch: u64,
    /// Branch number: how many op 5 this log contains.
    pub branch: u64,
    /// Every device ever added, with its life.
    pub devices: BTreeMap<DeviceId, DeviceRecord>,
    /// Handle and relay origin that the log names.
    pub handle: Option<(String, String)>,
    /// Newest checkpoint: version, count, root.
    pub checkpoint: Option<(u64, u64, Hash32)>,
    /// Whether the account was closed.
    pub closed: bool,
}

impl DeviceLog {
    /// The device, if it is live at entry `seq` (position only, no clock).
    pub fn live_at(&self, device: &DeviceId, seq: u64) -> Option<&DeviceRecord> {
        let record = self.devices.get(device)?;
        let revoked = record.revoked.is_some_and(|(at, _)| at <= seq);
        let closed = self.closed && seq >= self.head.seq;
        (record.added_at <= seq && !revoked && !closed).then_some(record)
    }

    /// The device, if it is live at the head.
    pub fn live(&self, device: &DeviceId) -> Option<&DeviceRecord> {
        self.live_at(device, self.head.seq)
    }

    /// All devices that are live at the head.
    pub fn live_devices(&self) -> impl Iterator<Item = (&DeviceId, &DeviceRecord)> {
        self.devices
            .iter()
            .filter(|(id, _)| self.live(id).is_some())
    }

    /// Whether `head` lies on this branch.
    pub fn contains(&self, head: &Head) -> bool {
        let index = usize::try_from(head.seq).unwrap_or(usize::MAX);
        self.hashes.get(index) == Some(&head.hash)
    }
}
