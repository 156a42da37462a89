//! Numbered migrations: never edited, each in one transaction, a copy of the database kept before.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;
use crate::kill_point;

/// One step of the schema.
pub struct Migration {
    /// Version of the store after it; they rise by one.
    pub version: u32,
    /// The statements.
    pub sql: &'static str,
}

/// All steps, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: include_str!("migrations/0001_first.sql"),
    },
    Migration {
        version: 2,
        sql: include_str!("migrations/0002_body_out.sql"),
    },
    Migration {
        version: 3,
        sql: include_str!("migrations/0003_version.sql"),
    },
    Migration {
        version: 4,
        sql: include_str!("migrations/0004_draft.sql"),
    },
];

/// Version that this program writes.
pub const VERSION: u32 = 4;

/// Brings the database to the newest version.
///
/// `keep_copy(version)` is called before each step on a database that holds something: it copies
/// the file, which is complete at that moment (the log is checkpointed and nobody else writes).
pub(super) fn run(
    connection: &Connection,
    migrations: &[Migration],
    keep_copy: &mut dyn FnMut(u32) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let known = migrations.last().map_or(0, |last| last.version);
    let found = version(connection)?;
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for step in migrations.iter().filter(|step| step.version > found) {
        let present = version(connection)?;
        // A store that is just being made has nothing to keep.
        if found > 0 {
            settle(connection)?;
            keep_copy(present)?;
            kill_point!("migrate.copied");
        }
        let tx = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Exclusive)?;
        tx.execute_batch(step.sql)?;
        kill_point!("migrate.applied");
        tx.pragma_update(None, "user_version", step.version)?;
        tx.commit()?;
        kill_point!("migrate.committed");
    }
    Ok(())
}

/// Everything into the main file, so that a copy of that one file is the database.
pub(super) fn settle(connection: &Connection) -> Result<(), StoreError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Version of the database; 0 = new.
pub(super) fn version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}
