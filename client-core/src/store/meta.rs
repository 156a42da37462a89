//! Single numbers and blobs of the store and the engine.

use super::value::{all, int, number as read_number, one, write};
use super::{Db, StoreError, Tx};

/// Number of openings.
pub const GENERATION: &str = "generation";
/// Rollback epoch; the platform keeps the same number outside the database.
pub const EPOCH: &str = "epoch";
/// Not 0 while an opening that found an older copy still has to be dealt with: new generations
/// before the next send. The engine sets it back to 0.
pub const RESTORED: &str = "restored";
/// Next number of a to-device item.
pub(crate) const NEXT_ITEM: &str = "next-item";

/// A number, if it was ever set.
pub fn number(db: &dyn Db, name: &str) -> Result<Option<u64>, StoreError> {
    one(
        db.connection(),
        "SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?1",
        [name],
        |row| read_number(row, 0),
    )
}

/// Sets a number.
pub fn set_number(tx: &Tx<'_>, name: &str, value: u64) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "INSERT INTO meta (name, value) VALUES (?1, CAST(?2 AS BLOB))
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, int(value)),
    )?;
    Ok(())
}

/// A blob, if it was ever set. Names of the engine are its own; keep them apart from numbers.
pub fn blob(db: &dyn Db, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    one(
        db.connection(),
        "SELECT value FROM meta WHERE name = ?1",
        [name],
        |row| row.get(0),
    )
}

/// Names of blobs that begin so, in order.
pub fn names(db: &dyn Db, prefix: &str) -> Result<Vec<String>, StoreError> {
    all(
        db.connection(),
        "SELECT name FROM meta WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name",
        [prefix],
        |row| row.get(0),
    )
}

/// Sets or removes a blob.
pub fn set_blob(tx: &Tx<'_>, name: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
    match value {
        Some(value) => write(
            tx.connection(),
            "INSERT INTO meta (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )?,
        None => write(tx.connection(), "DELETE FROM meta WHERE name = ?1", [name])?,
    };
    Ok(())
}
