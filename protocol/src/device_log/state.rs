//! State of a device log at its head, with enough history to judge older positions.

use std::collections::BTreeMap;

use crate::certificate::Certificate;
use crate::sign::{Hash32, Head, Key, Signed};
use crate::{DeviceId, UserId, wire_array};

use super::{Class, RevokeReason};

wire_array! {
    /// A device as the log knows it.
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
        /// (entry, class, expires) of every change, oldest first.
        pub history: Vec<(u64, Class, u64)>,
    }
}

impl DeviceRecord {
    /// Class of the device at entry `seq`.
    pub fn class_at(&self, seq: u64) -> Class {
        let change = self.history.iter().rev().find(|(at, _, _)| *at <= seq);
        change.map_or(self.class, |(_, class, _)| *class)
    }
}

wire_array! {
    /// A verified device log of one account, on one branch. Encodes canonically, so that a
    /// snapshot of it can be stored; a snapshot never travels.
    pub struct DeviceLog {
        /// Account.
        pub user: UserId,
        /// Newest entry.
        pub head: Head,
        /// Hash of every entry from 0 to the head, so that older heads can be compared.
        pub hashes: Vec<Hash32>,
        /// Current AIK.
        pub aik: Key,
        /// (entry, AIK) of every change, oldest first.
        pub aiks: Vec<(u64, Key)>,
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
        /// (entry, handle, origin) of every change, oldest first.
        pub handles: Vec<(u64, String, String)>,
        /// Newest checkpoint: version, count, root.
        pub checkpoint: Option<(u64, u64, Hash32)>,
        /// Whether the account was closed.
        pub closed: bool,
        /// Entries of branches that a `recover` left: hash → (own seq, seq of the base).
        pub left: BTreeMap<Hash32, (u64, u64)>,
    }
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

    /// Position at which something signed under `head` is judged: its own number on this branch,
    /// the base of the `recover` on a branch that was left, or none when the head is unknown.
    pub fn position(&self, head: &Head) -> Option<u64> {
        if self.contains(head) {
            return Some(head.seq);
        }
        self.left
            .get(&head.hash)
            .filter(|(seq, _)| *seq == head.seq)
            .map(|(_, base)| *base)
    }

    /// AIK that was in force at entry `seq`.
    pub fn aik_at(&self, seq: u64) -> Key {
        let change = self.aiks.iter().rev().find(|(at, _)| *at <= seq);
        change.map_or(self.aik, |(_, aik)| *aik)
    }
}
