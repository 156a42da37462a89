//! The encrypted store: one SQLCipher database, one connection, one writer.
//!
//! Reading functions take any [`Db`]; writing functions take a [`Tx`], so nothing is written
//! outside [`Store::commit`]. What one input changes (rows of the crypto crate and rows of ours)
//! goes into one transaction; an error leaves nothing of it. Each file is one subject:
//! [`conversation`], [`message`], [`outbox`] and so on.

pub mod account;
pub mod body;
pub mod chat;
pub mod contact;
pub mod conversation;
pub mod crypto;
pub mod device;
pub mod draft;
mod error;
pub mod item;
pub mod mark;
pub mod message;
pub mod meta;
mod migrate;
mod open;
pub mod outbox;
pub mod range;
pub mod salvage;
pub mod search;
pub mod setting;
pub(crate) mod value;

pub use error::StoreError;
pub use migrate::{MIGRATIONS, Migration, VERSION};
pub use open::{DatabaseKey, Opened};

use rusqlite::{Connection, TransactionBehavior};

use crate::kill_point;

/// The open store. Reading through it sees the last commit.
pub struct Store {
    connection: Connection,
    generation: u64,
    read_only: bool,
    restored: bool,
}

/// Something that can be read: the store, or a transaction with its own pending rows.
pub trait Db {
    /// The connection under it; only this crate's `store` names SQL.
    #[doc(hidden)]
    fn connection(&self) -> &Connection;
}

impl Db for Store {
    fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// One transaction, given by [`Store::commit`].
pub struct Tx<'a> {
    connection: &'a Connection,
}

impl Db for Tx<'_> {
    fn connection(&self) -> &Connection {
        self.connection
    }
}

impl Tx<'_> {
    /// Runs a part that stands or falls alone: when it fails, nothing that it wrote stays.
    pub fn part<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        value::write(self.connection, "SAVEPOINT part", [])?;
        let result = work();
        if result.is_err() {
            value::write(self.connection, "ROLLBACK TO part", [])?;
        }
        value::write(self.connection, "RELEASE part", [])?;
        result
    }
}

impl Store {
    /// Runs `work` in one transaction and makes it durable (fsync) before it returns.
    ///
    /// An error of `work` or of the disk rolls everything back. The caller then throws away what
    /// it holds in memory: the store has the truth.
    pub fn commit<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.read_only {
            return Err(StoreError::ReadOnly.into());
        }
        let sqlite =
            rusqlite::Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
                .map_err(StoreError::from)?;
        let tx = Tx {
            connection: &sqlite,
        };
        self.check_generation(&tx)?;
        let result = work(&tx)?;
        kill_point!("store.before-commit");
        sqlite.commit().map_err(StoreError::from)?;
        kill_point!("store.after-commit");
        Ok(result)
    }

    /// Another process that opened this store has raised the generation (A27).
    fn check_generation(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        match meta::number(tx, meta::GENERATION)? {
            Some(found) if found == self.generation => Ok(()),
            _ => Err(StoreError::Busy),
        }
    }

    /// Number of this opening; rises with each.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether this store was put back from an older copy: found when it was opened.
    pub fn was_restored(&self) -> bool {
        self.restored
    }

    /// Whether the store is open for reading only because it is damaged.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }
}
