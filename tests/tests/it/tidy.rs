//! The house rules that a compiler does not hold: sizes, words, who may depend on whom, version floors.

mod direction;
mod exceptions;
mod floors;
mod limits;
mod size;
mod source;
mod words;

use source::{File, checkout};

/// A map that nobody reads to the end is no map.
const MAP_LINES: usize = 250;

#[test]
fn architecture_stays_a_map() {
    let text = std::fs::read_to_string(checkout().join("ARCHITECTURE.md"))
        .expect("ARCHITECTURE.md is the map of the repository and must exist");
    let lines = text.lines().count();
    assert!(
        lines <= MAP_LINES,
        "ARCHITECTURE.md has {lines} lines, at most {MAP_LINES}"
    );
}

/// All findings at once: a person mends them in one go.
fn assert_none(findings: &[String], rule: &str) {
    assert!(findings.is_empty(), "{rule}:\n  {}", findings.join("\n  "));
}

fn rust_files() -> Vec<File> {
    let files = source::files(&["rs"]);
    assert!(
        files.len() > 20,
        "only {} Rust files found: the list is broken",
        files.len()
    );
    files
}
