//! What is known of the connection right now. Nothing of it is durable: a new connection begins
//! with an empty one.

use std::collections::{BTreeMap, BTreeSet};

use chatty_crypto::olm::Peer;
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

use super::socket::Outgoing;
use crate::api::ApiError;
use crate::api::state::LinkState;
use crate::store::mark::OwnMark;

/// The connection.
pub struct Link {
    /// As shells see it.
    pub state: LinkState,
    /// Sending half of the socket, after `ready`.
    pub out: Option<Outgoing>,
    /// Rises with every connection; work that began under another one is void.
    pub number: u64,
    /// Items that were waiting at connect and have not come yet.
    pub items_left: u64,
    /// Newest item of each sender that came on this connection: a repeat is none that waited.
    pub items_seen: BTreeMap<DeviceId, u64>,
    /// The last item came just now; what follows from it is still to be done.
    pub drain_due: bool,
    /// It was done on this connection.
    pub drain_done: bool,
    /// People whose device logs were compared with the relay since the connect.
    pub compared: BTreeSet<UserId>,
    /// Conversations whose rows or log must be read by REST, the newest first.
    pub behind: BTreeSet<ConvId>,
    /// Log number of each conversation as the relay says.
    pub log_heads: BTreeMap<ConvId, u64>,
    /// Whether everything that changed while away was looked at once.
    pub caught_up: bool,
    /// Messages and marks that wait for their answer.
    pub in_flight: BTreeMap<MsgId, Flight>,
    /// Number of the first item of the batch that waits for its answer.
    pub batch: Option<u64>,
    /// Items that were committed and must be acknowledged: sender → number.
    pub acks: BTreeMap<DeviceId, u64>,
    /// Stream numbers that were committed.
    pub row_acks: BTreeMap<ConvId, u64>,
    /// People whose device logs must be compared again.
    pub people: BTreeSet<UserId>,
    /// Own devices must be looked after: expired, used, or of too high a class.
    pub own_devices: bool,
    /// What the relay said of the one-time keys: how many are left, fallback used.
    pub keys: Option<(u64, bool)>,
    /// Items in the outbox that carry the key of a conversation.
    pub key_items: BTreeMap<i64, (ConvId, Peer)>,
    /// Number of the newest key item of each conversation: a message leaves after it.
    pub barriers: BTreeMap<ConvId, i64>,
    /// Conversations in which devices behind the first ones still need the key.
    pub sharing: BTreeSet<ConvId>,
    /// Receipts that wait for their answer.
    pub marks: BTreeMap<ConvId, OwnMark>,
    /// No batch of items before this time, Unix ms.
    pub items_not_before_ms: u64,
    /// Gaps whose rows were asked for once more on this connection.
    pub gaps_asked: BTreeSet<(ConvId, DeviceId, u64)>,
    /// When typing was last told, monotonic ms.
    pub typed: BTreeMap<ConvId, u64>,
    /// Who types where, and until when that is shown, monotonic ms.
    pub typing: BTreeMap<(ConvId, UserId), u64>,
    /// Whether the relay was told on this connection that presence is shared.
    pub shares: bool,
    /// Who is online, as the relay says.
    pub online: BTreeSet<UserId>,
    /// Conversations on the screen.
    pub open: Vec<ConvId>,
    /// The relay was put back from a copy; what it lost is given to it.
    pub restored: bool,
    /// `ready` had no room for all conversations.
    pub more_by_rest: bool,
    /// Why the last attempt to connect ended.
    pub ended: Option<ApiError>,
    /// When the next connection is tried, Unix ms.
    pub retry_at_ms: Option<u64>,
    /// When a key of a new own device may be claimed next, and the wait before it, monotonic ms.
    pub promise_turn: Option<(u64, u64)>,
    /// When the last frame came, monotonic ms.
    pub heard_ms: u64,
    /// The relay's clock minus ours, ms.
    pub clock_ms: i64,
}

/// Something that was sent and not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flight {
    /// Conversation.
    pub conv: ConvId,
    /// Whether it is a mark.
    pub mark: bool,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            state: LinkState::SignedOut,
            out: None,
            number: 0,
            items_left: 0,
            items_seen: BTreeMap::new(),
            drain_due: false,
            drain_done: false,
            compared: BTreeSet::new(),
            behind: BTreeSet::new(),
            log_heads: BTreeMap::new(),
            caught_up: false,
            in_flight: BTreeMap::new(),
            batch: None,
            acks: BTreeMap::new(),
            row_acks: BTreeMap::new(),
            people: BTreeSet::new(),
            own_devices: true,
            keys: None,
            key_items: BTreeMap::new(),
            barriers: BTreeMap::new(),
            sharing: BTreeSet::new(),
            marks: BTreeMap::new(),
            items_not_before_ms: 0,
            gaps_asked: BTreeSet::new(),
            typed: BTreeMap::new(),
            typing: BTreeMap::new(),
            shares: false,
            online: BTreeSet::new(),
            open: Vec::new(),
            restored: false,
            more_by_rest: false,
            ended: None,
            retry_at_ms: None,
            promise_turn: None,
            heard_ms: 0,
            clock_ms: 0,
        }
    }
}

impl Link {
    /// Whether the socket is up and `ready` was read.
    pub fn is_up(&self) -> bool {
        self.out.is_some()
    }

    /// Whether every item that waited at connect has come.
    pub fn drained(&self) -> bool {
        self.is_up() && self.items_left == 0
    }

    /// Forgets everything that belongs to one connection.
    pub fn down(&mut self) {
        *self = Self {
            state: self.state,
            number: self.number + 1,
            retry_at_ms: self.retry_at_ms,
            open: std::mem::take(&mut self.open),
            ..Self::default()
        };
    }
}
