//! What the engine gives to and gets from the Megolm side.

use chatty_protocol::envelope::{LANE_FLASH, LANE_LOG, LANE_MARK, Send};
use chatty_protocol::sign::{Hash32, Head, Key};
use chatty_protocol::{ConvId, DeviceId, UserId};

use crate::content::Content;
use crate::content::to_device::{ToDeviceBody, WithheldCode};

/// The three lanes of protocol.md §13.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Durable and ordered: text, edit, delete, reaction.
    Log,
    /// Durable, one row per device, replaced: receipts.
    Mark,
    /// Never stored: typing.
    Flash,
}

impl Lane {
    /// Number on the wire.
    pub fn number(self) -> u64 {
        match self {
            Self::Log => LANE_LOG,
            Self::Mark => LANE_MARK,
            Self::Flash => LANE_FLASH,
        }
    }

    /// Reads the number of the wire.
    pub fn from_number(number: u64) -> Option<Self> {
        [Self::Log, Self::Mark, Self::Flash]
            .into_iter()
            .find(|lane| lane.number() == number)
    }
}

/// A device with the account that it belongs to; `olm::Peer` is the same type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceRef {
    /// Account.
    pub user: UserId,
    /// Device.
    pub device: DeviceId,
}

/// A log-lane message that is *ready*: its bytes, number and predecessor are fixed, and every
/// encryption of it repeats them. The engine stores all three with the outbox row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// Number in this device's chain of the conversation, from 1.
    pub dev_seq: u64,
    /// Chain hash of the message before it; zeros at the first.
    pub prev: Hash32,
    /// Canonical bytes of the [`Content`].
    pub content: Vec<u8>,
}

/// Why a new generation began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// There was none.
    First,
    /// 100 messages.
    Messages,
    /// 24 hours, or 7 days with more than 100 recipient devices.
    Age,
    /// A leave, removal, policy change or rotate.
    Forced,
    /// A recipient device was revoked, expired or is not entitled any more.
    DeviceGone,
    /// The account identity key of a recipient changed.
    AikChanged,
    /// 1,000 indexes, marks and flashes included.
    Indexes,
    /// Asked for: the store was restored, or the rollback guard wants one.
    Requested,
}

/// Answer of [`prepare`](super::prepare).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prepared {
    /// The generation to encrypt with, and who still needs its key.
    Ready {
        /// Generation number.
        generation: u64,
        /// Why it began just now, if it did.
        started: Option<Started>,
        /// Devices that must have the key at the relay before the message leaves, in order.
        first: Vec<DeviceRef>,
        /// How many more devices follow in batches, after the message.
        later: usize,
    },
    /// Nothing of this lane is sent now: receipts and typing are off in large groups, and typing
    /// never starts a generation.
    Skip,
}

/// A message, mark or flash as the relay delivered it. `user` and `device` are the relay's claim.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// Sender as named by the relay.
    pub user: &'a UserId,
    /// Sender device as named by the relay.
    pub device: &'a DeviceId,
    /// Stream number; `None` for marks and flashes.
    pub seq: Option<u64>,
    /// Time of acceptance at the relay, Unix ms.
    pub time: u64,
    /// The envelope.
    pub send: &'a Send,
}

/// A message that passed every check. Replay row and chain are in the transaction's changes; the
/// engine adds text and cursor to the same commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Author, proven.
    pub user: UserId,
    /// Author's device, proven.
    pub device: DeviceId,
    /// What was said.
    pub content: Content,
    /// Number in that device's chain; 0 in marks and flashes.
    pub dev_seq: u64,
    /// Conversation head that the sender had.
    pub conv_head: Head,
    /// Sent under a membership older than the newest entry before its place in the stream.
    pub older_membership: bool,
    /// The key came from another of our own devices, not from the author.
    pub forwarded_key: bool,
    /// The sending device was copied; its messages are marked.
    pub cloned: bool,
}

/// Why a message cannot be read (yet).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// The to-device queue is not drained; the key may be in it.
    KeyComing,
    /// The queue is drained and the key did not come; ask with
    /// [`request_key`](super::request_key).
    KeyLate,
    /// Everybody who could have the key was asked, or its owner decided to withhold it.
    KeyLost {
        /// What the owner said, if it said anything.
        withheld: Option<WithheldCode>,
    },
    /// Sent before this user was invited.
    BeforeJoin,
    /// Sent before this device was linked.
    BeforeLink,
}

/// Why a message waits although its key is here; retried on the named event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// The sender knows a newer conversation log: fetch it.
    NeedConversationLog,
    /// The sender knows a newer log of its own devices: fetch it.
    NeedDeviceLog(UserId),
    /// The sender sees another history of the conversation log: ask for evidence (type 13).
    LogMismatch,
    /// The sender sees another history of its own device log: ask for evidence (type 13).
    DeviceLogMismatch(UserId),
    /// The device or its user is gone and the message is not (yet) linked to the cut.
    WaitingCut,
    /// Too many failures of this device within a minute; retried after it.
    TooManyFailures,
}

/// Why a message is kept as bytes and never shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quarantine {
    /// Signature, MAC or cipher.
    NotAuthentic,
    /// A ciphertext that was read before came under another id: not its sender's doing.
    Renamed,
    /// An index that was used before came with other bytes. Its sender signed both: the device was
    /// copied or put back, and what it wrote here cannot be read.
    IndexReused,
    /// Padding or canonical form.
    Malformed,
    /// The payload names other routing than the relay did.
    WrongBinding,
    /// Envelope and payload disagree.
    WrongEnvelope,
    /// The owner of the session was not a member, or its device not live, at the named heads.
    NotEntitled,
    /// Written under a generation after it was closed.
    AfterClose,
}

/// Verdict of one message, by the table of protocol.md §14.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Store and show.
    Show(Box<Shown>),
    /// No key, or not for us.
    Unreadable(Unreadable),
    /// Made by a newer program; keep the bytes.
    NeedsUpdate,
    /// Keep the bytes and judge again on the event.
    Hold(Hold),
    /// Keep bytes and reason for 7 days.
    Quarantine(Quarantine),
    /// Seen before.
    Ignore,
    /// Not worth keeping: count it and move on.
    Drop,
    /// The device wrote two histories: show nothing, warn.
    CloneAlarm,
}

/// Messages that are missing although a chain says that they exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Device whose messages are missing.
    pub device: DeviceId,
    /// They come before this number of that device (or are this number, for a position that
    /// another sender had read).
    pub before: u64,
    /// The conversation has a timer that could have expired them.
    pub maybe_expired: bool,
}

/// What a key item led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyOutcome {
    /// Stored: judge the waiting messages of this session again.
    Stored {
        /// Conversation.
        conv: ConvId,
        /// Owner device of the session.
        owner: DeviceId,
        /// Session.
        session: Key,
        /// The sender's conversation head is above ours: fetch the log.
        fetch_log: bool,
        /// Our own device log, as the sender knows it, ends before our last revoke: a removed
        /// device may have received messages.
        sender_missed_revoke: bool,
    },
    /// The key of a title and description: open the meta entry again.
    Meta {
        /// Conversation.
        conv: ConvId,
    },
    /// The owner says that no key comes from it: judge the waiting messages again.
    Withheld {
        /// Conversation.
        conv: ConvId,
    },
    /// Nothing new.
    Known,
    /// Refused; nothing stored.
    Rejected(&'static str),
    /// Two sessions under one generation: the device was copied.
    CloneAlarm {
        /// The device.
        device: DeviceId,
    },
}

/// What to do about a session key that did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Send this to that device.
    Send {
        /// Whom to ask.
        to: DeviceRef,
        /// The request.
        body: Box<ToDeviceBody>,
    },
    /// A request is open; wait for its answer.
    Open {
        /// Then the next one may be asked, Unix ms.
        until_ms: u64,
    },
    /// Everybody was asked.
    Exhausted,
    /// The hourly budget is used up; ask later.
    Later,
}

/// Own message numbers, for the outbox and the rollback guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnPosition {
    /// Newest number given to a ready message; 0 = none.
    pub ready: u64,
    /// Newest number that was encrypted and not refused; 0 = none.
    pub sent: u64,
}
