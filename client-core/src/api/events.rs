//! What the engine tells without being asked.

use chatty_protocol::{ConvId, MsgId, UserId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::account::WhoAmI;
use super::chat::Chat;
use super::device::{Approval, Device};
use super::message::Message;
use super::person::ChatRequest;
use super::presence::Presence;
use super::state::ContactState;
use super::sync::SyncStatus;

words! {
    /// Something that must not be overlooked.
    pub enum AlarmKind {
        /// Two devices write under this device's identity: it must be replaced.
        Clone = "clone",
        /// This home was restored from an older copy.
        Restored = "restored",
        /// The relay showed older data than before.
        Rollback = "rollback",
        /// Somebody's device log is split in two.
        DeviceLogForked = "deviceLogForked",
        /// A conversation's log is split in two.
        ConversationForked = "conversationForked",
        /// A removed device may have received messages.
        RemovedDevice = "removedDevice",
        /// A verified person's device list may be out of date: none of their devices confirmed it
        /// for a week.
        DevicesStale = "devicesStale",
        /// Signed or sealed bytes failed their check; something forges.
        Forged = "forged",
        /// The store is damaged and opened for reading only.
        StoreDamaged = "storeDamaged",
        /// This device's clock differs by more than 10 minutes from the relay's.
        ClockSkew = "clockSkew",
        /// This device was removed from its account.
        DeviceRevoked = "deviceRevoked",
    }
}

/// One event; `{"event": name, …}` on every transport. Rows carry their whole new state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "event")]
pub enum Event {
    /// The connection or the progress of catching up changed.
    #[serde(rename = "sync.changed")]
    SyncChanged {
        /// New state.
        status: SyncStatus,
    },
    /// The account or this device's standing changed.
    #[serde(rename = "account.changed")]
    AccountChanged {
        /// New state; none when signed out.
        who: Option<WhoAmI>,
    },
    /// A conversation is new or changed.
    #[serde(rename = "chat.changed")]
    ChatChanged {
        /// New state.
        chat: Chat,
    },
    /// A conversation left the list.
    #[serde(rename = "chat.removed")]
    ChatRemoved {
        /// Conversation.
        #[ts(as = "String")]
        chat: ConvId,
    },
    /// A message is new.
    #[serde(rename = "message.added")]
    MessageAdded {
        /// The row.
        message: Message,
    },
    /// A message changed: state, text, reactions, expiry.
    #[serde(rename = "message.changed")]
    MessageChanged {
        /// The row.
        message: Message,
    },
    /// A message left the timeline: expired, or cancelled in the outbox.
    #[serde(rename = "message.removed")]
    MessageRemoved {
        /// Conversation.
        #[ts(as = "String")]
        chat: ConvId,
        /// The message.
        #[ts(as = "String")]
        id: MsgId,
    },
    /// Messages of somebody are missing, or came after all. Told again after a start.
    #[serde(rename = "message.missing")]
    MessageMissing {
        /// Conversation.
        #[ts(as = "String")]
        chat: ConvId,
        /// Whose.
        #[ts(as = "String")]
        user: UserId,
        /// How many gaps there are now; 0 = nothing of this person is missing any more.
        count: u64,
        /// Whether the timer explains it: expired while this device was away.
        expired: bool,
    },
    /// Somebody types, or stopped.
    #[serde(rename = "chat.typing")]
    ChatTyping {
        /// Conversation.
        #[ts(as = "String")]
        chat: ConvId,
        /// Who.
        #[ts(as = "String")]
        user: UserId,
        /// Whether it goes on.
        typing: bool,
    },
    /// A stranger asks.
    #[serde(rename = "request.added")]
    RequestAdded {
        /// The request.
        request: ChatRequest,
    },
    /// A device is new, waits, was approved, renamed or removed.
    #[serde(rename = "device.changed")]
    DeviceChanged {
        /// New state.
        device: Device,
    },
    /// An approval moved on; with step `compare` the user is asked.
    #[serde(rename = "approval.changed")]
    ApprovalChanged {
        /// New state.
        approval: Approval,
    },
    /// A person's account changed in a way that concerns trust.
    #[serde(rename = "person.changed")]
    PersonChanged {
        /// Who.
        #[ts(as = "String")]
        user: UserId,
        /// New state.
        state: ContactState,
    },
    /// Somebody came online or went, or sharing was turned on or off.
    #[serde(rename = "presence.changed")]
    PresenceChanged {
        /// New state.
        presence: Presence,
    },
    /// Something must not be overlooked.
    #[serde(rename = "alarm")]
    Alarm {
        /// What.
        kind: AlarmKind,
        /// The conversation concerned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        chat: Option<ConvId>,
        /// The person concerned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        user: Option<UserId>,
    },
    /// The outbox grew or shrank.
    #[serde(rename = "outbox.changed")]
    OutboxChanged {
        /// Things that wait.
        waiting: u64,
    },
    /// This listener was too slow and missed events: load everything shown again.
    #[serde(rename = "events.lost")]
    EventsLost {},
}
