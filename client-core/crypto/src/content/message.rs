//! Log lane: text, edit, reaction (deletes have no body).

use std::collections::BTreeSet;

use chatty_protocol::codec::DecodeError;
use chatty_protocol::{UserId, limits, wire_array};

wire_array! {
    /// A stretch of text with a meaning: formatting, link, mention.
    pub struct Span {
        /// First byte, counted in UTF-8.
        pub start: u64,
        /// Length in bytes.
        pub len: u64,
        /// 1 bold, 2 italic, 3 struck, 4 code, 5 code block, 6 spoiler, 7 link, 8 mention, 9 quote;
        /// an unknown kind is shown as plain text.
        pub kind: u64,
        /// Target of a link, user id of a mention, language of a code block.
        pub arg: Option<String>,
    }
}

wire_array! {
    /// 1: text with its formatting and the users that it mentions.
    pub struct Text {
        /// The text.
        pub text: String,
        /// Formatting; positions lie on character borders.
        pub spans: Vec<Span>,
        /// Users to notify; no repeats.
        pub mentions: Vec<UserId>,
    }
}

wire_array! {
    /// 2: another version of an own text.
    pub struct Edit {
        /// Rises with every edit of one message.
        pub rev: u64,
        /// The whole new text.
        pub text: Text,
    }
}

wire_array! {
    /// 4: a reaction; an empty emoji takes it back.
    pub struct Reaction {
        /// Rises with every change of one user's reaction to one message.
        pub rev: u64,
        /// The emoji, or nothing.
        pub emoji: String,
    }
}

impl Text {
    /// Text without formatting.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            spans: Vec::new(),
            mentions: Vec::new(),
        }
    }

    /// Length limits, spans inside the text and on character borders, no user mentioned twice.
    pub fn check(&self) -> Result<(), DecodeError> {
        if self.text.len() > limits::TEXT_BYTES {
            return Err(DecodeError::Malformed("text too long"));
        }
        if self.spans.len() > limits::SPANS || self.mentions.len() > limits::GROUP_SIZE {
            return Err(DecodeError::Malformed("too many spans or mentions"));
        }
        if !self.spans.iter().all(|span| self.holds(span)) {
            return Err(DecodeError::Malformed("span outside the text"));
        }
        let different: BTreeSet<_> = self.mentions.iter().collect();
        if different.len() != self.mentions.len() {
            return Err(DecodeError::Malformed("user mentioned twice"));
        }
        Ok(())
    }

    fn holds(&self, span: &Span) -> bool {
        let end = span.start.saturating_add(span.len);
        let border = |at: u64| usize::try_from(at).is_ok_and(|at| self.text.is_char_boundary(at));
        span.len > 0 && border(span.start) && border(end)
    }
}

impl Reaction {
    /// An emoji sequence is short; nothing longer is stored or shown.
    pub fn check(&self) -> Result<(), DecodeError> {
        if self.emoji.len() > limits::REACTION_BYTES {
            return Err(DecodeError::Malformed("reaction too long"));
        }
        Ok(())
    }
}
