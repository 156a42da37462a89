//! Conversations: list, look-up, reading, timer. Screens say *chat*.

use chatty_protocol::{ConvId, MsgId, UserId};

use super::message::Message;
use super::state::{ChatKind, ChatState, GapState, ReceiptLevel};

params! {
    /// Lists all conversations, the pinned ones first, then newest first; requests not included.
    #[derive(Default)]
    pub struct ChatList {}

    /// One row of the chat list.
    pub struct Chat {
        /// Conversation.
        #[ts(as = "String")]
        pub id: ConvId,
        /// Direct, group or notes to self.
        pub kind: ChatKind,
        /// Group title, or the other person's name or handle.
        pub title: String,
        /// The other person of a direct conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub with: Option<UserId>,
        /// Whether one can write.
        pub state: ChatState,
        /// Why it is held or frozen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub reason: Option<String>,
        /// Messages of others not read yet.
        pub unread: u64,
        /// Time of the newest message, or of the first entry, Unix ms.
        pub last_at_ms: u64,
        /// The newest row of its timeline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub last: Option<Message>,
        /// Whether a message that is not read yet names this user.
        pub mention: bool,
        /// What was typed as a new message and not sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub draft: Option<String>,
        /// Whether it stands above the others.
        pub pinned: bool,
        /// Whether it is put away.
        pub archived: bool,
        /// Until when it stays silent, Unix ms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub muted_until_ms: Option<u64>,
        /// Disappearing timer of new messages, seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub timer_s: Option<u64>,
    }

    /// Finds one conversation by what a person types: its id, a prefix of at least 8 characters,
    /// `@handle`, an invite link or an exact title.
    pub struct ChatResolve {
        /// As typed.
        pub name: String,
        /// Opens a direct conversation when the person has none yet.
        pub create: bool,
    }

    /// Pins, archives or mutes, on all devices of the account; what is not named stays.
    pub struct ChatSetFlags {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// Whether it stands above the others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub pinned: Option<bool>,
        /// Whether it is put away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub archived: Option<bool>,
        /// Until when it stays silent, Unix ms; 0 = not muted, 2^53 - 1 = for good.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub muted_until_ms: Option<u64>,
    }

    /// Shows what stands in no row of the timeline.
    pub struct ChatShowInfo {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
    }

    /// Messages that are held, and those that never came.
    pub struct ChatInfo {
        /// Sent by a device that its owner removed; held until its last entry covers them.
        pub held: u64,
        /// Per person. Known once this device has caught up.
        pub missing: Vec<Missing>,
    }

    /// Messages of one person that are not here.
    pub struct Missing {
        /// Whose.
        #[ts(as = "String")]
        pub user: UserId,
        /// How many gaps.
        pub count: u64,
        /// Why.
        pub state: GapState,
    }

    /// Marks everything up to a message as read.
    pub struct ChatRead {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// Newest message read; `None` = the newest there is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub up_to: Option<MsgId>,
    }

    /// Sets the disappearing timer for new messages.
    pub struct ChatSetTimer {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// Seconds; 0 = off.
        pub seconds: u64,
    }

    /// Tells which conversations are on the screen; replaces the list before.
    pub struct ChatOpen {
        /// At most 8.
        #[ts(as = "Vec<String>")]
        pub chats: Vec<ConvId>,
    }

    /// Says that this user types, or stopped.
    pub struct ChatTyping {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// Whether typing goes on.
        pub typing: bool,
    }

    /// Shows which receipts are given and shown.
    pub struct ChatReceipts {
        /// Conversation; none = what holds where nothing else is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub chat: Option<ConvId>,
    }

    /// Sets which receipts are given and shown, on all devices of the account.
    pub struct ChatSetReceipts {
        /// Conversation; none = everywhere where nothing else is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub chat: Option<ConvId>,
        /// The level; none = as everywhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub level: Option<ReceiptLevel>,
    }

    /// Which receipts are given and shown.
    pub struct Receipts {
        /// What holds.
        pub level: ReceiptLevel,
        /// What was set for exactly this; none = it follows.
        pub own: Option<ReceiptLevel>,
    }
}
