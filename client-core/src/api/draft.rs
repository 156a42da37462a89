//! What was typed and not sent.

use chatty_protocol::{ConvId, MsgId, UserId};

params! {
    /// Reads what was typed: the edit that was begun, else the new message. Never an error for
    /// want of a draft: then its text is empty and its time 0.
    pub struct DraftGet {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
    }

    /// Keeps what was typed; durable when this answers. A conversation has one draft of a new
    /// message and, beside it, one of an edit; `message.send` and `message.edit` remove theirs.
    pub struct DraftSet {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// At most 64 KiB of UTF-8. Nothing typed and nothing answered removes the draft.
        pub text: String,
        /// The message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub reply_to: Option<MsgId>,
        /// The own message whose text it changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub editing: Option<MsgId>,
        /// People named in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<String>>", optional)]
        pub mentions: Vec<UserId>,
    }

    /// What was typed and not sent.
    pub struct Draft {
        /// The text.
        pub text: String,
        /// The message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub reply_to: Option<MsgId>,
        /// The own message whose text it changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub editing: Option<MsgId>,
        /// People named in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<String>>", optional)]
        pub mentions: Vec<UserId>,
        /// When it was typed, Unix ms; 0 = there is none.
        pub at_ms: u64,
    }
}

impl DraftSet {
    /// A new message that answers nothing and names nobody.
    pub fn text(chat: ConvId, text: impl Into<String>) -> Self {
        Self {
            chat,
            text: text.into(),
            reply_to: None,
            editing: None,
            mentions: Vec::new(),
        }
    }
}
