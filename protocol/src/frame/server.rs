//! Frames from the relay to the client, numbers 33 to 50.

use std::collections::BTreeMap;

use crate::codec::{Any, Fixed};
use crate::envelope::Item;
use crate::sign::{Hash32, Head};
use crate::{ConvId, DeviceId, ErrorCode, MsgId, UserId, wire_array};

use super::row::{Changed, MarkRow, RowFrame};

/// Answer to `hello`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Unix ms.
    pub server_time: u64,
    /// Identity of the store; changes after a restore.
    pub incarnation: Fixed<16>,
    /// Items waiting; the queue is drained when as many have come.
    pub td_pending: u64,
    /// Limits that differ from `protocol::limits`.
    pub limits: BTreeMap<String, u64>,
    /// Conversations that changed, newest first, at most 200.
    pub changed: Vec<Changed>,
    /// 0 last frame, 1 another follows, 2 the older ones by REST.
    pub more: u64,
}

/// The heads that a `stale_log` refusal carries.
pub type StaleHeads = (u64, u64);

wire_array! {
    /// Frame 37 without its number, and one row of `GET /to-device`.
    pub struct TdItem {
        /// Sender as the relay names it.
        pub user: UserId,
        /// Sender device.
        pub device: DeviceId,
        /// Number of the item, rising per sender device.
        pub n: u64,
        /// The item.
        pub item: Item,
    }
}

/// What a doorbell names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doorbell {
    /// A conversation and its stream head.
    Conversation(ConvId, u64),
    /// A user (own, contact or co-member) and the device-log head.
    User(UserId, Head),
}

/// A frame from the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerFrame {
    /// 33
    Ready(Ready),
    /// 34: a send is durable.
    Accepted {
        /// Message.
        msg: MsgId,
        /// Conversation.
        conv: ConvId,
        /// Stream number; 0 for a mark.
        seq: u64,
        /// Time of acceptance, Unix ms.
        time: u64,
        /// SHA-256 of the ciphertext that is stored.
        ct_hash: Hash32,
    },
    /// 35: a send or batch was refused.
    Refused {
        /// `msg` of the send, or `n0` of the batch.
        what: Any,
        /// Why.
        code: ErrorCode,
        /// Wait this long before trying again; 0 = no use or at once.
        retry_ms: u64,
        /// `[log_seq, stream head]` with `stale_log`.
        heads: Option<StaleHeads>,
    },
    /// 36, 41, 49
    Row(RowFrame),
    /// 37
    TdItem(TdItem),
    /// 38
    TdAccepted {
        /// First number of the batch.
        n0: u64,
        /// (index, code) of the items that were refused.
        refused: Vec<(u64, ErrorCode)>,
    },
    /// 39
    Flash(MarkRow),
    /// 40
    Doorbell(Doorbell),
    /// 42
    Mark(MarkRow),
    /// 43
    Keys {
        /// One-time keys left.
        one_time_left: u64,
        /// Whether the fallback key was given away.
        fallback_used: bool,
    },
    /// 44: something happened in a link mailbox of this account.
    Link {
        /// The mailbox.
        id: Fixed<16>,
    },
    /// 45
    Pong,
    /// 46: the relay stops; connect again.
    Drain {
        /// Leave within this time.
        after_ms: u64,
    },
    /// 47: the socket is closed now.
    Bye {
        /// Why.
        code: ErrorCode,
    },
    /// 48: compare these conversations (none = all) by REST.
    Resync(Vec<ConvId>),
    /// 50: whether the other people of open direct conversations are online.
    Presence(Vec<(UserId, bool)>),
}
