//! The relay's own secrets, in a file beside the database: a stolen copy of the database alone
//! forges no token. Losing the file signs everybody out and loses nothing else.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// The file.
pub struct SecretFile(PathBuf);

impl SecretFile {
    /// `<data>/relay.secrets`.
    pub fn in_folder(data: &Path) -> Self {
        Self(data.join("relay.secrets"))
    }

    /// Its bytes, empty when there is no file yet.
    pub fn read(&self) -> io::Result<Zeroizing<Vec<u8>>> {
        match fs::read(&self.0) {
            Ok(bytes) => Ok(Zeroizing::new(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Zeroizing::default()),
            Err(error) => Err(error),
        }
    }

    /// Replaces the file in one step; readable by its owner only.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let part = self.0.with_extension("part");
        let mut file = create_private(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, &self.0)
    }
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
