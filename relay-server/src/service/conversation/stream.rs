//! One stream in memory: its verified state at the head, its senders, and what waits for it.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chatty_protocol::conversation_log::{ConvEntry, ConvState};
use chatty_protocol::sign::{Hash32, Head, Signed};
use chatty_protocol::{ConvId, DeviceId, ErrorCode, MsgId, UserId};
use tokio::sync::oneshot;

use crate::gateway::Route;

/// A lane-1 send on its way into the stream.
pub struct MessageIn {
    /// Socket that waits for 34 or 35.
    pub route: Arc<Route>,
    /// Message id.
    pub msg: MsgId,
    /// dev_seq.
    pub n: u64,
    /// Log head that the sender encrypted for.
    pub log_seq: u64,
    /// The encoded `send`.
    pub body: Bytes,
    /// SHA-256 of its ciphertext.
    pub ct_hash: Hash32,
    /// Bytes of the ciphertext.
    pub ct_len: usize,
    /// The device sends too fast: wait so many ms. A known n is answered all the same.
    pub over_rate: Option<u64>,
}

/// A membership entry on its way into the stream; its signature holds already.
pub struct EntryIn {
    /// The entry.
    pub entry: ConvEntry,
    /// As it was signed.
    pub signed: Signed<ConvEntry>,
    /// Bytes of the signed entry as received.
    pub bytes: Bytes,
    /// Whether the signing device is of class full.
    pub full: bool,
    /// Gets the answer.
    pub answer: oneshot::Sender<EntryAnswer>,
}

/// Stream number of the entry, or why not.
pub type EntryAnswer = Result<u64, EntryRefusal>;

/// Why an entry was not appended.
#[derive(Debug, Clone)]
pub struct EntryRefusal {
    /// Code of the refusal.
    pub code: ErrorCode,
    /// The head that won, with `stale_seq` and `conflict`.
    pub head: Option<Head>,
    /// Wait so long, with `quota`.
    pub retry_ms: Option<u64>,
    /// For a developer.
    pub detail: &'static str,
}

impl EntryRefusal {
    /// A refusal without a head.
    pub fn new(code: ErrorCode, detail: &'static str) -> Self {
        Self {
            code,
            head: None,
            retry_ms: None,
            detail,
        }
    }
}

/// What waits for the stream.
pub enum Pending {
    /// A message.
    Message(MessageIn),
    /// An entry.
    Entry(Box<EntryIn>),
}

impl Pending {
    /// Bytes that it will store.
    pub fn size(&self) -> usize {
        match self {
            Self::Message(message) => message.body.len(),
            Self::Entry(entry) => entry.bytes.len(),
        }
    }
}

/// What the stream knows of a sender device.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sender {
    /// Highest n that is stored or in flight.
    pub last_n: u64,
    /// n that was refused on this connection: everything above is `conflict` until it comes
    /// again (connection, n).
    pub refused: Option<(u64, u64)>,
}

/// The part behind the lock.
pub struct Inner {
    /// Newest durable stream number.
    pub head: u64,
    /// State at the newest entry; none before the stream is created.
    pub state: Option<Arc<ConvState>>,
    /// Senders that were loaded.
    pub senders: HashMap<DeviceId, Sender>,
    /// Invited users that deleted the request.
    pub hidden: BTreeSet<UserId>,
    /// Waits for the next append.
    pub queue: VecDeque<Pending>,
    /// In the ready list or in flight.
    pub scheduled: bool,
    /// Left the cache: whoever holds it loads anew.
    pub dead: bool,
}

/// One stream.
pub struct Stream {
    /// Which conversation.
    pub conv: ConvId,
    inner: Mutex<Inner>,
}

impl Stream {
    /// A stream at `head`.
    pub fn new(
        conv: ConvId,
        head: u64,
        state: Option<Arc<ConvState>>,
        hidden: BTreeSet<UserId>,
    ) -> Self {
        Self {
            conv,
            inner: Mutex::new(Inner {
                head,
                state,
                senders: HashMap::new(),
                hidden,
                queue: VecDeque::new(),
                scheduled: false,
                dead: false,
            }),
        }
    }

    /// The lock; held for memory work only, never across an await.
    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// State at the head, if the conversation exists.
    pub fn state(&self) -> Option<Arc<ConvState>> {
        self.lock().state.clone()
    }

    /// (stream head, state) at one moment.
    pub fn at(&self) -> (u64, Option<Arc<ConvState>>) {
        let inner = self.lock();
        (inner.head, inner.state.clone())
    }

    /// Whether the device's last n is in memory.
    pub fn knows(&self, device: &DeviceId) -> bool {
        self.lock().senders.contains_key(device)
    }

    /// Remembers a device's last n as the store has it, unless it is known by now.
    pub fn learn(&self, device: DeviceId, last_n: u64) {
        self.lock().senders.entry(device).or_insert(Sender {
            last_n,
            refused: None,
        });
    }
}

impl Inner {
    /// Users whose sockets get rows: members and invited ones, without those that hid it.
    pub fn audience<'a>(&'a self, state: &'a ConvState) -> impl Iterator<Item = &'a UserId> {
        state.entitled().filter(|user| !self.hidden.contains(user))
    }
}
