//! Calls that do nothing more when they come a second time.
//!
//! A browser repeats these by itself when the engine moves to another tab while they are under way;
//! for the others it says `handed_over`.

/// Names of the methods. What only reads, what sets a value, and what carries an id of its own.
pub const REPEATABLE: &[&str] = &[
    "account.who_am_i",
    "account.waits",
    "recovery.show",
    "device.list",
    "device.approvals",
    "device.rename",
    "chat.list",
    "chat.resolve",
    "chat.info",
    "chat.read",
    "chat.set_flags",
    "chat.receipts",
    "chat.set_receipts",
    "chat.open",
    "chat.typing",
    "draft.get",
    "draft.set",
    "message.list",
    "message.get",
    "message.versions",
    "message.send",
    "message.wait",
    "message.react",
    "message.search",
    "message.receipts",
    "group.members",
    "request.list",
    "person.list",
    "person.acknowledge",
    "person.safety",
    "person.set_verified",
    "invite.link",
    "invite.look",
    "person.block",
    "person.unblock",
    "person.blocked",
    "profile.get",
    "profile.set",
    "presence.get",
    "presence.set",
    "sync.state",
    "sync.retry",
    "sync.wait",
    "sync.flush",
];

#[cfg(test)]
mod tests {
    use super::REPEATABLE;
    use crate::api::methods::NAMES;

    #[test]
    fn every_name_is_a_method() {
        for name in REPEATABLE {
            assert!(NAMES.contains(name), "{name}");
        }
    }
}
