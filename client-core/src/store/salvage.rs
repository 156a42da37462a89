//! Reading what can still be read from a damaged store (see [`super::Store::open_damaged`]).

use super::message::{self, MessageRow};
use super::{Db, StoreError};

/// What was found, and how much was not.
#[derive(Debug, Default)]
pub struct Salvaged {
    /// Readable message rows, newest first.
    pub messages: Vec<MessageRow>,
    /// Rows that could not be read.
    pub lost: u64,
}

/// Highest row number that is tried when the table's own maximum cannot be read.
const BLIND_ROWS: i64 = 1_000_000;
/// Unreadable rows in a row after which the rest is given up.
const GIVE_UP: u64 = 10_000;

/// Reads message rows one by one, so that one damaged page loses only what is on it.
pub fn messages(db: &dyn Db, limit: usize) -> Result<Salvaged, StoreError> {
    let newest: Option<i64> = db
        .connection()
        .query_row("SELECT max(row) FROM message", [], |row| row.get(0))
        .unwrap_or(Some(BLIND_ROWS));
    let mut found = Salvaged::default();
    let mut lost_in_a_row = 0;
    let mut row = newest.unwrap_or(0);
    while row > 0 && found.messages.len() < limit && lost_in_a_row < GIVE_UP {
        match message::by_row(db, row) {
            Ok(Some(message)) => {
                found.messages.push(message);
                lost_in_a_row = 0;
            }
            Ok(None) => {}
            Err(_) => {
                found.lost += 1;
                lost_in_a_row += 1;
            }
        }
        row -= 1;
    }
    Ok(found)
}
