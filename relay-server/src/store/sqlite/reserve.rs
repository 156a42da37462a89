//! The reserve file: room that is given back when the disk is full, so that acknowledgements and
//! purge can still commit and make room.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fs4::FileExt;

/// Room kept back, bytes.
pub const RESERVE_BYTES: u64 = 64 * 1024 * 1024;

/// The reserve of one database.
pub(super) struct Reserve {
    path: PathBuf,
    bytes: u64,
}

impl Reserve {
    /// The reserve beside a database file.
    pub(super) fn beside(database: &Path, bytes: u64) -> Self {
        Self {
            path: database.with_extension("reserve"),
            bytes,
        }
    }

    /// Takes the room if it is not taken yet. `false` when the disk has not that much.
    pub(super) fn fill(&self) -> bool {
        if fs::metadata(&self.path).is_ok_and(|meta| meta.len() >= self.bytes) {
            return true;
        }
        let room = self.path.parent().map(fs4::available_space);
        // Twice the reserve must be free: else the next rows would eat what was just kept back.
        if !matches!(room, Some(Ok(free)) if free >= self.bytes.saturating_mul(2)) {
            return false;
        }
        let taken = File::create(&self.path)
            .and_then(|file| FileExt::allocate(&file, self.bytes).and_then(|()| file.sync_all()));
        if taken.is_err() {
            self.free();
        }
        taken.is_ok()
    }

    /// Gives the room back.
    pub(super) fn free(&self) {
        // A reserve that is not there cannot help; there is nothing to do about it.
        let _missing = fs::remove_file(&self.path);
    }
}
