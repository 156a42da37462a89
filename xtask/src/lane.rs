//! One Cargo target directory, shared by every checkout on this machine, used by one at a time.
//!
//! Cargo names the packages of a workspace by their path inside it and compares file times, so two checkouts on one
//! directory look like the same sources to it: it would run the other one's code. Third-party crates are worth
//! sharing and safe to share; ours are forgotten whenever another checkout takes the directory over.

use crate::shell::{self, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// How the names of our packages begin.
const OURS: &[&str] = &["chatty-", "xtask-"];

pub struct Lane {
    pub folder: PathBuf,
    /// Held as long as the lane is.
    _lock: File,
}

impl Lane {
    /// Takes the directory, waiting for a run of another checkout to end.
    pub fn take(folder: PathBuf) -> Result<Self> {
        shell::make_folder(&folder)?;
        let lock = lock(&folder.join(".lock"))?;
        let owner = folder.join(".checkout");
        let checkout = shell::checkout().display().to_string();
        if fs::read_to_string(&owner).is_ok_and(|path| path != checkout) {
            forget_ours(&folder)?;
        }
        shell::write(&owner, &checkout)?;
        shell::write(&folder.join(".last-used"), "")?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }
}

fn lock(path: &Path) -> Result<File> {
    let say = |error: std::io::Error| format!("{}: {error}", path.display());
    let file = File::create(path).map_err(say)?;
    if file.try_lock().is_err() {
        println!("waiting for another run that uses {}", path.display());
        file.lock().map_err(say)?;
    }
    Ok(file)
}

/// True while any run holds this directory, ours included.
pub fn in_use(folder: &Path) -> bool {
    File::open(folder.join(".lock")).is_ok_and(|file| file.try_lock().is_err())
}

/// Without its fingerprint Cargo builds a package again. They lie in `debug/`, or one deeper for a named target.
fn forget_ours(folder: &Path) -> Result<()> {
    let remove = |path: &Path| {
        fs::remove_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let profiles = folders(folder);
    let deeper = profiles.iter().flat_map(|path| folders(path));
    let all: Vec<PathBuf> = profiles.iter().cloned().chain(deeper).collect();
    let kept = all
        .iter()
        .map(|path| path.join(".fingerprint"))
        .filter(|path| path.is_dir());
    let kept: Vec<PathBuf> = kept.collect();
    if kept.is_empty() {
        // A Cargo that keeps them elsewhere: slow is better than another checkout's code.
        return profiles.iter().try_for_each(|path| remove(path));
    }
    for unit in kept.iter().flat_map(|path| folders(path)) {
        let name = unit
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if OURS.iter().any(|ours| name.starts_with(ours)) {
            remove(&unit)?;
        }
    }
    Ok(())
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_packages_are_forgotten() {
        let folder = std::env::temp_dir().join(format!("chatty-lane-{}", std::process::id()));
        let units = [
            "debug/.fingerprint/chatty-core-1",
            "debug/.fingerprint/serde-1",
        ];
        let deep = [
            "x86_64/fuzz/.fingerprint/chatty-fuzz-1",
            "x86_64/fuzz/.fingerprint/serde-1",
        ];
        for unit in units.iter().chain(&deep) {
            fs::create_dir_all(folder.join(unit)).unwrap();
        }
        forget_ours(&folder).unwrap();
        let left = |unit: &str| folder.join(unit).exists();
        assert_eq!(units.map(left), [false, true]);
        assert_eq!(deep.map(left), [false, true]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
