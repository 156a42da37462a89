//! Read access to the rows that this crate stored earlier; the core implements it over SQLite.

/// Where a row lives. The core stores all of them in one table `(tbl, key) -> value` inside the
/// encrypted database; names and values belong to this crate. Numbers are final: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Table {
    /// Own identity: one row per name (account pickle, certificate, user, recovery secret, …).
    Own = 1,
    /// Published key records: kind ‖ u64 id → record and state.
    OwnKey = 2,
    /// User id → verified device log.
    DeviceLog = 3,
    /// User id → trust state and evidence.
    Trust = 4,
    /// Device id ‖ session id → Olm session pickle.
    OlmSession = 5,
    /// Session id → when it was first seen; outlives the session (A19).
    SeenSession = 6,
    /// Device id → pair counters, reset and failure budgets.
    Pair = 7,
    /// Conversation id → verified state, head and frozen or held condition.
    Conversation = 8,
    /// Conversation id ‖ u64 log_seq → signed entry bytes and stream number.
    ConversationEntry = 9,
    /// Conversation id → own outbound Megolm session, generation, chain position.
    Outbound = 10,
    /// Conversation id ‖ owner device ‖ session id → inbound Megolm session with provenance.
    Inbound = 11,
    /// Conversation id ‖ owner device ‖ session id ‖ u64 index → message id and ciphertext hash.
    Replay = 12,
    /// Conversation id ‖ device ‖ u64 dev_seq → chain hash and message id.
    Chain = 13,
    /// Conversation id ‖ device ‖ message id → dev_seq.
    MessageId = 14,
    /// Conversation id ‖ recipient device → generation that it got the key of, or dormant.
    Shared = 15,
    /// Request id → open key request.
    KeyRequest = 16,
    /// Conversation id → meta keys.
    MetaKey = 17,
    /// Transaction id → SAS approval in progress.
    Approval = 18,
    /// Device id ‖ u64 pair_ctr → payload hash inside the counter window.
    PairWindow = 19,
    /// Device id → claimed key that waits for its first accepted message.
    Claimed = 20,
    /// User id → profile (name, avatar, rev) and the rev each device has.
    Profile = 21,
    /// Conversation id ‖ owner device → generations with their closes.
    Generation = 22,
    /// User id ‖ u64 seq ‖ entry hash → signed device-log entry, on every branch ever seen.
    DeviceEntry = 23,
}

/// The store could not answer; the input is dropped and nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("store: {0}")]
pub struct ViewError(pub String);

/// A row: key and value.
pub type Row = (Vec<u8>, Vec<u8>);

/// What the core's store answers, as of the last commit.
pub trait View {
    /// The value under exactly this key.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError>;

    /// All rows whose key begins with `prefix`, in key order.
    fn scan(&self, table: Table, prefix: &[u8]) -> Result<Vec<Row>, ViewError>;
}
