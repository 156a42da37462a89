//! The rows of chatty-crypto: read through [`View`], written from its [`Changes`].

use chatty_crypto::changes::Changes;
use chatty_crypto::view::{Row, Table, View, ViewError};

use super::value::{all, one, write};
use super::{Db, Store, StoreError, Tx};

impl View for Store {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        get(self, table, key).map_err(|error| ViewError(error.to_string()))
    }

    fn scan(&self, table: Table, prefix: &[u8]) -> Result<Vec<Row>, ViewError> {
        scan(self, table, prefix).map_err(|error| ViewError(error.to_string()))
    }
}

/// Key and value.
type KeyValue = (Vec<u8>, Vec<u8>);

/// Writes one input's rows; in the same transaction as everything that belongs to them.
pub fn apply(tx: &Tx<'_>, changes: &Changes) -> Result<(), StoreError> {
    for (table, key, value) in changes.iter() {
        match value {
            Some(value) => write(
                tx.connection(),
                "INSERT INTO crypto (tbl, key, value) VALUES (?1, ?2, ?3)
                 ON CONFLICT (tbl, key) DO UPDATE SET value = excluded.value",
                (table as u8, key, value),
            )?,
            None => write(
                tx.connection(),
                "DELETE FROM crypto WHERE tbl = ?1 AND key = ?2",
                (table as u8, key),
            )?,
        };
    }
    Ok(())
}

fn get(db: &dyn Db, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    one(
        db.connection(),
        "SELECT value FROM crypto WHERE tbl = ?1 AND key = ?2",
        (table as u8, key),
        |row| row.get(0),
    )
}

fn scan(db: &dyn Db, table: Table, prefix: &[u8]) -> Result<Vec<KeyValue>, StoreError> {
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    // Two statements: with "or there is no end" in one, SQLite reads to the end of the table.
    match successor(prefix) {
        Some(end) => all(
            db.connection(),
            "SELECT key, value FROM crypto WHERE tbl = ?1 AND key >= ?2 AND key < ?3 ORDER BY key",
            (table as u8, prefix, end),
            row,
        ),
        None => all(
            db.connection(),
            "SELECT key, value FROM crypto WHERE tbl = ?1 AND key >= ?2 ORDER BY key",
            (table as u8, prefix),
            row,
        ),
    }
}

/// The smallest key above every key that begins with `prefix`; none for 0xff bytes only.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::successor;

    #[test]
    fn the_successor_is_the_next_prefix() {
        assert_eq!(successor(&[1, 2]), Some(vec![1, 3]));
        assert_eq!(successor(&[1, 0xff]), Some(vec![2]));
        assert_eq!(successor(&[0xff, 0xff]), None);
        assert_eq!(successor(&[]), None);
    }
}
