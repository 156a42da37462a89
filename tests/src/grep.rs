//! Looks for bytes in every file of a folder: what must never lie on a disk in the clear.

use std::path::{Path, PathBuf};

/// Files below `folder` that hold `needle`.
pub fn files_with(folder: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut seen = 0;
    walk(folder, &mut |path, content| {
        seen += 1;
        if content.windows(needle.len()).any(|part| part == needle) {
            found.push(path.to_owned());
        }
    });
    assert!(seen > 0, "no file below {}", folder.display());
    found
}

fn walk(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, look);
        } else if let Ok(content) = std::fs::read(&path) {
            look(&path, &content);
        }
    }
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
