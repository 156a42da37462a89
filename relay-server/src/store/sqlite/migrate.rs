//! Numbered migrations, applied in one transaction each; the number stands in `user_version`.

use rusqlite::{Connection, TransactionBehavior};

use crate::store::{StoreError, StoreResult};

/// Every migration in order; the first is number 1. Never edited once released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_streams.sql"),
    include_str!("migrations/0002_accounts.sql"),
];

/// Brings the database to the newest schema.
pub(super) fn migrate(conn: &mut Connection) -> StoreResult<()> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for number in found + 1..=known {
        let index = usize::try_from(number - 1).unwrap_or_default();
        let Some(sql) = MIGRATIONS.get(index) else {
            break;
        };
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
    }
    Ok(())
}
