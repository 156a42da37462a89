//! `cargo xtask test`: every check and every test, cheapest first, the table at the end.

use crate::apt;
use crate::cache::Cache;
use crate::cargo::{self, WORKSPACE};
use crate::shell::{self, Result};
use crate::stage::Stages;
use crate::{again, checks, flags, fuzz, tools, web};
use std::process::Command;

pub fn run(words: &[String]) -> Result<()> {
    let cache = Cache::open()?;
    let mut stages = Stages::new();
    if words.is_empty() {
        all(&cache, &mut stages);
    } else {
        some(&cache, &mut stages, words);
    }
    stages.finish()
}

/// Budgets are seconds on two cores with an empty cache.
/// True when the programs and tests could be built, so that more can be done with them.
pub fn all(cache: &Cache, stages: &mut Stages) -> bool {
    let ready = stages.run("apt", 180, || apt::ensure(cache, "test", apt::TEST))
        && stages.run("fetch", 120, checks::fetch)
        && stages.run("tools", 240, || tools(cache))
        && stages.run("flags", 5, || flags::check().map(|()| String::new()));
    if !ready {
        return false;
    }
    // A finding of one of these says nothing about the others: show all in one run.
    stages.run("fmt", 10, checks::format);
    stages.run("typos", 10, || checks::typos(cache));
    stages.run("deny", 20, || checks::deny(cache));
    stages.run("clippy", 300, || checks::clippy(cache));
    if !stages.run("build", 420, || build(cache)) {
        return false;
    }
    stages.run("tests", 510, || tests(cache, &[], &[]));
    stages.run("fuzz", 180, || fuzz::smoke(cache));
    web::stages(cache, stages);
    stages.run("cache", 10, || cache.trim());
    true
}

/// For the inner loop: build and run the tests whose name contains one of the words.
fn some(cache: &Cache, stages: &mut Stages, words: &[String]) {
    let ready = stages.run("flags", 5, || flags::check().map(|()| String::new()))
        && stages.run("build", 420, || build(cache));
    if ready {
        stages.run("tests", 510, || tests(cache, words, &[]));
    }
}

fn tools(cache: &Cache) -> Result<String> {
    tools::TYPOS.ensure(cache)?;
    tools::CARGO_DENY.ensure(cache)?;
    Ok(String::new())
}

/// Programs first: the world tests start `chatty` and `chatty-relay` as processes.
pub fn build(cache: &Cache) -> Result<String> {
    let mut programs = workspace(cache, "build")?;
    shell::run(programs.args(["--bins"]))?;
    let mut tests = workspace(cache, "test")?;
    shell::run(tests.arg("--no-run"))?;
    Ok(String::new())
}

/// Runs the tests with Cargo's own output; `variables` raise the counts for `soak`.
pub fn tests(cache: &Cache, words: &[String], variables: &[(&str, String)]) -> Result<String> {
    let programs = cargo::programs(cache, "workspace", "debug")?;
    let command = || -> Result<Command> {
        let mut command = workspace(cache, "test")?;
        command.arg("--no-fail-fast");
        command.env("CHATTY_BIN_DIR", &programs);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        Ok(command)
    };
    let mut first = command()?;
    if words.is_empty() {
        return again::tests(&mut first, command()?.arg("--tests"));
    }
    shell::run(first.arg("--").args(words))?;
    Ok(String::new())
}

fn workspace(cache: &Cache, verb: &str) -> Result<Command> {
    let mut command = cargo::cargo(cache, "workspace")?;
    command.arg(verb).args(WORKSPACE).args(cargo::locked());
    Ok(command)
}
