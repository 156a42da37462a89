//! People: requests, blocks, profiles.

use chatty_protocol::{ConvId, UserId};

use super::state::ContactState;

params! {
    /// Lists conversations of strangers that wait for a decision.
    #[derive(Default)]
    pub struct RequestList {}

    /// One request.
    pub struct ChatRequest {
        /// Conversation.
        #[ts(as = "String")]
        pub id: ConvId,
        /// Who asks.
        #[ts(as = "String")]
        pub from: UserId,
        /// First text, or the group's title; null while unreadable.
        pub preview: Option<String>,
        /// Time of the newest message, Unix ms.
        pub at_ms: u64,
    }

    /// Accepts: joins the conversation.
    pub struct RequestAccept {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
    }

    /// Hides the request, here and on the relay; nobody is told.
    pub struct RequestDelete {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
    }

    /// Deletes the request and blocks who sent it.
    pub struct RequestBlock {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
    }

    /// Lists everybody this device knows, by name.
    #[derive(Default)]
    pub struct PersonList {}

    /// Somebody known.
    pub struct Person {
        /// The person.
        #[ts(as = "String")]
        pub user: UserId,
        /// Handle as their device log states it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub handle: Option<String>,
        /// Display name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub name: Option<String>,
        /// Trust.
        pub state: ContactState,
        /// The direct conversation, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub chat: Option<ConvId>,
        /// Whether this user blocked them.
        pub blocked: bool,
    }

    /// Says that the user saw a person's change and goes on; who was verified is so no more.
    pub struct PersonAcknowledge {
        /// The person.
        #[ts(as = "String")]
        pub user: UserId,
    }

    /// Shows the number that two people compare; it changes exactly when one of them is another
    /// person.
    pub struct PersonSafety {
        /// The other person.
        #[ts(as = "String")]
        pub user: UserId,
    }

    /// The number, the same on both sides.
    pub struct SafetyNumber {
        /// Twelve groups of five digits.
        pub groups: Vec<String>,
        /// Whether this user said that it is the same.
        pub verified: bool,
    }

    /// Says that the number is the same on both sides, or takes that back.
    pub struct PersonSetVerified {
        /// The person.
        #[ts(as = "String")]
        pub user: UserId,
        /// Whether it was compared.
        pub verified: bool,
    }

    /// Shows one's own invite link.
    #[derive(Default)]
    pub struct InviteShow {}

    /// A link that leads to this user.
    pub struct InviteLink {
        /// Relay origin, `/i/`, handle, `#`, user id.
        pub link: String,
    }

    /// Looks up who an invite link leads to; opens no conversation.
    pub struct InviteLook {
        /// As it was given.
        pub link: String,
    }

    /// Blocks a person: they look like talking to an unknown user.
    pub struct PersonBlock {
        /// `@handle` or user id.
        pub person: String,
    }

    /// Takes a block back.
    pub struct PersonUnblock {
        /// `@handle` or user id.
        pub person: String,
    }

    /// Lists blocked people.
    #[derive(Default)]
    pub struct PersonBlocked {}

    /// Somebody blocked.
    pub struct Blocked {
        /// The person.
        #[ts(as = "String")]
        pub user: UserId,
        /// Their handle, where known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub handle: Option<String>,
    }

    /// Shows a profile.
    #[derive(Default)]
    pub struct ProfileGet {
        /// `@handle` or user id; `None` = one's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub person: Option<String>,
    }

    /// Sets one's own display name; it travels to contacts inside the encryption.
    pub struct ProfileSet {
        /// At most 64 characters.
        pub name: String,
    }

    /// What is known of a person.
    pub struct Profile {
        /// The person.
        #[ts(as = "String")]
        pub user: UserId,
        /// Handle as their device log states it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub handle: Option<String>,
        /// Display name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub name: Option<String>,
        /// Trust; one's own is `known`.
        pub state: ContactState,
    }
}
