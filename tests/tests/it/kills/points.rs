//! Every point that the product names is passed to its death somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the other points are used: `client-core/native/tests/it/kills.rs`.
const IN_NATIVE: [&str; 3] = ["migrate.copied", "migrate.applied", "migrate.committed"];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn texts(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    rust_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        &mut files,
    );
    let read = |file: &PathBuf| std::fs::read_to_string(file).unwrap();
    files.iter().map(read).collect()
}

/// Names in calls of the macro.
fn named(folder: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in texts(folder) {
        for part in text.split("kill_point!(\"").skip(1) {
            names.insert(part.split('"').next().unwrap().to_owned());
        }
    }
    names
}

/// Everything between quotes, without the number of the pass.
fn quoted(folder: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in texts(folder) {
        for part in text.split('"').skip(1).step_by(2) {
            names.insert(part.split(':').next().unwrap().to_owned());
        }
    }
    names
}

#[test]
fn every_named_point_has_its_test() {
    let points = named("../client-core/src");
    assert!(points.len() > 20, "{points:?}");
    let mut used = quoted("tests/it/kills");
    used.extend(IN_NATIVE.map(str::to_owned));
    let unused: Vec<_> = points.difference(&used).collect();
    assert!(unused.is_empty(), "no process dies at {unused:?}");
}
