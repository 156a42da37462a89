//! What SQLite says, in the store's own words.

use rusqlite::ErrorCode;

use crate::store::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt(short(&error))
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ConstraintViolation) => Self::Conflict("a unique key is taken"),
            Some(_) => Self::Io(short(&error)),
            // Not from SQLite itself: a value of the wrong type or length in a row, or no row.
            None => Self::Invalid("a row does not have the expected shape"),
        }
    }
}

/// SQLite's result code in words: never the statement or its values.
fn short(error: &rusqlite::Error) -> String {
    match error.sqlite_error() {
        Some(inner) => format!("{:?} ({})", inner.code, inner.extended_code),
        None => "unknown".into(),
    }
}

impl StoreError {
    /// Whether a task's failure spoils the whole transaction it ran in.
    pub(super) fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Full | Self::Io(_) | Self::Corrupt(_) | Self::Busy
        )
    }
}
