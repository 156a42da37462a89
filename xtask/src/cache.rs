//! Where build results live: `CHATTY_CACHE`, default `~/.cache/chatty`, never the checkout.
//!
//! `target/<key>/<lane>`: one Cargo target directory per feature set ("lane"), because Cargo rebuilds about 130
//! crates whenever the feature set on one directory changes. The key is the compiler and the versions that we
//! name, so results that nothing will ever use again can be recognised and removed.

use crate::lane::{self, Lane};
use crate::lockfile;
use crate::shell::{self, Result};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

const KEPT_KEYS: usize = 2;
const CAP_BYTES: u64 = 12 << 30;
/// Folders of finished results, named by what decides them; the newest ones stay.
const FINISHED: &[&str] = &["wasm", "ui"];
const KEPT_FINISHED: usize = 6;

pub struct Cache {
    root: PathBuf,
    key: String,
    lanes: RefCell<HashMap<String, Lane>>,
}

impl Cache {
    pub fn open() -> Result<Self> {
        let root = match std::env::var_os("CHATTY_CACHE") {
            Some(path) if !path.is_empty() => std::path::absolute(path)
                .map_err(|error| format!("CHATTY_CACHE is no usable path: {error}"))?,
            _ => home()?.join(".cache/chatty"),
        };
        shell::make_folder(&root)?;
        Ok(Self {
            root,
            key: key()?,
            lanes: RefCell::default(),
        })
    }

    /// A folder of the cache that outlives a change of compiler.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.root.join(name);
        shell::make_folder(&path)?;
        Ok(path)
    }

    /// The target directory of one feature set, ours until this cache is dropped.
    pub fn target(&self, name: &str) -> Result<PathBuf> {
        let mut lanes = self.lanes.borrow_mut();
        if let Some(lane) = lanes.get(name) {
            return Ok(lane.folder.clone());
        }
        let lane = Lane::take(self.root.join("target").join(&self.key).join(name))?;
        let folder = lane.folder.clone();
        lanes.insert(name.to_owned(), lane);
        Ok(folder)
    }

    /// Removes what the next runs will not use: all but two keys, then the oldest lanes above 12 GB.
    pub fn trim(&self) -> Result<String> {
        let mut keys = by_age(&self.root.join("target"), newest_lane);
        let mut removed = 0;
        while keys.len() > KEPT_KEYS {
            removed += remove_unless_used(&keys.remove(0));
        }
        let mut lanes: Vec<(SystemTime, PathBuf)> = keys
            .iter()
            .flat_map(|(_, key)| by_age(key, last_used))
            .collect();
        lanes.sort();
        let mut sizes: u64 = lanes.iter().map(|(_, lane)| size(lane)).sum();
        for lane in &lanes {
            if sizes <= CAP_BYTES {
                break;
            }
            let freed = size(&lane.1);
            if remove_unless_used(lane) == 1 {
                removed += 1;
                sizes -= freed;
            }
        }
        for name in FINISHED {
            let mut folders = by_age(&self.root.join(name), made);
            while folders.len() > KEPT_FINISHED {
                removed += usize::from(fs::remove_dir_all(folders.remove(0).1).is_ok());
            }
        }
        Ok(match removed {
            0 => format!("{} MB", sizes >> 20),
            _ => format!("{} MB, {removed} removed", sizes >> 20),
        })
    }
}

/// A short fingerprint for file names; nobody attacks the cache, so 64 bits without a key are enough.
pub fn fingerprint(parts: &[impl Hash]) -> String {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// A fingerprint of files and folders of the checkout, and of something more that decides the result.
pub fn fingerprint_of(sources: &[&str], more: &str) -> Result<String> {
    let mut files = Vec::new();
    for name in sources {
        collect(&shell::checkout().join(name), &mut files);
    }
    files.sort();
    let mut parts = vec![more.as_bytes().to_vec()];
    for file in files {
        // Relative, so that every clone on one cache finds the same result.
        let name = file.strip_prefix(shell::checkout()).unwrap_or(&file);
        parts.push(name.to_string_lossy().into_owned().into_bytes());
        parts.push(fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?);
    }
    Ok(fingerprint(&parts))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| collect(&entry.path(), files));
    } else if path.is_file() {
        files.push(path.to_owned());
    }
}

/// Makes a folder whole or not at all: a run that is cut off leaves nothing that looks finished.
pub fn finish(place: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let draft = place.with_extension(format!("{}.draft", std::process::id()));
    let _ = fs::remove_dir_all(&draft);
    shell::make_folder(&draft)?;
    let made = make(&draft).and_then(|()| {
        // Another run may have made the same; then ours is not needed.
        fs::rename(&draft, place).or_else(|error| match place.is_dir() {
            true => Ok(()),
            false => Err(error.to_string()),
        })
    });
    let _ = fs::remove_dir_all(&draft);
    made
}

fn key() -> Result<String> {
    let compiler = shell::capture(Command::new("rustc").arg("-V"))?;
    let lock = shell::read(&shell::checkout().join("Cargo.lock")).unwrap_or_default();
    let mut parts: Vec<String> = lockfile::first_level(&lock).into_iter().collect();
    parts.push(compiler.trim().to_owned());
    let version = compiler.split(' ').nth(1).unwrap_or("rustc").to_owned();
    Ok(format!("{version}-{}", fingerprint(&parts)))
}

fn home() -> Result<PathBuf> {
    std::env::var_os("HOME")
        .map(PathBuf::from)
        .ok_or_else(|| "neither CHATTY_CACHE nor HOME is set".to_owned())
}

/// Folders inside `folder`, oldest use first.
fn by_age(folder: &Path, age: impl Fn(&Path) -> SystemTime) -> Vec<(SystemTime, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .map(|path| (age(&path), path))
        .collect();
    found.sort();
    found
}

fn last_used(lane: &Path) -> SystemTime {
    let stamp = fs::metadata(lane.join(".last-used")).and_then(|data| data.modified());
    stamp.unwrap_or(SystemTime::UNIX_EPOCH)
}

fn made(folder: &Path) -> SystemTime {
    let time = fs::metadata(folder).and_then(|data| data.modified());
    time.unwrap_or(SystemTime::UNIX_EPOCH)
}

fn newest_lane(key: &Path) -> SystemTime {
    by_age(key, last_used)
        .last()
        .map_or(SystemTime::UNIX_EPOCH, |(age, _)| *age)
}

/// `path` is a lane, or a key with lanes inside.
fn remove_unless_used((_, path): &(SystemTime, PathBuf)) -> usize {
    let lanes = by_age(path, last_used);
    if lane::in_use(path) || lanes.iter().any(|(_, lane)| lane::in_use(lane)) {
        return 0;
    }
    usize::from(fs::remove_dir_all(path).is_ok())
}

fn size(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => size(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_folder_is_whole_or_not_there() {
        let root = std::env::temp_dir().join(format!("chatty-finish-{}", std::process::id()));
        let place = root.join("result");
        let write = |draft: &Path| shell::write(&draft.join("file"), "content");
        let cut_off = finish(&place, |draft| {
            write(draft)?;
            Err("cut off".into())
        });
        assert_eq!(cut_off, Err("cut off".into()));
        assert_eq!(fs::read_dir(&root).unwrap().count(), 0);
        finish(&place, write).unwrap();
        assert_eq!(shell::read(&place.join("file")).unwrap(), "content");
        // Another run was faster: its folder stays, and that is no error.
        finish(&place, write).unwrap();
        assert_eq!(fs::read_dir(&root).unwrap().count(), 1);
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_fingerprint_depends_on_names_contents_and_the_rest() {
        let of = |sources: &[&str], more| fingerprint_of(sources, more).unwrap();
        let one = of(&["xtask/src/cache.rs"], "");
        assert_eq!(one, of(&["xtask/src/cache.rs"], ""));
        assert_ne!(one, of(&["xtask/src/cache.rs"], "other compiler"));
        assert_ne!(one, of(&["xtask/src"], ""));
        // A folder stands for what is in it.
        assert_ne!(of(&["xtask/src"], ""), of(&[], ""));
    }
}
