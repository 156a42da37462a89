//! `cargo xtask web`: the engine for the browser, the folder that a relay serves, and the tests of both.

use crate::cache::Cache;
use crate::shell::Result;
use crate::stage::Stages;
use crate::wasm::Profile;
use crate::{cargo, flags, shell, test, ui, wasm};
use std::path::{Path, PathBuf};

/// The relay with the browser build inside: other features than every other build of it.
const RELEASE_LANE: &str = "release";

pub fn run(words: &[String]) -> Result<()> {
    flags::check()?;
    let cache = Cache::open()?;
    let mut all = Stages::new();
    let built = match words {
        [] => build(&cache, &mut all, Profile::Quick),
        [word] if word == "release" => release(&cache, &mut all),
        [word] if word == "test" => {
            all.run("build", 420, || test::build(&cache));
            stages(&cache, &mut all)
        }
        _ => return Err("`cargo xtask web`, `web test` or `web release`".into()),
    };
    all.finish()?;
    if let Some(built) = built {
        println!("\nchatty-relay serve --ui {}", built.pages.display());
    }
    Ok(())
}

/// What people get: everything small, and a relay that brings it.
fn release(cache: &Cache, stages: &mut Stages) -> Option<Built> {
    let built = build(cache, stages, Profile::Release)?;
    stages.run("relay", 600, || relay_with(cache, &built.pages));
    Some(built)
}

fn relay_with(cache: &Cache, finished: &Path) -> Result<String> {
    let mut command = cargo::cargo(cache, RELEASE_LANE)?;
    command
        .args(["build", "--release", "--package", "chatty-relay"])
        .args(["--features", "chatty-relay/embedded,chatty-relay/embed-ui"])
        .args(cargo::locked())
        .env("CHATTY_UI_DIST", finished);
    shell::run(&mut command)?;
    let program = cargo::programs(cache, RELEASE_LANE, "release")?.join("chatty-relay");
    Ok(program.display().to_string())
}

/// Builds and tests; `test` runs this after the programs are built.
pub fn stages(cache: &Cache, stages: &mut Stages) -> Option<Built> {
    let built = build(cache, stages, Profile::Quick)?;
    stages.run("stories", 120, || ui::stories(cache));
    stages.run("browser", 420, || ui::test(cache, &built));
    Some(built)
}

/// Finished folders.
pub struct Built {
    /// The compiled engine alone.
    pub engine: PathBuf,
    /// What a relay serves.
    pub pages: PathBuf,
}

/// `None` when a stage failed.
pub fn build(cache: &Cache, stages: &mut Stages, profile: Profile) -> Option<Built> {
    let mut engine = None;
    let mut pages = None;
    stages.run("wasm", 300, || {
        let (place, word) = wasm::engine(cache, profile)?;
        engine = Some(place);
        Ok(word)
    });
    let engine = engine?;
    stages.run("npm", 60, || ui::packages(cache));
    stages.run("ui", 30, || {
        let (place, word) = ui::build(cache, &engine, profile)?;
        pages = Some(place);
        Ok(word)
    });
    pages.map(|pages| Built { engine, pages })
}
