//! What the relay keeps, as whole atomic operations (ARCHITECTURE.md §5).
//!
//! Each trait method is one transaction. A method returns after its effect is durable, and a
//! repeat of the same call (a lost reply) is harmless. Callers validate; the store guarantees
//! compare-and-swap, idempotency and durability. Times are Unix milliseconds, given by callers.

pub mod account;
#[cfg(test)]
mod contract;
pub mod conversation;
pub mod device;
pub mod error;
pub mod inbox;
pub mod job;
pub mod link;
pub mod meta;
pub mod prekey;
pub mod purge;
pub mod session;
pub mod sqlite;
pub mod stream;

pub use account::AccountStore;
pub use conversation::ConversationStore;
pub use device::DeviceStore;
pub use error::{StoreError, StoreResult};
pub use inbox::InboxStore;
pub use job::JobStore;
pub use link::LinkStore;
pub use meta::MetaStore;
pub use prekey::PrekeyStore;
pub use purge::PurgeStore;
pub use session::SessionStore;
pub use sqlite::SqliteStore;
pub use stream::StreamStore;

/// Every store of one relay behind one handle; upcasts to the single traits.
pub trait Store:
    AccountStore
    + SessionStore
    + DeviceStore
    + LinkStore
    + PrekeyStore
    + StreamStore
    + ConversationStore
    + InboxStore
    + JobStore
    + PurgeStore
    + MetaStore
{
}

impl<T> Store for T where
    T: AccountStore
        + SessionStore
        + DeviceStore
        + LinkStore
        + PrekeyStore
        + StreamStore
        + ConversationStore
        + InboxStore
        + JobStore
        + PurgeStore
        + MetaStore
{
}
