//! Edits, deletes and reactions as pure functions: any order of arrival ends the same (A10).

use chatty_protocol::{MsgId, UserId};

use super::{Body, Content, MessageRef, message::Text};

/// Whether `sender` may edit or withdraw the message that the content names.
/// Reactions and replies may name any message; the other types name none.
pub fn may_apply(sender: &UserId, content: &Content) -> bool {
    match (&content.body, &content.rel) {
        (Body::Edit(_) | Body::Delete, Some(rel)) => rel.author == *sender,
        (Body::Edit(_) | Body::Delete | Body::Reaction(_), None) => false,
        _ => true,
    }
}

/// The version of a text that is shown: greatest `(rev, msg)`; the original counts as `(0, msg)`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    newest: Option<(u64, MsgId, Text)>,
    deleted: bool,
}

impl Versions {
    /// Takes an edit or a delete of this message, in whatever order they come.
    /// Returns whether what is shown changed.
    pub fn apply(&mut self, target: &MessageRef, sender: &UserId, content: &Content) -> bool {
        if content.rel.as_ref() != Some(target) || !may_apply(sender, content) {
            return false;
        }
        match &content.body {
            Body::Delete => !std::mem::replace(&mut self.deleted, true),
            Body::Edit(edit) => {
                let newer = self
                    .newest
                    .as_ref()
                    .is_none_or(|(rev, msg, _)| (*rev, *msg) < (edit.rev, content.msg));
                if newer {
                    self.newest = Some((edit.rev, content.msg, edit.text.clone()));
                }
                newer && !self.deleted
            }
            _ => false,
        }
    }

    /// Whether the message is withdrawn.
    pub fn deleted(&self) -> bool {
        self.deleted
    }

    /// The newest edit, if there is one and the message still stands.
    pub fn text(&self) -> Option<&Text> {
        self.newest
            .as_ref()
            .filter(|_| !self.deleted)
            .map(|(_, _, text)| text)
    }
}

/// Whether edit or reaction `a` wins over `b`: greatest `(rev, msg)`, the message id as tie-break.
pub fn wins(a: (u64, &MsgId), b: (u64, &MsgId)) -> bool {
    a > b
}
