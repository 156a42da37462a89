//! Conversation logs: who belongs to a conversation follows from signed entries and from
//! nothing else (A1).

mod apply;
mod entry;
mod evidence;
mod judge;
mod query;
mod row;

pub use apply::{Applied, ConvOutcome, ConvStop, LogRow, apply, retry};
pub use entry::{NewEntry, abandon, create_direct, create_group, entry, join};
pub use evidence::{Evidenced, evidence, newest_proof, proof};
pub use query::{
    ConvHeadCheck, Recipients, StoredEntry, check_head, entries_above, heads, is_contact,
    is_recipient, recipients, recipients_among, state, state_at, state_or_fail, stored_entry,
};
pub use row::HeldReason;

use chatty_protocol::ConvId;

use crate::error::CryptoError;
use crate::tx::Tx;

/// Whether a conversation can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConvStatus {
    /// Yes.
    Open,
    /// The newest entry does not hold; nothing is sent, it is tried again.
    Held(HeldReason),
    /// Two validly signed histories: nothing is sent any more; an admin makes a successor.
    Frozen,
}

/// Whether the conversation can be used.
pub fn status(tx: &Tx<'_>, conv: &ConvId) -> Result<ConvStatus, CryptoError> {
    let row = row::load(tx, conv)?.ok_or(CryptoError::UnknownConversation(*conv))?;
    Ok(match (row.frozen, row.held) {
        (Some(_), _) => ConvStatus::Frozen,
        (None, Some(held)) => ConvStatus::Held(held.reason),
        (None, None) => ConvStatus::Open,
    })
}

/// The relay says that the log ends at `head`. If that is where the verified log ends too, an entry
/// that was held is not part of it: whoever showed it took it back. Returns whether one was held.
pub fn ends_at(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    head: &chatty_protocol::Head,
) -> Result<bool, CryptoError> {
    let Some(mut row) = row::load(tx, conv)? else {
        return Ok(false);
    };
    if row.state.head != *head || row.held.take().is_none() {
        return Ok(false);
    }
    row::store(tx, conv, &row)?;
    Ok(true)
}

/// Fails unless the conversation is open.
pub fn require_usable(tx: &Tx<'_>, conv: &ConvId) -> Result<(), CryptoError> {
    match status(tx, conv)? {
        ConvStatus::Open => Ok(()),
        ConvStatus::Held(_) => Err(CryptoError::NotAllowed("the conversation is held")),
        ConvStatus::Frozen => Err(CryptoError::NotAllowed("the conversation is frozen")),
    }
}
