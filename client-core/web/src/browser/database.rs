//! SQLCipher over the origin private file system, by the handle pool of `sqlite-wasm-vfs`.
//!
//! The pool holds an exclusive handle per file, so a second worker could not open it even if the
//! lock failed. Its files have fixed names; SQLite's names stand in their first 4 KiB.

use std::rc::Rc;

use chatty_core::store::{DatabaseKey, Store, StoreError};
use rusqlite::Connection;
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};

use super::clock;
use super::epoch_file::{self, EpochFile, FOLDER};
use super::failure::StartError;

/// Name of the database inside the pool.
const DATABASE: &str = "chatty.db";
/// Database, journal, a copy before a migration, and spare ones.
const SLOTS: usize = 8;
/// A worker that was just ended may leave its handles open for a moment (platform.md §1.5).
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
pub fn open(key: &DatabaseKey, epoch: &Rc<EpochFile>) -> Result<Opened, StoreError> {
    match open_whole(key, epoch) {
        Ok(store) => Ok(Opened {
            store,
            damaged: false,
        }),
        Err(StoreError::Damaged | StoreError::WrongKey) => Ok(Opened {
            store: Store::open_damaged(Connection::open(DATABASE)?, key)
                .map_err(|_| StoreError::Damaged)?,
            damaged: true,
        }),
        Err(error) => Err(error),
    }
}

fn open_whole(key: &DatabaseKey, epoch: &Rc<EpochFile>) -> Result<Store, StoreError> {
    let connection = Connection::open(DATABASE)?;
    let opened = Store::open(connection, key, epoch.read()?, &mut keep_copy)?;
    epoch.write(opened.epoch)?;
    Ok(opened.store)
}

/// There is one version of the store so far, so no browser has an older one. The first migration
/// has to bring the copy with it: without one it must not run.
fn keep_copy(version: u32) -> Result<(), StoreError> {
    Err(StoreError::Io(format!(
        "no copy of version {version} can be kept in a browser"
    )))
}

fn in_our_words(error: &OpfsSAHError) -> StoreError {
    match error {
        OpfsSAHError::Opfs { value, .. } => epoch_file::fault(value),
        other => StoreError::Io(other.to_string()),
    }
}
