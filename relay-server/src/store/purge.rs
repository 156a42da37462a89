//! Purge: what is too old goes, in small steps.

use async_trait::async_trait;

use super::StoreResult;

/// Times before which things go, Unix ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurgeCuts {
    /// Now: timers, codes, links, sessions and pending devices that end by themselves.
    pub now: u64,
    /// Rows accepted before are deleted; entries stay.
    pub rows: u64,
    /// Inbox items that came before are deleted.
    pub inbox: u64,
    /// Claims made before are forgotten.
    pub claims: u64,
    /// Traces of one-time keys claimed before are forgotten.
    pub claimed_keys: u64,
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Rows deleted from streams.
    pub rows: u64,
    /// Rows emptied because their timer ended.
    pub voided: u64,
    /// Inbox items deleted.
    pub items: u64,
    /// Account rows deleted (codes, links, sessions, claims, budgets, pending devices).
    pub others: u64,
    /// There is more to do: call again.
    pub more: bool,
}

/// Purge.
#[async_trait]
pub trait PurgeStore: Send + Sync {
    /// One bounded step of at most `budget` rows of each kind, when the writer has nothing
    /// better to do. The floor rises in the transaction that deletes.
    async fn purge(&self, cuts: PurgeCuts, budget: usize) -> StoreResult<Purged>;
}
