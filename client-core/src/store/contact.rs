//! People: what is known of them, and whom this user blocked.

use chatty_protocol::{DeviceId, UserId};
use rusqlite::Row;

use super::value::{self, all, int, number, one, word, write};
use super::{Db, StoreError, Tx};
use crate::api::state::ContactState;

/// What is known of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The person.
    pub user: UserId,
    /// Handle as their device log states it for this relay.
    pub handle: Option<String>,
    /// Display name as they sent it.
    pub name: Option<String>,
    /// Trust.
    pub state: ContactState,
    /// Rev of the profile; greatest (rev, device) wins.
    pub profile_rev: u64,
    /// Device that sent it.
    pub profile_device: Option<DeviceId>,
    /// First seen, Unix ms.
    pub since_ms: u64,
}

impl ContactRow {
    /// Somebody of whom only the id is known.
    pub fn new(user: UserId, since_ms: u64) -> Self {
        Self {
            user,
            handle: None,
            name: None,
            state: ContactState::New,
            profile_rev: 0,
            profile_device: None,
            since_ms,
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT user, handle, name, state, profile_rev, profile_device, since_ms FROM contact ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> rusqlite::Result<ContactRow> {
    Ok(ContactRow {
        user: value::user(row, 0)?,
        handle: row.get(1)?,
        name: row.get(2)?,
        state: word(row, 3)?,
        profile_rev: number(row, 4)?,
        profile_device: value::optional_device(row, 5)?,
        since_ms: number(row, 6)?,
    })
}

/// One person.
pub fn get(db: &dyn Db, user: &UserId) -> Result<Option<ContactRow>, StoreError> {
    one(
        db.connection(),
        select!("WHERE user = ?1"),
        [user.as_ref()],
        read,
    )
}

/// People whose log states this handle; more than one when it moved.
pub fn with_handle(db: &dyn Db, handle: &str) -> Result<Vec<ContactRow>, StoreError> {
    all(
        db.connection(),
        select!("WHERE handle = ?1 ORDER BY since_ms DESC"),
        [handle],
        read,
    )
}

/// Everybody.
pub fn everybody(db: &dyn Db) -> Result<Vec<ContactRow>, StoreError> {
    all(db.connection(), select!("ORDER BY user"), [], read)
}

/// Writes a person, new or changed.
pub fn put(tx: &Tx<'_>, contact: &ContactRow) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO contact
             (user, handle, name, state, profile_rev, profile_device, since_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            contact.user.as_ref(),
            &contact.handle,
            &contact.name,
            contact.state.as_str(),
            int(contact.profile_rev),
            contact.profile_device.as_ref().map(AsRef::as_ref),
            int(contact.since_ms),
        ),
    )?;
    Ok(())
}

/// A wish about blocking that the relay may not know yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockRow {
    /// The person.
    pub user: UserId,
    /// Blocked, or unblocked and kept until the relay was told.
    pub blocked: bool,
    /// Whether the relay was told.
    pub told: bool,
    /// When, Unix ms.
    pub at_ms: u64,
}

fn read_block(row: &Row<'_>) -> rusqlite::Result<BlockRow> {
    Ok(BlockRow {
        user: value::user(row, 0)?,
        blocked: row.get(1)?,
        told: row.get(2)?,
        at_ms: number(row, 3)?,
    })
}

/// Blocks or unblocks a person.
pub fn set_block(tx: &Tx<'_>, block: &BlockRow) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO block (user, blocked, told, at_ms) VALUES (?1, ?2, ?3, ?4)",
        (
            block.user.as_ref(),
            block.blocked,
            block.told,
            int(block.at_ms),
        ),
    )?;
    write(
        tx.connection(),
        "DELETE FROM block WHERE blocked = 0 AND told = 1",
        [],
    )?;
    Ok(())
}

/// Whether a person is blocked.
pub fn is_blocked(db: &dyn Db, user: &UserId) -> Result<bool, StoreError> {
    let found = one(
        db.connection(),
        "SELECT 1 FROM block WHERE user = ?1 AND blocked = 1",
        [user.as_ref()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Everybody blocked, the latest first.
pub fn blocked(db: &dyn Db) -> Result<Vec<BlockRow>, StoreError> {
    all(
        db.connection(),
        "SELECT user, blocked, told, at_ms FROM block WHERE blocked = 1
         ORDER BY at_ms DESC, user",
        [],
        read_block,
    )
}

/// What the relay must still be told.
pub fn blocks_to_tell(db: &dyn Db) -> Result<Vec<BlockRow>, StoreError> {
    all(
        db.connection(),
        "SELECT user, blocked, told, at_ms FROM block WHERE told = 0 ORDER BY at_ms",
        [],
        read_block,
    )
}
