//! Short-lived things that may be lost: tickets, nonces, rates without a budget row. A hint, not
//! a record (ARCHITECTURE.md §5): wiping it costs a retry, never data.

mod local;

use chatty_protocol::{DeviceId, UserId};

pub use local::LocalCache;

/// Who holds a socket ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketHolder {
    /// Account.
    pub user: UserId,
    /// Device.
    pub device: DeviceId,
    /// Session that the socket belongs to: it closes when the family dies.
    pub session: String,
}

/// How many uses a subject has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Uses at once.
    pub burst: u32,
    /// Time in which all of them come back, milliseconds.
    pub window_ms: u64,
}

/// What is counted; subjects of different kinds never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RateKind {
    /// Sign-ups per address range.
    SignUp,
    /// Handle look-ups per user.
    Lookup,
    /// Challenge nonces per address range.
    Challenge,
    /// Calls without a session per address range.
    Anonymous,
    /// Sends per device.
    Send,
    /// To-device items per device.
    Item,
    /// Typing per user and conversation.
    Typing,
    /// Claims per (claimer, target device).
    Claim,
    /// A claim by its content: the second one is a repeat.
    ClaimId,
}

/// In-process now, Redis later: every call is one small step and never fails the request when the
/// cache is empty.
#[async_trait::async_trait]
pub trait Cache: Send + Sync {
    /// Keeps a ticket until `expires_ms`.
    async fn put_ticket(&self, ticket: String, holder: TicketHolder, expires_ms: u64);
    /// Takes a ticket: exactly one caller gets it.
    async fn take_ticket(&self, ticket: &str, now_ms: u64) -> Option<TicketHolder>;
    /// Keeps a challenge nonce until `expires_ms`.
    async fn put_nonce(&self, nonce: [u8; 32], expires_ms: u64);
    /// Takes a nonce: exactly one caller gets `true`.
    async fn take_nonce(&self, nonce: &[u8], now_ms: u64) -> bool;
    /// Uses `count` of a rate; when there are not enough, the time to wait in milliseconds.
    async fn spend(
        &self,
        kind: RateKind,
        subject: &[u8],
        count: u32,
        rate: Rate,
        now_ms: u64,
    ) -> Result<(), u64>;
}
