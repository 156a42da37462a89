//! The vectors, checked in another language by somebody who knows only `docs/protocol.md`.

use std::process::Command;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/check-vectors.mjs");

#[test]
fn another_language_agrees_with_the_vectors() {
    let output = Command::new("node")
        .arg(SCRIPT)
        .output()
        .expect("node, which the house needs anyway");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{complaint}");
    let checks: u32 = said.split(' ').next().unwrap().parse().unwrap();
    assert!(checks >= 90, "{said}");
}
