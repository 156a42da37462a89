//! Who may depend on whom (ARCHITECTURE.md §1). What a crate cannot name, it cannot leak.

use super::assert_none;
use super::source::checkout;
use serde_json::Value;
use std::process::Command;

/// Each package of ours and the ones of ours that it may name, in builds and in its own tests.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("chatty-protocol", &[]),
    ("chatty-crypto", &["chatty-protocol"]),
    ("chatty-core", &["chatty-crypto", "chatty-protocol"]),
    (
        "chatty-native",
        &["chatty-core", "chatty-crypto", "chatty-protocol"],
    ),
    ("chatty-web", &["chatty-core", "chatty-protocol"]),
    (
        "chatty-cli",
        &["chatty-native", "chatty-core", "chatty-protocol"],
    ),
    // Nothing else of ours, so that the relay cannot name a plaintext type.
    ("chatty-relay", &["chatty-protocol"]),
    ("chatty-protocol-fuzz", &["chatty-protocol"]),
    ("chatty-crypto-fuzz", &["chatty-crypto", "chatty-protocol"]),
    ("xtask", &[]),
    ("xtask-wasm", &[]),
];
/// Sees everything: it plays all parts.
const TESTS: &str = "chatty-e2e";
/// Runtimes, sockets and clocks belong to the platform.
const NOT_IN_CORE: &[&str] = &[
    "tokio",
    "mio",
    "socket2",
    "hyper",
    "reqwest",
    "axum",
    "tungstenite",
];

fn cargo(words: &[&str]) -> String {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(program)
        .args(words)
        .args(["--locked", "--offline"])
        .current_dir(checkout())
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

#[test]
fn our_crates_know_only_those_below() {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version=1"]))
            .expect("cargo metadata prints JSON");
    let mut findings = Vec::new();
    for package in list(&metadata["packages"]) {
        let name = package["name"].as_str().expect("a name");
        if name == TESTS {
            continue;
        }
        let Some((_, allowed)) = MAY_NAME.iter().find(|(known, _)| *known == name) else {
            findings.push(format!("{name}: say here what it may depend on"));
            continue;
        };
        for needed in list(&package["dependencies"]) {
            let ours = !needed["path"].is_null();
            let needed = needed["name"].as_str().expect("a name");
            if ours && !allowed.contains(&needed) {
                findings.push(format!("{name} may not depend on {needed}"));
            }
        }
    }
    assert_none(&findings, "the direction of dependencies is broken");
}

/// Transitively too: `cargo tree` resolves the features of this one package, not of the whole workspace.
#[test]
fn the_core_has_no_runtime() {
    let tree = cargo(&[
        "tree",
        "--package=chatty-core",
        "--edges=normal",
        "--prefix=none",
    ]);
    let names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(
        names.contains(&"chatty-crypto"),
        "the tree is broken:\n{tree}"
    );
    let findings: Vec<String> = NOT_IN_CORE
        .iter()
        .filter(|name| names.contains(name))
        .map(|name| format!("{name}: see `cargo tree -p chatty-core -e normal -i {name}`"))
        .collect();
    assert_none(
        &findings,
        "chatty-core must run where there are no threads and no sockets",
    );
}
