//! A short run of every fuzz target, on stable Rust.
//!
//! libFuzzer needs coverage counters in our code, which LLVM adds by the flags below; the usual driver would also
//! set `cfg(fuzzing)`, which is forbidden here ([`crate::flags`]). What was found interesting stays in the cache,
//! so each run starts where the last one ended.

use crate::cache::Cache;
use crate::cargo;
use crate::shell::{self, Result};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;

const PACKAGES: &[&str] = &["chatty-protocol-fuzz", "chatty-crypto-fuzz"];
const COVERAGE: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
/// Linking with one counter section per crate is tried with the system linker only; it is a few small programs.
const LANE: &str = "fuzz";
const DEFAULT_SECONDS: u32 = 4;
/// More than one second for a hang: two targets share a busy machine here.
const HANG_SECONDS: u32 = 10;
const MEMORY_MB: u32 = 512;

struct Target {
    package: String,
    name: String,
    /// Inputs worth keeping for everybody, when the package has any.
    seeds: PathBuf,
}

/// Builds and runs all targets, two at a time.
pub fn smoke(cache: &Cache) -> Result<String> {
    let targets = targets()?;
    if targets.is_empty() {
        return Ok("no targets".into());
    }
    let programs = build(cache, &targets)?;
    let seconds = std::env::var("CHATTY_FUZZ_SECONDS").ok();
    let seconds = seconds
        .and_then(|text| text.parse().ok())
        .unwrap_or(DEFAULT_SECONDS);
    for pair in targets.chunks(2) {
        let running: Vec<_> = pair
            .iter()
            .map(|target| start(cache, &programs, target, seconds))
            .collect();
        for (target, started) in pair.iter().zip(running) {
            finish(target, started?)?;
        }
    }
    Ok(format!("{} targets, {seconds} s each", targets.len()))
}

fn targets() -> Result<Vec<Target>> {
    let found = cargo::targets("bin")?.into_iter();
    let ours = found.filter(|(package, ..)| PACKAGES.contains(&package.as_str()));
    let target = |(package, name, folder): (String, String, PathBuf)| {
        let seeds = folder.join("corpus").join(&name);
        Target {
            package,
            name,
            seeds,
        }
    };
    Ok(ours.map(target).collect())
}

fn build(cache: &Cache, targets: &[Target]) -> Result<PathBuf> {
    let host = cargo::host()?;
    let mut command = cargo::cargo(cache, LANE)?;
    // With an explicit target the flags reach our code and its dependencies, not build scripts and macros.
    command.env(cargo::rustflags_name(host), COVERAGE.join(" "));
    command
        .args(["build", "--profile", "fuzz", "--bins", "--target", host])
        .args(cargo::locked());
    let mut packages: Vec<&str> = targets
        .iter()
        .map(|target| target.package.as_str())
        .collect();
    packages.dedup();
    for package in packages {
        command.args(["--package", package]);
    }
    shell::run(&mut command)?;
    Ok(cache.target(LANE)?.join(host).join("fuzz"))
}

struct Running {
    child: std::process::Child,
    log: PathBuf,
    corpus: PathBuf,
}

fn start(cache: &Cache, programs: &Path, target: &Target, seconds: u32) -> Result<Running> {
    let corpus = cache.folder(&format!("fuzz/{}", target.name))?;
    let crashes = cache.folder(&format!("fuzz-crashes/{}", target.name))?;
    let log = crashes.join("log");
    let output = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    let errors = output.try_clone().map_err(|error| error.to_string())?;
    let mut command = shell::program(programs.join(&target.name));
    command
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={HANG_SECONDS}"));
    command
        .arg(format!("-rss_limit_mb={MEMORY_MB}"))
        .arg("-print_final_stats=1");
    command
        .arg(format!("-artifact_prefix={}/", crashes.display()))
        .arg(&corpus);
    if target.seeds.is_dir() {
        command.arg(&target.seeds);
    }
    let child = command
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn();
    let child = child.map_err(|error| format!("{} did not start: {error}", target.name))?;
    Ok(Running { child, log, corpus })
}

fn finish(target: &Target, mut running: Running) -> Result<()> {
    let status = running.child.wait().map_err(|error| error.to_string())?;
    let log = std::fs::read(&running.log).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    if !status.success() {
        eprintln!("{log}");
        return Err(format!(
            "fuzz target {} failed; the input lies beside {}, the corpus in {}",
            target.name,
            running.log.display(),
            running.corpus.display()
        ));
    }
    let executions = log
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    println!(
        "{}: {} executions",
        target.name,
        executions.unwrap_or(" ?").trim()
    );
    Ok(())
}
