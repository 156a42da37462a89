//! Device logs, devices and head statements.

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::{DeviceId, Hash32, Head, UserId};

use super::StoreResult;

/// What a device-log entry does to one device.
#[derive(Debug, Clone)]
pub enum DeviceChange {
    /// Certified: live from now on.
    Add {
        /// The device.
        device: DeviceId,
        /// Its signed certificate.
        cert: Bytes,
        /// Class number of protocol.md §8.
        class: u8,
        /// Unix ms, 0 = never.
        expires: u64,
    },
    /// Class and expiry anew.
    Renew {
        /// The device.
        device: DeviceId,
        /// Class number.
        class: u8,
        /// Unix ms, 0 = never.
        expires: u64,
    },
    /// Revoked for good: its keys, families and inbox go.
    Revoke {
        /// The device.
        device: DeviceId,
    },
}

/// A validated entry to append to a device log.
#[derive(Debug, Clone)]
pub struct NewDeviceEntry {
    /// Whose log.
    pub user: UserId,
    /// Newest head that the entry was validated on; none for `init`.
    pub on: Option<LogHead>,
    /// Number of the entry. On `recover` it may be taken on the branch that it leaves.
    pub seq: u64,
    /// Its `prev`: must be the hash of the head, on `recover` that of the base.
    pub prev: Hash32,
    /// Its own hash.
    pub hash: Hash32,
    /// Op 5: the entry opens branch + 1.
    pub recover: bool,
    /// Op `close`: the deletion of the account starts in the same transaction.
    pub close: bool,
    /// The signed entry as received.
    pub bytes: Bytes,
    /// Done in the same transaction.
    pub changes: Vec<DeviceChange>,
    /// Now, Unix ms.
    pub now: u64,
}

/// Outcome of an append to a device log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceAppended {
    /// Stored.
    Stored(LogHead),
    /// The very same bytes are stored at this place: a repeat.
    Repeated(LogHead),
    /// Another entry was first; the head that won.
    Stale(LogHead),
}

/// Newest position of a device log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    /// Newest branch.
    pub branch: u64,
    /// Newest entry on it.
    pub head: Head,
}

/// Entries of one branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLogPage {
    /// Branch of the entries.
    pub branch: u64,
    /// Newest entry of that branch.
    pub head: Head,
    /// Signed entries in order. A branch holds its own entries only, from its `recover` on;
    /// entries before that are on the branch it left.
    pub entries: Vec<Bytes>,
}

/// Life of a device at the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceState {
    /// Waits for approval (link mailbox open).
    Pending,
    /// Live in the log.
    Live,
    /// Revoked.
    Revoked,
}

/// A device as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// The device.
    pub device: DeviceId,
    /// Its account.
    pub user: UserId,
    /// Signed certificate; empty while pending.
    pub cert: Bytes,
    /// Class number; 0 while pending.
    pub class: u8,
    /// Life.
    pub state: DeviceState,
    /// Unix ms, 0 = never.
    pub expires: u64,
    /// When the relay took the entry that added it, Unix ms.
    pub added: u64,
    /// Unix ms, 0 = never.
    pub last_seen: u64,
}

/// Device logs and devices.
#[async_trait]
pub trait DeviceStore: Send + Sync {
    /// Compare-and-swap append; certificate, revocation and key deletion in the same transaction.
    async fn device_log_append(&self, entry: NewDeviceEntry) -> StoreResult<DeviceAppended>;

    /// Newest position of a log.
    async fn device_log_head(&self, user: UserId) -> StoreResult<Option<LogHead>>;

    /// The same for ≤ 500 users; unknown ones are left out.
    async fn device_log_heads(&self, users: Vec<UserId>) -> StoreResult<Vec<(UserId, LogHead)>>;

    /// Entries of a branch (none = newest) from number `from` on, ≤ 500. None = unknown user or
    /// branch.
    async fn device_log(
        &self,
        user: UserId,
        branch: Option<u64>,
        from: u64,
        limit: usize,
    ) -> StoreResult<Option<DeviceLogPage>>;

    /// Every entry that leads to the newest head, from 0 across branches: what `DeviceLog::apply`
    /// is fed with.
    async fn device_log_whole(&self, user: UserId) -> StoreResult<Vec<Bytes>>;

    /// One device.
    async fn device(&self, device: DeviceId) -> StoreResult<Option<DeviceRow>>;

    /// Devices of a user, oldest first.
    async fn devices(&self, user: UserId) -> StoreResult<Vec<DeviceRow>>;

    /// Notes that the device was connected. Callers round to the hour and call once per hour.
    async fn device_seen(&self, device: DeviceId, time: u64) -> StoreResult<()>;

    /// Keeps the newest head statement of a user.
    async fn statement_put(&self, user: UserId, bytes: Bytes, now: u64) -> StoreResult<()>;

    /// The newest statement and when it came, Unix ms.
    async fn statement(&self, user: UserId) -> StoreResult<Option<(Bytes, u64)>>;
}
