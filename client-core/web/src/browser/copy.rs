//! A copy of the database beside it in the pool, for as long as a migration runs.
//!
//! It is made before the database is opened for the migration and goes when that has ended well.
//! One that is found later belongs to a migration that was cut off.

use chatty_core::store::StoreError;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_rs::vfs::transfer::DbTransfer;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolUtil};

use super::database::{DATABASE, in_our_words};

/// Name of the copy inside the pool.
const COPY: &str = "chatty.db.copy";
/// Journals that SQLite may leave beside a database.
const JOURNALS: [&str; 2] = ["-wal", "-journal"];

/// Whether there is one.
pub fn is_there(pool: &OpfsSAHPoolUtil) -> Result<bool, StoreError> {
    pool.contains(COPY).map_err(|error| in_our_words(&error))
}

/// Copies the database, whose connections are closed and whose journal is written into it.
/// Without enough room nothing of the copy stays, and the database is as it was.
pub fn make(pool: &OpfsSAHPoolUtil) -> Result<(), StoreError> {
    remove(pool)?;
    whole(pool, DATABASE, COPY).map_err(|error| in_our_words(&error))
}

/// Puts the copy in the place of a database that a migration left unreadable.
pub fn put_back(pool: &OpfsSAHPoolUtil) -> Result<(), StoreError> {
    let back = || -> Result<(), OpfsSAHError> {
        pool.remove(DATABASE)?;
        for journal in JOURNALS {
            pool.remove(&format!("{DATABASE}{journal}"))?;
        }
        whole(pool, COPY, DATABASE)
    };
    back().map_err(|error| in_our_words(&error))
}

/// Ends the copy.
pub fn remove(pool: &OpfsSAHPoolUtil) -> Result<(), StoreError> {
    let removed = pool.remove(COPY);
    removed.map(drop).map_err(|error| in_our_words(&error))
}

/// Byte for byte: nothing is decrypted. The pool does one thing at a time, so the file is in memory
/// in between; a history of 100,000 messages is some 30 MB.
fn whole(pool: &OpfsSAHPoolUtil, from: &str, to: &str) -> Result<(), OpfsSAHError> {
    let content = pool.export_db(from)?;
    pool.import_db_unchecked(to, &content)
}
