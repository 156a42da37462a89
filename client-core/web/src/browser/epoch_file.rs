//! The rollback epoch in a file of its own (see [`crate::epoch`] for its bytes).

use chatty_core::store::StoreError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemSyncAccessHandle,
};

use super::js;
use crate::epoch;

/// Folder of everything of ours in the origin's private file system.
pub const FOLDER: &str = "chatty";
const FILE: &str = "epoch";

/// The open file.
pub struct EpochFile(FileSystemSyncAccessHandle);

impl Drop for EpochFile {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl EpochFile {
    /// Opens or makes it.
    pub async fn open() -> Result<Self, StoreError> {
        handle().await.map(Self).map_err(|error| fault(&error))
    }

    /// The number, if there is one.
    pub fn read(&self) -> Result<Option<u64>, StoreError> {
        let mut file = [0; epoch::FILE];
        let read = self
            .0
            .read_with_u8_array_and_options(&mut file, &at(0))
            .map_err(|error| fault(&error))?;
        // A count of bytes, at most the length of the buffer.
        let read = (read as usize).min(file.len());
        Ok(file.get(..read).and_then(epoch::decode))
    }

    /// Writes a number; on disk when this returns.
    pub fn write(&self, epoch: u64) -> Result<(), StoreError> {
        let (offset, bytes) = epoch::encode(epoch);
        let written = self
            .0
            .write_with_u8_array_and_options(&bytes, &at(offset))
            .map_err(|error| fault(&error))?;
        if written as usize != bytes.len() {
            return Err(StoreError::Full);
        }
        self.0.flush().map_err(|error| fault(&error))
    }
}

fn at(offset: usize) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(offset as f64);
    options
}

async fn handle() -> Result<FileSystemSyncAccessHandle, JsValue> {
    let storage = js::navigator().ok_or(JsValue::UNDEFINED)?.storage();
    let root: FileSystemDirectoryHandle =
        JsFuture::from(storage.get_directory()).await?.dyn_into()?;
    let make = FileSystemGetDirectoryOptions::new();
    make.set_create(true);
    let opening = root.get_directory_handle_with_options(FOLDER, &make);
    let folder: FileSystemDirectoryHandle = JsFuture::from(opening).await?.dyn_into()?;
    let make = FileSystemGetFileOptions::new();
    make.set_create(true);
    let opening = folder.get_file_handle_with_options(FILE, &make);
    let file: FileSystemFileHandle = JsFuture::from(opening).await?.dyn_into()?;
    JsFuture::from(file.create_sync_access_handle())
        .await?
        .dyn_into()
}

/// A refusal of the file system in the store's words.
pub fn fault(error: &JsValue) -> StoreError {
    match js::error_name(error).as_str() {
        "QuotaExceededError" => StoreError::Full,
        "NoModificationAllowedError" => StoreError::Busy,
        name => StoreError::Io(name.to_owned()),
    }
}
