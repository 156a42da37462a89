//! Verification of one entry against a pinned log.

use crate::codec::DecodeError;
use crate::sign::{Head, Signed};

use super::{DeviceEntry, DeviceLog};

/// Why an entry is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Bytes.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Entry of another account.
    #[error("entry of another account")]
    WrongUser,
    /// Not the number after the pinned head.
    #[error("entry {found} where {expected} was expected")]
    WrongSeq {
        /// Number that would fit.
        expected: u64,
        /// Number of the entry.
        found: u64,
    },
    /// Does not follow the pinned head.
    #[error("entry does not follow the head")]
    WrongPrev,
    /// The signer is not live, not full, or may not sign this operation.
    #[error("signer may not do this")]
    WrongSigner,
    /// The signature does not verify.
    #[error("signature does not verify")]
    BadSignature,
    /// The operation breaks its rule.
    #[error("operation not allowed: {0}")]
    Rule(&'static str),
    /// The log is closed.
    #[error("the account is closed")]
    Closed,
}

/// What a valid entry turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Applied; the log has a new head.
    Applied(Head),
    /// Known already, byte for byte the same history.
    Known,
    /// Validly signed and different from what is pinned at the same number: evidence of a fork.
    Fork,
}

impl DeviceLog {
    /// Verifies entry 0 and starts the log.
    pub fn init(signed: &Signed<DeviceEntry>) -> Result<Self, LogError> {
        let _ = signed;
        Err(LogError::Rule("not written yet"))
    }

    /// Verifies one entry on top of this log in the order of wire.md §2 and applies it.
    /// On any error, and on [`Verdict::Fork`], the log is unchanged.
    pub fn apply(&mut self, signed: &Signed<DeviceEntry>) -> Result<Verdict, LogError> {
        let _ = signed;
        Err(LogError::Rule("not written yet"))
    }
}
