//! Conversations: the streams in memory, entries and who may read what.

mod access;
mod append;
mod appender;
mod check;
mod create;
mod list;
mod read;
mod request;
mod restore;
mod settle;
mod signer;
mod stranger;
mod stream;
mod streams;

use std::sync::Arc;

use chatty_protocol::{DeviceId, UserId};

pub use access::Readable;
pub use appender::Appender;
pub use check::{Refusal, is_request};
pub use list::visible_head;
pub use read::{LogView, RowsFrom, RowsView};
pub use signer::Signers;
pub use stream::{EntryRefusal, MessageIn, Pending, Stream};
pub use streams::{LoadError, Streams};

use crate::clock::SharedClock;
use crate::store::{Store, StoreError};

/// Who acts: a live device of a verified account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Account.
    pub user: UserId,
    /// Device.
    pub device: DeviceId,
}

/// What every operation on conversations needs.
pub struct Conversations {
    /// Rows and projections.
    pub store: Arc<dyn Store>,
    /// Streams in memory.
    pub streams: Arc<Streams>,
    /// Device logs of signers.
    pub signers: Signers,
    /// Time.
    pub clock: SharedClock,
    /// Canonical origin of this relay; new conversations must name it.
    pub origin: String,
    /// Marks and flashes of late.
    pub pace: super::mark::Pace,
    /// People outside contacts that a user may invite or write to per day.
    pub strangers_per_day: u32,
}

impl From<StoreError> for EntryRefusal {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), "the store failed")
    }
}

impl From<LoadError> for EntryRefusal {
    fn from(error: LoadError) -> Self {
        if let LoadError::Damaged(..) = error {
            tracing::error!(%error, "a conversation cannot be loaded");
        }
        Self::new(error.code(), "the conversation cannot be loaded")
    }
}
