//! `cargo xtask bench`: a thin dispatcher over what the packages bring; the figures and their limits stand there.
//!
//! Four kinds: the scenarios of `chatty-relay bench` (the relay pinned to one core, the generator to the other),
//! examples whose name begins with `bench_`, Cargo's own bench targets, and `ui`: the scripts of `ui/bench`.

use crate::cache::Cache;
use crate::cargo;
use crate::shell::{self, Result};
use crate::ui;
use std::collections::BTreeSet;
use std::path::PathBuf;

const LANE: &str = "bench";
const RELAY: &str = "relay";
/// The pages on a release build; only when it is asked for, because that build takes minutes.
const UI: &str = "ui";
/// How the name of a measuring example begins.
const EXAMPLE: &str = "bench_";
/// Every socket is a file: as many as the system lets this user have.
const MANY_FILES: &str = "ulimit -n \"$(ulimit -Hn)\"; exec \"$0\" \"$@\"";

enum Bench {
    /// All scenarios of the relay.
    Relay,
    /// One of them.
    Scenario(String),
    Example(String),
    Target {
        package: String,
        name: String,
    },
}

impl Bench {
    fn name(&self) -> &str {
        match self {
            Bench::Relay => RELAY,
            Bench::Scenario(name) => name,
            Bench::Example(name) => name.trim_start_matches(EXAMPLE),
            Bench::Target { name, .. } => name,
        }
    }
}

pub fn run(words: &[String]) -> Result<()> {
    crate::flags::check()?;
    let cache = Cache::open()?;
    if words.first().is_some_and(|word| word == UI) {
        return ui::bench(&cache);
    }
    build(&cache)?;
    let benches = benches(&cache)?;
    let names: Vec<&str> = benches.iter().map(Bench::name).collect();
    match words.first().map(String::as_str) {
        Some("list") => {
            println!("{}\n{UI}", names.join("\n"));
            Ok(())
        }
        None => benches
            .iter()
            .filter(|bench| !matches!(bench, Bench::Scenario(_)))
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

/// Everything in one command, whatever is wanted: Cargo rebuilds the crates below for another set of packages.
fn build(cache: &Cache) -> Result<()> {
    let examples = cargo::targets("example")?;
    let measuring = examples
        .iter()
        .filter(|(_, name, _)| name.starts_with(EXAMPLE));
    let mut packages: BTreeSet<&str> = measuring.map(|(package, ..)| package.as_str()).collect();
    packages.insert("chatty-relay");
    let mut command = cargo::cargo(cache, LANE)?;
    command
        .args(["build", "--release", "--bins", "--examples"])
        .args(cargo::locked());
    for package in packages {
        command.args(["--package", package]);
    }
    shell::run(&mut command)
}

fn benches(cache: &Cache) -> Result<Vec<Bench>> {
    let mut found = vec![Bench::Relay];
    // The built program itself knows its scenarios, so this list can never be ahead of it.
    let scenarios = shell::capture(shell::program(relay(cache)?).args(["bench", "list"]))?;
    found.extend(
        scenarios
            .lines()
            .map(|name| Bench::Scenario(name.to_owned())),
    );
    for (_, name, _) in cargo::targets("example")? {
        if name.starts_with(EXAMPLE) {
            found.push(Bench::Example(name));
        }
    }
    for (package, name, _) in cargo::targets("bench")? {
        found.push(Bench::Target { package, name });
    }
    Ok(found)
}

fn relay(cache: &Cache) -> Result<PathBuf> {
    Ok(cargo::programs(cache, LANE, "release")?.join("chatty-relay"))
}

fn start(cache: &Cache, bench: &Bench, words: &[String]) -> Result<()> {
    println!("\n== {}", bench.name());
    let mut command = match bench {
        Bench::Relay | Bench::Scenario(_) => {
            let mut relay_bench = shell::program("sh");
            relay_bench
                .args(["-c", MANY_FILES])
                .arg(relay(cache)?)
                .arg("bench");
            if let Bench::Scenario(name) = bench {
                relay_bench.args(["only", name]);
            }
            relay_bench
        }
        Bench::Example(name) => {
            let folder = cargo::programs(cache, LANE, "release")?.join("examples");
            shell::program(folder.join(name))
        }
        Bench::Target { package, name } => {
            let mut target = cargo::cargo(cache, LANE)?;
            target.args(["bench", "--package", package, "--bench", name, "--"]);
            target
        }
    };
    shell::run(command.args(words))
}
