//! `cargo xtask bench`: a thin dispatcher over what the packages bring; the figures and their limits stand there.
//!
//! Three kinds: `chatty-relay bench` (the relay pinned to one core, the generator to the other), examples whose
//! name begins with `bench_`, and Cargo's own bench targets.

use crate::cache::Cache;
use crate::cargo;
use crate::shell::{self, Result};
use std::process::Command;

const LANE: &str = "bench";
const RELAY: &str = "relay";

enum Bench {
    Relay,
    Example { package: String, name: String },
    Target { package: String, name: String },
}

impl Bench {
    fn name(&self) -> &str {
        match self {
            Bench::Relay => RELAY,
            Bench::Example { name, .. } => name.trim_start_matches("bench_"),
            Bench::Target { name, .. } => name,
        }
    }
}

pub fn run(words: &[String]) -> Result<()> {
    crate::flags::check()?;
    let cache = Cache::open()?;
    let benches = benches(&cache)?;
    let names: Vec<&str> = benches.iter().map(Bench::name).collect();
    match words.first().map(String::as_str) {
        Some("list") => {
            println!("{}", names.join("\n"));
            Ok(())
        }
        None => benches
            .iter()
            .try_for_each(|bench| start(&cache, bench, &[])),
        Some(wanted) => match benches.iter().find(|bench| bench.name() == wanted) {
            Some(bench) => start(&cache, bench, &words[1..]),
            None => Err(format!(
                "there is no `{wanted}`; there are: {}",
                names.join(", ")
            )),
        },
    }
}

fn benches(cache: &Cache) -> Result<Vec<Bench>> {
    let mut found = Vec::new();
    if relay_has_bench(cache)? {
        found.push(Bench::Relay);
    }
    for (package, name, _) in cargo::targets("example")? {
        if name.starts_with("bench_") {
            found.push(Bench::Example { package, name });
        }
    }
    for (package, name, _) in cargo::targets("bench")? {
        found.push(Bench::Target { package, name });
    }
    match found.is_empty() {
        true => Err("nothing to measure yet".into()),
        false => Ok(found),
    }
}

fn start(cache: &Cache, bench: &Bench, words: &[String]) -> Result<()> {
    println!("\n== {}", bench.name());
    let mut command = match bench {
        Bench::Relay => {
            let mut relay = shell::program(cache.target(LANE)?.join("release/chatty-relay"));
            relay.arg("bench");
            relay
        }
        Bench::Example { package, name } => {
            let mut example = release(cache, "run")?;
            example.args(["--package", package, "--example", name, "--"]);
            example
        }
        Bench::Target { package, name } => {
            let mut target = cargo::cargo(cache, LANE)?;
            target.args(["bench", "--package", package, "--bench", name, "--"]);
            target
        }
    };
    shell::run(command.args(words))
}

/// Asks the built program itself, so this list can never be ahead of it.
fn relay_has_bench(cache: &Cache) -> Result<bool> {
    shell::run(release(cache, "build")?.args(["--package", "chatty-relay", "--bins"]))?;
    let relay = cache.target(LANE)?.join("release/chatty-relay");
    Ok(shell::answers(
        shell::program(relay).args(["bench", "--help"]),
    ))
}

fn release(cache: &Cache, verb: &str) -> Result<Command> {
    let mut command = cargo::cargo(cache, LANE)?;
    command.args([verb, "--release"]).args(cargo::locked());
    Ok(command)
}
