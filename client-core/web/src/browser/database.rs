//! SQLCipher over the origin private file system, by the handle pool of `sqlite-wasm-vfs`.
//!
//! The pool holds an exclusive handle per file, so a second worker could not open it even if the
//! lock failed. Its files have fixed names; SQLite's names stand in their first 4 KiB.

use std::rc::Rc;

use chatty_core::store::{DatabaseKey, Store, StoreError, VERSION};
use rusqlite::Connection;
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};

use super::epoch_file::{self, EpochFile, FOLDER};
use super::failure::StartError;
use super::{clock, copy};

/// Name of the database inside the pool.
pub const DATABASE: &str = "chatty.db";
/// Database, journal, a copy while a migration runs, and spare ones.
const SLOTS: usize = 8;
/// A worker that was just ended may leave its handles open for a moment.
const TRIES: u32 = 20;
const PAUSE_MS: u64 = 250;

/// The pool of files.
pub struct Pool(OpfsSAHPoolUtil);

/// An open store.
pub struct Opened {
    /// The store.
    pub store: Store,
    /// It is damaged and open for reading only.
    pub damaged: bool,
    /// There was a store, but not the number that tells whether it is the newest state.
    pub epoch_lost: bool,
}

impl Pool {
    /// Opens the pool.
    pub async fn open() -> Result<Self, StartError> {
        let settings = OpfsSAHPoolCfgBuilder::new()
            .vfs_name("chatty")
            .directory(&format!("{FOLDER}/pool"))
            .initial_capacity(SLOTS)
            .build();
        let mut tried = 0;
        loop {
            match install::<WasmOsCallback>(&settings, true).await {
                Ok(pool) => return Ok(Self(pool)),
                Err(OpfsSAHError::NotSupported) => {
                    return Err(StartError::Browser("private files"));
                }
                Err(error) => {
                    let fault = in_our_words(&error);
                    tried += 1;
                    if !matches!(fault, StoreError::Busy) || tried == TRIES {
                        return Err(fault.into());
                    }
                    clock::sleep(PAUSE_MS).await;
                }
            }
        }
    }

    /// Whether there is a store in it.
    pub fn has_store(&self) -> Result<bool, StoreError> {
        self.0
            .contains(DATABASE)
            .map_err(|error| in_our_words(&error))
    }

    /// Lets go of the files; every connection must be closed.
    pub fn close(&self) -> Result<(), StoreError> {
        self.0.pause().map_err(|error| in_our_words(&error))
    }
}

/// Opens or makes the database. What cannot be opened for writing is opened for reading; the key
/// is right, because the vault vouches for it.
pub fn open(pool: &Pool, key: &DatabaseKey, epoch: &Rc<EpochFile>) -> Result<Opened, StoreError> {
    let epoch_lost = pool.has_store()? && epoch.read()?.is_none();
    match open_whole(pool, key, epoch) {
        Err(StoreError::Damaged | StoreError::WrongKey) if copy::is_there(&pool.0)? => {
            copy::put_back(&pool.0)?;
            open_whole(pool, key, epoch)
        }
        other => other,
    }
    .map(|store| Opened {
        store,
        damaged: false,
        epoch_lost,
    })
    .or_else(|error| match error {
        StoreError::Damaged | StoreError::WrongKey => Ok(Opened {
            store: Store::open_damaged(Connection::open(DATABASE)?, key)
                .map_err(|_| StoreError::Damaged)?,
            damaged: true,
            epoch_lost,
        }),
        error => Err(error),
    })
}

fn open_whole(pool: &Pool, key: &DatabaseKey, epoch: &Rc<EpochFile>) -> Result<Store, StoreError> {
    let present = match pool.has_store()? {
        true => Store::settled_version(Connection::open(DATABASE)?, key)?,
        false => 0,
    };
    if (1..VERSION).contains(&present) {
        copy::make(&pool.0)?;
    }
    let connection = Connection::open(DATABASE)?;
    // One copy, made above, holds for all steps: it is the database before the first of them.
    let opened = Store::open(connection, key, epoch.read()?, &mut |_| Ok(()))?;
    epoch.write(opened.epoch)?;
    copy::remove(&pool.0)?;
    Ok(opened.store)
}

/// A refusal of the pool in the store's words.
pub fn in_our_words(error: &OpfsSAHError) -> StoreError {
    match error {
        OpfsSAHError::Opfs { value, .. } => epoch_file::fault(value),
        other => StoreError::Io(other.to_string()),
    }
}
