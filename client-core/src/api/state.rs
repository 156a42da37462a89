//! The state words, exactly as shells see them.

words! {
    /// What a conversation is.
    pub enum ChatKind {
        /// Two people.
        Direct = "direct",
        /// A group.
        Group = "group",
        /// Notes to self.
        Own = "self",
    }

    /// Whether one can write in a conversation.
    pub enum ChatState {
        /// Usable.
        Open = "open",
        /// Somebody unknown wants to talk; waits in Requests.
        Request = "request",
        /// Left, removed or closed; readable only.
        Left = "left",
        /// An entry could not be verified yet; nothing is sent. The reason is shown.
        Held = "held",
        /// Two validly signed histories exist; nothing is sent, ever.
        Frozen = "frozen",
    }

    /// Life of a message. The first six are of readable messages, the others say why `text` is null.
    pub enum MessageState {
        /// Written, not sent yet by the user.
        Draft = "draft",
        /// In the outbox.
        Waiting = "waiting",
        /// Accepted by the relay.
        Sent = "sent",
        /// On a device of the recipient (own), or on this device (of others).
        Delivered = "delivered",
        /// Read by a recipient (own), or by this user (of others).
        Read = "read",
        /// Refused for good; `reason` has the code.
        Failed = "failed",
        /// Its key is on its way.
        KeyComing = "keyComing",
        /// Its key did not come and was asked for.
        KeyLate = "keyLate",
        /// Sent before this device was linked.
        BeforeLink = "beforeLink",
        /// Sent before this user was invited.
        BeforeJoin = "beforeJoin",
        /// Nobody has the key any more.
        KeyLost = "keyLost",
        /// Made by a newer program and not to be interpreted by halves.
        NeedsUpdate = "needsUpdate",
        /// Of an unknown type; `text` is its fallback text.
        Unsupported = "unsupported",
        /// Sent by a removed device, not covered by its cut; only counted, never shown.
        WaitingCut = "waitingCut",
        /// Its sender sees another history of the conversation.
        LogMismatch = "logMismatch",
    }

    /// Why messages of somebody are not here.
    pub enum GapState {
        /// They should be, and did not come.
        Missing = "missing",
        /// They disappeared while this device was away.
        Expired = "expired",
    }

    /// What one knows of another person's account.
    pub enum ContactState {
        /// First contact, pinned at first use.
        New = "new",
        /// Pinned and known for longer.
        Known = "known",
        /// Compared by the users themselves.
        Verified = "verified",
        /// The handle leads to another account, or the device list is split.
        Changed = "changed",
        /// The same, for somebody verified: sending stops.
        VerifiedChanged = "verifiedChanged",
    }

    /// A device in its account.
    pub enum DeviceState {
        /// Logged in, not approved: reads and sends nothing.
        Waiting = "waiting",
        /// In the device log.
        Approved = "approved",
        /// Restored, its newest data not confirmed yet.
        Unconfirmed = "unconfirmed",
        /// Past its date.
        Expired = "expired",
        /// Removed for good.
        Revoked = "revoked",
    }

    /// What a device may do in its account.
    pub enum DeviceClass {
        /// Everything.
        Full = "full",
        /// A browser beside a full device: manages nothing and expires.
        Limited = "limited",
    }

    /// The connection to the relay.
    pub enum LinkState {
        /// Connected and caught up with what matters.
        Online = "online",
        /// On the way.
        Connecting = "connecting",
        /// This machine has no network.
        NoInternet = "noInternet",
        /// The network works, the relay does not answer.
        ServerDown = "serverDown",
        /// No session; log in.
        SignedOut = "signedOut",
    }

    /// Whether a sent thing has reached the relay.
    pub enum SendState {
        /// Durable at the relay.
        Accepted = "accepted",
        /// In the outbox; leaves with the next connection.
        Queued = "queued",
    }

    /// How much others learn of what arrived and was read here. It holds both ways: who does not
    /// tell, is not told.
    pub enum ReceiptLevel {
        /// What arrived and what was read.
        Read = "read",
        /// What arrived only.
        Delivered = "delivered",
        /// Nothing.
        None = "none",
    }

    /// Whether somebody is in a group already.
    pub enum MemberStatus {
        /// Named by an invite entry, has not joined.
        Invited = "invited",
        /// Joined.
        Member = "member",
    }

    /// What a member may do.
    pub enum Role {
        /// Writes and reads.
        Member = "member",
        /// Invites, removes, changes policy and roles.
        Admin = "admin",
    }
}
