//! Cargo commands that always look the same: Cargo rebuilds everything when a flag changes, so the flags of one
//! target directory are set in one place.

use crate::cache::Cache;
use crate::shell::{self, Result};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The one feature set for clippy, build and test (ARCHITECTURE.md §9).
pub const WORKSPACE: &[&str] = &["--workspace", "--features", "chatty-relay/embedded"];

/// Cargo on the target directory of one lane.
pub fn cargo(cache: &Cache, lane: &str) -> Result<Command> {
    let mut command = plain();
    command.env("CARGO_TARGET_DIR", cache.target(lane)?);
    if let Some(flag) = mold_flag() {
        command.env(rustflags_name(host()?), flag);
    }
    if shell::under_ci() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    Ok(command)
}

/// Cargo without a target directory of ours, for commands that build nothing.
pub fn plain() -> Command {
    let mut command = shell::program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Flags from outside would overrule the linker flag and give every shell its own cache.
    for name in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_RUSTFLAGS",
    ] {
        command.env_remove(name);
    }
    command
}

/// Under CI nothing may change Cargo.lock; at home a person who adds a dependency wants it changed.
pub fn locked() -> &'static [&'static str] {
    if shell::under_ci() {
        &["--locked"]
    } else {
        &[]
    }
}

/// Where the finished programs of a lane lie.
pub fn programs(cache: &Cache, lane: &str, profile: &str) -> Result<PathBuf> {
    Ok(cache.target(lane)?.join(profile))
}

/// The triple of this machine.
pub fn host() -> Result<&'static str> {
    static HOST: OnceLock<Result<String>> = OnceLock::new();
    let found = HOST.get_or_init(|| {
        let text = shell::capture(Command::new("rustc").arg("-vV"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("host: "));
        line.map(str::to_owned)
            .ok_or_else(|| "rustc -vV names no host".to_owned())
    });
    found.as_deref().map_err(Clone::clone)
}

/// The variable that sets flags for one target and leaves build scripts of cross builds alone.
pub fn rustflags_name(target: &str) -> String {
    format!(
        "CARGO_TARGET_{}_RUSTFLAGS",
        target.to_uppercase().replace('-', "_")
    )
}

/// Mold halves link time; gcc before 12.1 does not know the flag, so ask the compiler and not only PATH.
fn mold_flag() -> Option<&'static str> {
    static USABLE: OnceLock<bool> = OnceLock::new();
    let usable = USABLE.get_or_init(|| {
        let asked = shell::capture(Command::new("cc").args(["-fuse-ld=mold", "-Wl,--version"]));
        asked.is_ok_and(|text| text.contains("mold"))
    });
    usable.then_some("-C link-arg=-fuse-ld=mold")
}

/// Package facts of the workspace, as Cargo prints them.
pub fn metadata() -> Result<serde_json::Value> {
    let mut command = plain();
    command
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .args(locked());
    serde_json::from_str(&shell::capture(&mut command)?)
        .map_err(|error| format!("cargo metadata printed no JSON: {error}"))
}

/// The targets of one kind ("bin", "example", "bench"): package name, target name, folder of the package.
pub fn targets(kind: &str) -> Result<Vec<(String, String, PathBuf)>> {
    let metadata = metadata()?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for package in list(&metadata["packages"]) {
        let manifest = PathBuf::from(text(&package["manifest_path"]));
        let folder = manifest.parent().map(PathBuf::from).unwrap_or_default();
        for target in list(&package["targets"]) {
            if list(&target["kind"]).iter().any(|word| word == kind) {
                found.push((
                    text(&package["name"]),
                    text(&target["name"]),
                    folder.clone(),
                ));
            }
        }
    }
    Ok(found)
}
