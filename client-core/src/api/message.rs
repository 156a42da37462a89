//! Messages: send, list, search, change.

use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

use super::state::{MessageState, SendState};

words! {
    /// What a stretch of a text is.
    pub enum SpanKind {
        /// An address of the web.
        Link = "link",
        /// A person who is named.
        Mention = "mention",
    }
}

params! {
    /// A stretch of a text with a meaning.
    pub struct Span {
        /// Its first place, in UTF-16 units.
        pub start: u64,
        /// The place behind it.
        pub end: u64,
        /// What it is.
        pub kind: SpanKind,
        /// The address, as it stands in the text, or the person's id.
        pub target: String,
    }

    /// One message row.
    pub struct Message {
        /// Message; fixed when it is written, the same for life.
        #[ts(as = "String")]
        pub id: MsgId,
        /// Conversation.
        #[ts(as = "String")]
        pub conv: ConvId,
        /// Stream number; null while in the outbox.
        pub seq: Option<u64>,
        /// Sender.
        #[ts(as = "String")]
        pub from: UserId,
        /// Sender's device.
        #[ts(as = "String")]
        pub from_device: DeviceId,
        /// Time of acceptance at the relay (own unsent: of writing), Unix ms.
        pub at_ms: u64,
        /// Where it stands, or why `text` is null.
        pub state: MessageState,
        /// The text; null where it cannot be read.
        pub text: Option<String>,
        /// Links and mentions in the text, in its order, without overlap.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<Span>>", optional)]
        pub spans: Vec<Span>,
        /// Whether the sender changed it.
        pub edited: bool,
        /// Whether the sender deleted it.
        pub deleted: bool,
        /// The message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub reply_to: Option<MsgId>,
        /// One row per emoji.
        pub reactions: Vec<Reaction>,
        /// When it disappears, Unix ms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub expires_at_ms: Option<u64>,
        /// People named in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<String>>", optional)]
        pub mentions: Vec<UserId>,
        /// With state `failed`: the code. With a held state: what is waited for. With `keyLost`: what
        /// the owner of the key said, if anything. With a text: `cloned`, two devices write under the
        /// sender's identity and either may have written it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub reason: Option<String>,
        /// Who had left already when it was accepted; the sender did not know yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub older_membership: Option<UserId>,
    }

    /// The people who reacted with one emoji.
    pub struct Reaction {
        /// The emoji.
        pub emoji: String,
        /// Who, in the order of reacting.
        #[ts(as = "Vec<String>")]
        pub by: Vec<UserId>,
    }

    /// Reads a page of a conversation, oldest first: its newest rows, or those around one place.
    pub struct MessageList {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// At most this many rows, 1 to 500.
        pub limit: u64,
        /// Only rows before this message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub before: Option<MsgId>,
        /// Only rows after this message. One place at most is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub after: Option<MsgId>,
        /// This message with half of the rows before it and half after it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub around: Option<MsgId>,
    }

    /// Reads one message.
    pub struct MessageGet {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// The message.
        #[ts(as = "String")]
        pub message: MsgId,
    }

    /// Reads what a message said before it was changed.
    pub struct MessageVersions {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// The message.
        #[ts(as = "String")]
        pub message: MsgId,
    }

    /// Shows who has an own message and who read it; receipts give no time of their own.
    pub struct MessageReceipts {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// The message.
        #[ts(as = "String")]
        pub message: MsgId,
    }

    /// One person's receipt.
    pub struct MessageReceipt {
        /// The person.
        #[ts(as = "String")]
        pub user: UserId,
        /// `delivered` or `read`.
        pub state: MessageState,
    }

    /// One version of a text.
    pub struct MessageVersion {
        /// The text.
        pub text: String,
        /// When the relay took it (own unsent: of writing), Unix ms; 0 = not known any more.
        pub at_ms: u64,
        /// People named in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<String>>", optional)]
        pub mentions: Vec<UserId>,
    }

    /// Writes a message.
    pub struct MessageSend {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// At most 64 KiB of UTF-8.
        pub text: String,
        /// The message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub reply_to: Option<MsgId>,
        /// People named in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<String>>", optional)]
        pub mentions: Vec<UserId>,
        /// Leaves the conversation's draft of a new message alone, which otherwise goes in the same
        /// transaction: for what was not written in that field.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[ts(as = "Option<bool>", optional)]
        pub keep_draft: bool,
        /// An id of the caller's, 16 fresh random bytes: a repeat with the same one sends nothing more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub id: Option<MsgId>,
    }

    /// Where something sent stands: also the answer to edit, delete and react.
    pub struct Sent {
        /// The message that carries it.
        #[ts(as = "String")]
        pub id: MsgId,
        /// Conversation.
        #[ts(as = "String")]
        pub conv: ConvId,
        /// Whether the relay has it.
        pub state: SendState,
        /// Stream number, once accepted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub seq: Option<u64>,
    }

    /// Waits until something sent is accepted or refused for good (then that error is answered).
    pub struct MessageWait {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// As [`Sent`] named it.
        #[ts(as = "String")]
        pub message: MsgId,
        /// Longest wait, ms; afterwards the answer says `queued`.
        pub timeout_ms: u64,
    }

    /// Changes the text of an own message.
    pub struct MessageEdit {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// The message.
        #[ts(as = "String")]
        pub message: MsgId,
        /// New text.
        pub text: String,
        /// People named in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<String>>", optional)]
        pub mentions: Vec<UserId>,
    }

    /// Deletes an own message for everyone.
    pub struct MessageDelete {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// The message.
        #[ts(as = "String")]
        pub message: MsgId,
    }

    /// Reacts to a message; one reaction per person, an empty emoji takes it back.
    pub struct MessageReact {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// The message.
        #[ts(as = "String")]
        pub message: MsgId,
        /// The emoji, or empty.
        pub emoji: String,
    }

    /// Takes a message back that is still in the outbox.
    pub struct MessageCancel {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// The message.
        #[ts(as = "String")]
        pub message: MsgId,
    }

    /// Searches the texts on this device: each word is a substring, case and accents ignored.
    pub struct MessageSearch {
        /// At most 256 characters.
        pub text: String,
        /// Only in this conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub chat: Option<ConvId>,
        /// At most this many rows, 1 to 500.
        pub limit: u64,
    }

    /// Answer to [`MessageSearch`], newest hit first.
    pub struct Found {
        /// The hits.
        pub rows: Vec<FoundMessage>,
        /// What was searched.
        pub coverage: Coverage,
    }

    /// How much of the history a search saw.
    pub struct Coverage {
        /// Readable messages on this device that were searched.
        pub messages: u64,
        /// Time of the oldest of them, Unix ms; null when there is none.
        pub since_ms: Option<u64>,
        /// Whether that is all that this device holds (short words search the newest 5,000 only).
        pub complete: bool,
    }
}

/// One hit: a message row and where the words stand in its text.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
pub struct FoundMessage {
    /// The row.
    #[serde(flatten)]
    pub message: Message,
    /// `[start, end]` of each hit, in Unicode characters of `text`.
    pub snippet: Vec<(u64, u64)>,
}

impl MessageList {
    /// The newest rows.
    pub fn newest(chat: ConvId, limit: u64) -> Self {
        Self {
            chat,
            limit,
            before: None,
            after: None,
            around: None,
        }
    }
}

impl MessageSend {
    /// A text that answers nothing and names nobody.
    pub fn text(chat: ConvId, text: impl Into<String>) -> Self {
        Self {
            chat,
            text: text.into(),
            reply_to: None,
            mentions: Vec::new(),
            keep_draft: false,
            id: None,
        }
    }
}
