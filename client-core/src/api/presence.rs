//! Presence: who is online, for those who want it known.

use chatty_protocol::UserId;

params! {
    /// Shows whether presence is shared, and who is online.
    #[derive(Default)]
    pub struct PresenceGet {}

    /// Shares presence or stops that, on all devices of the account. It works both ways.
    pub struct PresenceSet {
        /// Whether others may see when this user is online.
        pub share: bool,
    }

    /// Presence as it is now.
    pub struct Presence {
        /// Whether it is shared; without it nobody is seen either.
        pub share: bool,
        /// People of the direct chats on the screen who are online now.
        #[ts(as = "Vec<String>")]
        pub online: Vec<UserId>,
    }
}
