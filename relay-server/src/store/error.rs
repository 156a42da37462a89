//! Why a store operation failed. Expected answers (a lost race, a taken handle) are not errors:
//! they are outcomes of the operation's own type.

use chatty_protocol::ErrorCode;

/// A failure of the store itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The row that the call names does not exist.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// A unique key holds other content than the call brings.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// The call breaks the operation's own bounds (too many rows, unordered numbers).
    #[error("bad call: {0}")]
    Invalid(&'static str),
    /// A rate of the contract is used up; wait so many milliseconds.
    #[error("too soon: wait {0} ms")]
    TooSoon(u64),
    /// The disk is full. Reading, acknowledging and purging still work.
    #[error("the disk is full")]
    Full,
    /// Too much is waiting; nothing was stored.
    #[error("the store is busy")]
    Busy,
    /// Writing failed for good; the store only reads until it is opened again.
    #[error("the store is read-only after repeated write errors")]
    ReadOnly,
    /// The commit failed and its outcome is unknown; a repeat is safe and finds out.
    #[error("I/O error in the store: {0}")]
    Io(String),
    /// The file is not a database, or its pages do not fit together.
    #[error(
        "the database is damaged: {0}. `chatty-relay doctor` says more; put a backup back, then \
         `chatty-relay admin restored`"
    )]
    Corrupt(String),
    /// The file is a copy made by `admin backup` and nobody ran `admin restored` on it.
    #[error("this database is a backup copy; run `chatty-relay admin restored` first")]
    BackupCopy,
    /// The file was written by a newer program.
    #[error("database schema {found} is newer than this program's {known}: use the newer program")]
    Newer {
        /// Schema number in the file.
        found: i64,
        /// Newest schema number that this program knows.
        known: i64,
    },
    /// The store was shut down.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// What a client is told: nothing about the inside.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Conflict(_) => ErrorCode::Conflict,
            Self::TooSoon(_) => ErrorCode::RateLimited,
            Self::Full => ErrorCode::StorageFull,
            Self::Busy | Self::Io(_) => ErrorCode::Busy,
            Self::ReadOnly => ErrorCode::Maintenance,
            Self::Closed => ErrorCode::Draining,
            Self::Invalid(_) | Self::Corrupt(_) | Self::BackupCopy | Self::Newer { .. } => {
                ErrorCode::Internal
            }
        }
    }
}

/// Result of a store operation.
pub type StoreResult<T> = Result<T, StoreError>;
