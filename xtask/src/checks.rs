//! The checks that read the sources and run nothing of ours.

use crate::cache::Cache;
use crate::cargo::{self, WORKSPACE};
use crate::shell::{self, Result};
use crate::tools;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the advisory database may take before we go on without it.
const ADVISORY_PATIENCE: Duration = Duration::from_secs(60);

/// Downloads every crate of the lockfile, so that later stages work without a network.
pub fn fetch() -> Result<String> {
    shell::run(cargo::plain().arg("fetch").args(cargo::locked()))?;
    Ok(String::new())
}

pub fn format() -> Result<String> {
    shell::run(cargo::plain().args(["fmt", "--all", "--check"]))
        .map_err(|error| format!("{error}; `cargo fmt --all` mends it"))?;
    Ok(String::new())
}

pub fn typos(cache: &Cache) -> Result<String> {
    let program = tools::TYPOS.ensure(cache)?;
    shell::run(shell::program(program).args(["--config", "typos.toml"]))
        .map_err(|error| format!("{error}; words that are right go into typos.toml"))?;
    Ok(String::new())
}

/// Bans, licences and sources always; advisories where their database can be had.
pub fn deny(cache: &Cache) -> Result<String> {
    let program = tools::CARGO_DENY.ensure(cache)?;
    let mut offline = deny_command(&program);
    offline.args([
        "--offline",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]);
    shell::run(&mut offline)?;
    let mut fetch = deny_command(&program);
    fetch
        .args(["fetch", "db"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if !ends_well_within(&mut fetch, ADVISORY_PATIENCE) {
        println!("advisories: not checked");
        return Ok("advisories: not checked".into());
    }
    shell::run(deny_command(&program).args(["check", "--disable-fetch", "advisories"]))?;
    Ok(String::new())
}

fn deny_command(program: &std::path::Path) -> Command {
    let mut command = shell::program(program);
    command.args(["--locked", "--all-features"]);
    command
}

/// Clippy shares the directory of the build: its results for dependencies are check results, which `cargo build`
/// does not reuse, but build scripts and procedural macros are.
pub fn clippy(cache: &Cache) -> Result<String> {
    let mut command = cargo::cargo(cache, "workspace")?;
    command
        .arg("clippy")
        .args(WORKSPACE)
        .args(["--all-targets"])
        .args(cargo::locked());
    shell::run(command.args(["--", "-D", "warnings"]))?;
    Ok(String::new())
}

fn ends_well_within(command: &mut Command, patience: Duration) -> bool {
    let Ok(mut child) = command.stdin(Stdio::null()).spawn() else {
        return false;
    };
    let started = Instant::now();
    while started.elapsed() < patience {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(100)),
            Err(_) => break,
        }
    }
    stop(&mut child);
    false
}

/// Ends a child and takes its exit code, so that it does not stay behind as a zombie.
pub fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
