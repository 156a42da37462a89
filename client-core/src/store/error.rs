//! Why the store could not do something, in terms that a caller can act on.

/// A failure of the store. Never carries stored data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The key does not open the file (or its first page is damaged; the vault tells which).
    #[error("the key does not open the store")]
    WrongKey,
    /// The file is damaged: open it for reading only and salvage.
    #[error("the store is damaged")]
    Damaged,
    /// Written by a newer program.
    #[error("the store has version {found}, this program knows {known}")]
    TooNew {
        /// Version of the file.
        found: u32,
        /// Newest version that this program knows.
        known: u32,
    },
    /// SQLCipher is missing or not set as it must be.
    #[error("the store's encryption is not available: {0}")]
    Cipher(&'static str),
    /// No space left.
    #[error("no space left for the store")]
    Full,
    /// Reading or writing the disk failed; nothing of this transaction is kept.
    #[error("the disk failed: {0}")]
    Io(String),
    /// Another connection holds the file.
    #[error("the store is in use")]
    Busy,
    /// The store is open for reading only.
    #[error("the store is open for reading only")]
    ReadOnly,
    /// A row breaks a rule of the schema: a fault of this program.
    #[error("a row breaks the store's rules: {0}")]
    Rule(String),
    /// A stored value cannot be read: a fault, or damage that encryption did not catch.
    #[error("a stored value cannot be read: {0}")]
    Value(&'static str),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Sqlite;
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                Sqlite::NotADatabase => Self::WrongKey,
                Sqlite::DatabaseCorrupt => Self::Damaged,
                Sqlite::DiskFull => Self::Full,
                // The shared memory of the log does not fit any more.
                _ if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => Self::Full,
                Sqlite::ReadOnly => Self::ReadOnly,
                Sqlite::DatabaseBusy
                | Sqlite::DatabaseLocked
                | Sqlite::FileLockingProtocolFailed => Self::Busy,
                Sqlite::ConstraintViolation | Sqlite::TooBig | Sqlite::TypeMismatch => {
                    Self::Rule(code_text(failure))
                }
                _ => Self::Io(code_text(failure)),
            },
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Value("wrong type or range"),
            // The text of other errors may quote SQL, which has only our own words.
            other => Self::Rule(other.to_string()),
        }
    }
}

/// SQLite's own words for the extended code; the message of the error may quote values.
fn code_text(failure: &rusqlite::ffi::Error) -> String {
    failure.to_string()
}
