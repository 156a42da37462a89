//! The one authorisation rule that relay and clients share (wire.md §3).

use crate::ErrorCode;
use crate::sign::Signed;

use super::{ConvEntry, ConvState};

/// Why an entry is not allowed on a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct Denied {
    /// Code of the refusal.
    pub code: ErrorCode,
    /// In words, for logs and developers.
    pub reason: &'static str,
}

/// Judges one entry on top of `state` (none for entry 0) and returns the state after it.
///
/// Pure: knows no keys. Whether the signing device was live and the signature verifies is the
/// caller's to check first, with the actor's device log; `full` says whether that device is of
/// class full.
pub fn authorize(
    state: Option<&ConvState>,
    signed: &Signed<ConvEntry>,
    entry: &ConvEntry,
    full: bool,
) -> Result<ConvState, Denied> {
    let _ = (state, signed, entry, full);
    Err(Denied {
        code: ErrorCode::Internal,
        reason: "not written yet",
    })
}
