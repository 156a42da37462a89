//! Inboxes: to-device items per recipient device until it acknowledges them.

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::{DeviceId, UserId};

use super::StoreResult;

/// One item of a batch; its number is the batch's n0 + its index.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Recipient device.
    pub to: DeviceId,
    /// The encoded item.
    pub body: Bytes,
    /// Dropped after this time, Unix ms.
    pub expires: u64,
    /// Recipient is a device of the sender's own account: may use the reserved quarter.
    pub own: bool,
    /// The caller refuses it (dormant, blocked, …): the number is used up, nothing stored.
    pub refused: bool,
}

/// A batch of one sender device.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// Sender account.
    pub user: UserId,
    /// Sender device.
    pub device: DeviceId,
    /// Number of the first item, from 1.
    pub n0: u64,
    /// At most 128 items, at most one per recipient.
    pub items: Vec<NewItem>,
    /// Now, Unix ms.
    pub now: u64,
}

/// Outcome of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemPut {
    /// Waits for its recipient, or was stored before.
    Stored,
    /// The recipient's inbox, or this sender's share of it, is full.
    Full,
    /// No such live device.
    Unknown,
    /// As the caller said.
    Refused,
}

/// A waiting item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredItem {
    /// Place in the inbox; rises with arrival and is never given again.
    pub place: u64,
    /// Sender account.
    pub user: UserId,
    /// Sender device.
    pub device: DeviceId,
    /// Number, rising per sender device.
    pub n: u64,
    /// The encoded item.
    pub body: Bytes,
}

/// Waiting items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxPage {
    /// In order of arrival, rising n per sender.
    pub items: Vec<StoredItem>,
    /// How many wait in all, these included.
    pub pending: u64,
}

/// Inboxes.
#[async_trait]
pub trait InboxStore: Send + Sync {
    /// Stores a batch in one transaction; one outcome per item. A repeat stores nothing twice.
    async fn inbox_put(&self, batch: NewBatch) -> StoreResult<Vec<ItemPut>>;

    /// Items behind `after` (a `place`; 0 = from the start), at most `items` and about `bytes`.
    /// Expired ones are left out. Deletes nothing.
    async fn inbox_take(
        &self,
        recipient: DeviceId,
        after: u64,
        items: usize,
        bytes: usize,
        now: u64,
    ) -> StoreResult<InboxPage>;

    /// Deletes every item up to n of each named sender; idempotent. Returns how many went.
    async fn inbox_ack(&self, recipient: DeviceId, upto: Vec<(DeviceId, u64)>) -> StoreResult<u64>;
}
