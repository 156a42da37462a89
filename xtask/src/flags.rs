//! A28: `cfg(fuzzing)` turns off MAC and signature checks inside vodozemac, so no build of ours may ever have it.
//!
//! The flag can come from the environment or from any Cargo configuration above the checkout. What stands in the
//! repository itself is read by the tidy test.

use crate::shell::{self, Result};
use std::path::{Path, PathBuf};

/// Fails when flags from outside would build the fuzzing variant.
pub fn check() -> Result<()> {
    for (name, value) in std::env::vars() {
        let sets_flags = name.ends_with("RUSTFLAGS") || name.ends_with("RUSTDOCFLAGS");
        if sets_flags && asks_for_fuzzing(&value) {
            return Err(format!(
                "{name}={value} turns off checks inside vodozemac (A28)"
            ));
        }
    }
    for file in configurations() {
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        if asks_for_fuzzing(&text) {
            return Err(format!(
                "{} turns off checks inside vodozemac (A28)",
                file.display()
            ));
        }
    }
    Ok(())
}

/// Every form that rustc takes (`--cfg fuzzing`, `--cfg=fuzzing`, a list in TOML, 0x1f between words), and
/// more: in a flags line the bare word has no other use.
fn asks_for_fuzzing(text: &str) -> bool {
    let word_end = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
    text.contains("cfg") && text.split(word_end).any(|word| word == "fuzzing")
}

fn configurations() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
    let above = shell::checkout()
        .ancestors()
        .map(|folder| folder.join(".cargo"));
    let folders = above.chain(cargo_home);
    folders
        .flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::asks_for_fuzzing;

    #[test]
    fn every_spelling_of_the_flag_is_seen() {
        for flags in [
            "--cfg fuzzing",
            "--cfg=fuzzing",
            "-O\u{1f}--cfg\u{1f}fuzzing",
            "[\"--cfg\", \"fuzzing\"]",
        ] {
            assert!(asks_for_fuzzing(flags), "{flags}");
        }
        for flags in [
            "-C link-arg=-fuse-ld=mold",
            "--cfg tokio_unstable",
            "-Cpasses=sancov-module",
        ] {
            assert!(!asks_for_fuzzing(flags), "{flags}");
        }
    }
}
