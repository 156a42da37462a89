//! Link mailboxes: the frames of one device approval (protocol.md §18).

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::{DeviceId, UserId};

use super::StoreResult;

/// A mailbox to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// Random id.
    pub id: [u8; 16],
    /// Account.
    pub user: UserId,
    /// Device that waits.
    pub device: DeviceId,
    /// First message of the approval.
    pub m1: Bytes,
    /// Now, Unix ms.
    pub now: u64,
    /// Closed from this time on, Unix ms.
    pub expires: u64,
    /// The device is forgotten after this time, Unix ms.
    pub pending_until: u64,
    /// Pending devices of one account, this one included.
    pub max_pending: usize,
}

/// An open mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: [u8; 16],
    /// Account.
    pub user: UserId,
    /// Device that waits.
    pub device: DeviceId,
    /// First message of the approval.
    pub m1: Bytes,
    /// Unix ms.
    pub created: u64,
    /// Unix ms.
    pub expires: u64,
}

/// Outcome of opening a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOpened {
    /// Open (or the very same one was open already: its id).
    Opened([u8; 16]),
    /// Too many devices wait.
    TooMany,
    /// The device is or was in a log.
    DeviceKnown,
}

/// Outcome of putting a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FramePut {
    /// Stored, or the same frame is stored already.
    Stored,
    /// No such open mailbox of this account.
    Gone,
    /// The mailbox is full.
    Full,
}

/// Link mailboxes.
#[async_trait]
pub trait LinkStore: Send + Sync {
    /// Opens a mailbox and notes its device as pending. An open one with the same m1 is returned.
    async fn link_open(&self, link: NewLink) -> StoreResult<LinkOpened>;

    /// Open mailboxes of an account.
    async fn links(&self, user: UserId, now: u64) -> StoreResult<Vec<Link>>;

    /// One open mailbox of an account with its frames in order.
    async fn link_frames(
        &self,
        user: UserId,
        id: [u8; 16],
        now: u64,
    ) -> StoreResult<Option<(Link, Vec<Bytes>)>>;

    /// Adds a frame; at most `max` in a mailbox. A repeat of a stored frame is harmless.
    async fn link_put(
        &self,
        user: UserId,
        id: [u8; 16],
        frame: Bytes,
        max: usize,
        now: u64,
    ) -> StoreResult<FramePut>;
}
