//! For tests of migrations, and in no release: makes a store as an older program left it.

use std::rc::Rc;

use chatty_core::store::{Db, MIGRATIONS, Store, StoreError};
use rusqlite::Connection;
use wasm_bindgen::prelude::wasm_bindgen;

use super::database::{DATABASE, Pool};
use super::epoch_file::EpochFile;
use super::failure::StartError;
use super::key_wrap::Vault;
use super::platform::Browser;

/// A new store of this version with the rows of some SQL; the error's text when it fails.
#[wasm_bindgen]
pub async fn make_old_store(version: u32, rows: String) -> Option<String> {
    let made = make(version, &rows).await;
    made.err().map(|error| error.to_string())
}

async fn make(version: u32, rows: &str) -> Result<(), StartError> {
    let pool = Pool::open().await?;
    let epoch = Rc::new(EpochFile::open().await?);
    let vault = Vault::open().await?;
    let root = vault.unlock(&Browser::new(epoch.clone()), false).await?;
    let connection = Connection::open(DATABASE).map_err(StoreError::from)?;
    let steps = MIGRATIONS.get(..version as usize).unwrap_or_default();
    let opened = Store::open_with(connection, &root.database()?, None, steps, &mut |_| Ok(()))?;
    let filled = opened.store.connection().execute_batch(rows);
    filled.map_err(StoreError::from)?;
    epoch.write(opened.epoch)?;
    drop(opened);
    vault.note_store().await?;
    pool.close()?;
    Ok(())
}
