//! Opening the database of a home.

use std::path::{Path, PathBuf};

use chatty_core::store::{DatabaseKey, Store, StoreError, account};

use crate::failure::StartError;
use crate::files;
use crate::platform::{io, read_epoch, write_epoch};

/// The database's file in a home.
pub const DATABASE: &str = "chatty.db";

/// An open store.
pub struct Opened {
    /// The store.
    pub store: Store,
    /// It is damaged and open for reading only.
    pub damaged: bool,
}

/// Opens or makes the database of a home. What cannot be opened for writing is opened for
/// reading; the key is right, because the vault vouches for it.
pub fn open(home: &Path, key: &DatabaseKey, relay: Option<&str>) -> Result<Opened, StartError> {
    let opened = match open_whole(home, key) {
        Ok(store) => Opened {
            store,
            damaged: false,
        },
        Err(StoreError::Damaged | StoreError::WrongKey) => Opened {
            store: open_damaged(home, key)?,
            damaged: true,
        },
        Err(error) => return Err(error.into()),
    };
    if let (Some(relay), Ok(Some(account))) = (relay, account::get(&opened.store))
        && relay != account.relay
    {
        return Err(StartError::OtherRelay(account.relay));
    }
    Ok(opened)
}

fn open_whole(home: &Path, key: &DatabaseKey) -> Result<Store, StoreError> {
    let path = home.join(DATABASE);
    // Made here, so that SQLite's own files get the same narrow permissions.
    files::private_file(&path).map_err(io)?;
    let connection = rusqlite::Connection::open(&path)?;
    let mut keep = |version: u32| keep_copy(&path, version);
    let opened = Store::open(connection, key, read_epoch(home)?, &mut keep)?;
    write_epoch(home, opened.epoch)?;
    Ok(opened.store)
}

fn open_damaged(home: &Path, key: &DatabaseKey) -> Result<Store, StoreError> {
    let connection = rusqlite::Connection::open(home.join(DATABASE))?;
    Store::open_damaged(connection, key).map_err(|_| StoreError::Damaged)
}

/// Keeps the database as it is before a migration; copies of older versions go.
fn keep_copy(path: &Path, version: u32) -> Result<(), StoreError> {
    files::copy_durable(path, &copy_of(path, version)).map_err(io)?;
    for older in 1..version {
        let _ = std::fs::remove_file(copy_of(path, older));
    }
    Ok(())
}

/// Where the copy of a version is kept.
fn copy_of(path: &Path, version: u32) -> PathBuf {
    path.with_extension(format!("db.v{version}"))
}
