//! Streams: one contiguous sequence per conversation, messages and membership entries together.

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

use super::StoreResult;
use super::conversation::LogChange;

/// Rows of one append call.
pub const APPEND_ROWS: usize = 100;
/// Body bytes of one append call.
pub const APPEND_BYTES: usize = 1024 * 1024;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// A log-lane message; its body is the encoded `send`.
    Message,
    /// A membership entry; its body is the signed entry.
    Log,
    /// A message whose content was purged; seq, device and n stay, the body is empty.
    Void,
}

/// What is to be appended.
#[derive(Debug, Clone)]
pub enum NewBody {
    /// A message.
    Message {
        /// Its id: with (conv, device, n) it tells a repeat from a clone.
        msg: MsgId,
        /// dev_seq, from 1, strictly rising per (conv, device), gaps allowed.
        n: u64,
        /// The encoded `send`, stored and given back as it is.
        body: Bytes,
        /// Unix ms after which purge empties the row; none = retention only.
        expires: Option<u64>,
    },
    /// A membership entry with the changes it makes to the member projection (n = −log_seq).
    Log(LogChange),
}

/// One row to append. The caller has validated it against the state at exactly the row before.
#[derive(Debug, Clone)]
pub struct NewRow {
    /// Sender.
    pub user: UserId,
    /// Sender device.
    pub device: DeviceId,
    /// Time of acceptance, Unix ms.
    pub time: u64,
    /// Message or entry.
    pub body: NewBody,
}

/// Rows of one stream, in order.
#[derive(Debug, Clone)]
pub struct Append {
    /// The stream.
    pub conv: ConvId,
    /// Stream head that the first row was validated on; 0 for a new conversation. Appends that
    /// are called one after the other may name the head that the one before will leave.
    pub base_head: u64,
    /// At most [`APPEND_ROWS`] rows and [`APPEND_BYTES`] bytes.
    pub rows: Vec<NewRow>,
}

/// Outcome of one row. (conv, device, n) is looked up before anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// Stored and durable.
    Accepted {
        /// Its stream number.
        seq: u64,
    },
    /// The same message (or the same entry bytes) is stored already.
    Original {
        /// Its stream number.
        seq: u64,
        /// Its time of acceptance, Unix ms.
        time: u64,
        /// The stored body (its SHA-256(ct) goes into the answer); empty when it was purged.
        body: Bytes,
    },
    /// The same n holds another message: two devices write under one identity. For an entry: its
    /// log_seq holds another entry.
    Cloned,
    /// n is at or below the device's last one and not stored (or too far back to find).
    Stale,
    /// A row of the same device before this one in the same call was `Cloned` or `Stale`.
    Behind,
    /// The stream is elsewhere: read on from `head`, validate again.
    Retry {
        /// Present stream head.
        head: u64,
    },
}

/// A stored row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// Stream number.
    pub seq: u64,
    /// What it is.
    pub kind: RowKind,
    /// Sender.
    pub user: UserId,
    /// Sender device.
    pub device: DeviceId,
    /// dev_seq; −log_seq for entries.
    pub n: i64,
    /// Time of acceptance, Unix ms.
    pub time: u64,
    /// Encoded `send`, or signed entry, or empty.
    pub body: Bytes,
}

/// Which way to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadFrom {
    /// Rising from the row after this one (or from the floor, if that is higher).
    After(u64),
    /// Falling from the row before this one, down to the floor.
    Before(u64),
}

/// A page of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Rows below are purged (entries among them stay readable through the log).
    pub floor: u64,
    /// Newest stream number.
    pub head: u64,
    /// Contiguous durable rows in **rising** order, also when read with `Before`.
    pub rows: Vec<StoredRow>,
}

/// Durable position of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamHead {
    /// Newest stream number.
    pub head: u64,
    /// Rows below are purged.
    pub floor: u64,
    /// Newest log number.
    pub log_seq: u64,
}

/// One membership entry of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Its own number, from 0.
    pub log_seq: u64,
    /// Its stream number.
    pub seq: u64,
    /// The signed entry as received.
    pub bytes: Bytes,
}

/// The newest mark of one device in one conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMark {
    /// Sender.
    pub user: UserId,
    /// Sender device.
    pub device: DeviceId,
    /// Time at the relay, Unix ms.
    pub time: u64,
    /// The encoded `send`.
    pub body: Bytes,
}

/// Streams, marks and their positions.
#[async_trait]
pub trait StreamStore: Send + Sync {
    /// Appends rows to one stream: a prefix of the new rows is stored, never a hole. One outcome
    /// per row. All rows of a call become durable together.
    async fn append(&self, append: Append) -> StoreResult<Vec<Appended>>;

    /// Appends to several streams in one commit; streams are independent of each other.
    async fn append_groups(&self, groups: Vec<Append>) -> StoreResult<Vec<Vec<Appended>>>;

    /// Reads at most `rows` (≤ 500) rows and about `bytes` (≤ 256 KiB, at least one row). A hole
    /// stops the read and is counted, never skipped. An unknown conversation is an empty page.
    async fn read(
        &self,
        conv: ConvId,
        from: ReadFrom,
        rows: usize,
        bytes: usize,
    ) -> StoreResult<Page>;

    /// Durable heads of ≤ 500 streams, in the order asked; none for an unknown one.
    async fn heads(&self, convs: Vec<ConvId>) -> StoreResult<Vec<Option<StreamHead>>>;

    /// Streams whose partition is in `first..=last` and that were appended to at or after
    /// `since`, newest first, at most `limit`.
    async fn recent(
        &self,
        partitions: std::ops::RangeInclusive<u16>,
        since: u64,
        limit: usize,
    ) -> StoreResult<Vec<(ConvId, u64)>>;

    /// Membership entries from number `from` on, at most `limit`.
    async fn log(&self, conv: ConvId, from: u64, limit: usize) -> StoreResult<Vec<LogRow>>;

    /// `(seq, n)` of the device's last accepted message per conversation, zeros if none, in the
    /// order asked.
    async fn own(&self, device: DeviceId, convs: Vec<ConvId>) -> StoreResult<Vec<(u64, u64)>>;

    /// Replaces the device's mark in a conversation. An unknown conversation is `NotFound`.
    async fn mark_put(
        &self,
        conv: ConvId,
        user: UserId,
        device: DeviceId,
        time: u64,
        body: Bytes,
    ) -> StoreResult<()>;

    /// Marks at or after `since`, oldest first.
    async fn marks(&self, conv: ConvId, since: u64) -> StoreResult<Vec<StoredMark>>;
}

/// Partition of a conversation: the first 12 bits behind its tag byte.
pub fn partition(conv: &ConvId) -> u16 {
    let bytes = conv.as_bytes();
    (u16::from(bytes[1]) << 4) | (u16::from(bytes[2]) >> 4)
}
