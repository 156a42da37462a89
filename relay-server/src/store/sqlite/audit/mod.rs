//! Whether the rows fit together, beyond what SQLite checks itself: streams
//! without holes, logs that verify, senders, inboxes. `doctor --streams` shows what is found and
//! repairs it on order.

mod inbox;
mod log;
mod repair;
mod rows;

use std::fmt;
use std::path::Path;

use chatty_protocol::ConvId;
use rusqlite::Connection;

use super::num;
use super::{SqliteStore, open};
use crate::store::{StoreError, StoreResult};

/// Longest hole that a repair fills; a longer one is a wrong number, not lost rows.
const HOLE_MAX: u64 = 1_000_000;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Rows are missing: readers of the conversation get no further.
    Hole {
        /// Conversation.
        conv: ConvId,
        /// First missing number.
        from: u64,
        /// Last one.
        to: u64,
    },
    /// A row that cannot be handed out: its device is unknown or its bytes are no message.
    Row {
        /// Conversation.
        conv: ConvId,
        /// Stream number.
        seq: u64,
    },
    /// An entry of the log is missing or does not follow from the ones before.
    Log {
        /// Conversation.
        conv: ConvId,
        /// Number of the entry.
        log_seq: u64,
        /// What does not hold.
        what: &'static str,
    },
    /// The newest number of a device is behind its rows: it could write one twice.
    Sender {
        /// Conversation.
        conv: ConvId,
        /// Row number of the device.
        dev: i64,
    },
    /// A read marker that cannot be handed out.
    Mark {
        /// Conversation.
        conv: ConvId,
        /// Row number of the marker.
        id: i64,
    },
    /// An item in an inbox that can never be delivered, so that its device waits for it for ever.
    Item {
        /// Place in the inboxes.
        place: i64,
    },
}

impl Fault {
    /// Whether `doctor --streams --repair` can do something about it.
    pub fn is_repairable(&self) -> bool {
        match self {
            Self::Hole { from, to, .. } => to - from < HOLE_MAX,
            Self::Log { .. } => false,
            _ => true,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hole { conv, from, to } if from == to => {
                write!(f, "conversation {conv}: row {from} is missing")
            }
            Self::Hole { conv, from, to } => {
                write!(f, "conversation {conv}: rows {from} to {to} are missing")
            }
            Self::Row { conv, seq } => {
                write!(f, "conversation {conv}: row {seq} cannot be read")
            }
            Self::Log {
                conv,
                log_seq,
                what,
            } => write!(f, "conversation {conv}: log entry {log_seq} {what}"),
            Self::Sender { conv, .. } => {
                write!(
                    f,
                    "conversation {conv}: a sender's last number is behind its rows"
                )
            }
            Self::Mark { conv, .. } => {
                write!(f, "conversation {conv}: a read marker cannot be read")
            }
            Self::Item { place } => write!(f, "inbox item {place} can never be delivered"),
        }
    }
}

/// A conversation that is looked at.
#[derive(Debug, Clone, Copy)]
struct Conv {
    no: i64,
    id: ConvId,
    floor: u64,
}

/// What a repair did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// Faults that are gone.
    pub mended: Vec<Fault>,
    /// Faults that stay.
    pub left: Vec<Fault>,
}

impl SqliteStore {
    /// Looks at every stream and inbox of a database file, also while a relay runs on it.
    pub fn audit_file(path: &Path) -> StoreResult<Vec<Fault>> {
        super::offline::exists(path)?;
        let conn = open::open_reader(path)?;
        // One snapshot: rows that are written meanwhile are no faults.
        conn.execute_batch("BEGIN")?;
        find(&conn)
    }

    /// Repairs what can be repaired, in one transaction. The relay must not run.
    pub fn repair_file(path: &Path, now: u64) -> StoreResult<Repaired> {
        super::offline::exists(path)?;
        let _lock = open::lock(path)?;
        let mut conn = open::reopen_writer(path)?;
        let tx = conn.transaction()?;
        let mut found = find(&tx)?;
        for fault in found.iter().filter(|fault| fault.is_repairable()) {
            repair::one(&tx, fault, now)?;
        }
        let left = find(&tx)?;
        found.retain(|fault| !left.contains(fault));
        tx.commit()?;
        Ok(Repaired {
            mended: found,
            left,
        })
    }
}

fn find(conn: &Connection) -> StoreResult<Vec<Fault>> {
    let mut faults = Vec::new();
    for conv in conversations(conn)? {
        let entries = rows::check(conn, &conv, &mut faults)?;
        log::check(conn, &conv, &entries, &mut faults)?;
        rows::check_marks(conn, &conv, &mut faults)?;
    }
    inbox::check(conn, &mut faults)?;
    Ok(faults)
}

fn conversations(conn: &Connection) -> StoreResult<Vec<Conv>> {
    let mut statement = conn.prepare("SELECT no, id, floor FROM conv ORDER BY no")?;
    let rows = statement.query_map([], |row| {
        Ok(Conv {
            no: row.get(0)?,
            id: num::conv(row, 1)?,
            floor: num::uint(row, 2)?,
        })
    })?;
    rows.collect::<Result<_, _>>().map_err(StoreError::from)
}
