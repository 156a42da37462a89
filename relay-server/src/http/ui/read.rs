//! A folder into memory.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{INDEX, Ui};

/// Most bytes of all files together; a folder above it was named by mistake.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Why a folder cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum UiError {
    /// The folder or a file in it cannot be read.
    #[error("--ui: {path} cannot be read: {source}")]
    Read {
        /// What.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no page to begin with.
    #[error("--ui: {0} has no index.html; `cargo xtask web` makes such a folder")]
    NoIndex(PathBuf),
    /// Too much.
    #[error("--ui: {0} holds more than {MOST_BYTES} bytes; is it the right folder?")]
    TooLarge(PathBuf),
}

impl Ui {
    /// Reads a folder. Links are left out.
    pub fn read(folder: &Path) -> Result<Self, UiError> {
        let mut contents = HashMap::new();
        let mut room = MOST_BYTES;
        let mut folders = vec![(folder.to_owned(), String::new())];
        while let Some((path, prefix)) = folders.pop() {
            let fail = |source| UiError::Read {
                path: path.clone(),
                source,
            };
            for entry in std::fs::read_dir(&path).map_err(fail)? {
                let entry = entry.map_err(fail)?;
                let (kind, name) = (entry.file_type().map_err(fail)?, entry.file_name());
                let Some(name) = name.to_str().map(|name| format!("{prefix}{name}")) else {
                    continue;
                };
                if kind.is_dir() {
                    folders.push((entry.path(), format!("{name}/")));
                } else if kind.is_file() {
                    let size = entry.metadata().map_err(fail)?.len();
                    let left = room.checked_sub(size);
                    room = left.ok_or_else(|| UiError::TooLarge(folder.to_owned()))?;
                    let content = std::fs::read(entry.path()).map_err(fail)?;
                    contents.insert(name, content.into());
                }
            }
        }
        match contents.contains_key(INDEX) {
            true => Ok(Self::from_files(contents)),
            false => Err(UiError::NoIndex(folder.to_owned())),
        }
    }
}
