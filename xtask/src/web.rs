//! `cargo xtask web`: the engine for the browser, the folder that a relay serves, and the tests of both.

use crate::cache::Cache;
use crate::shell::Result;
use crate::stage::Stages;
use crate::{flags, test, ui, wasm};
use std::path::PathBuf;

pub fn run(words: &[String]) -> Result<()> {
    flags::check()?;
    let cache = Cache::open()?;
    let mut all = Stages::new();
    let finished = match words {
        [] => build(&cache, &mut all),
        [word] if word == "test" => {
            all.run("build", 420, || test::build(&cache));
            stages(&cache, &mut all)
        }
        _ => return Err("`cargo xtask web`, or `cargo xtask web test`".into()),
    };
    all.finish()?;
    if let Some(place) = finished {
        println!("\nchatty-relay serve --ui {}", place.display());
    }
    Ok(())
}

/// Builds and tests; `test` runs this after the programs are built.
pub fn stages(cache: &Cache, stages: &mut Stages) -> Option<PathBuf> {
    let finished = build(cache, stages)?;
    stages.run("browser", 120, || ui::test(cache, &finished));
    Some(finished)
}

fn build(cache: &Cache, stages: &mut Stages) -> Option<PathBuf> {
    let mut engine = None;
    let mut finished = None;
    stages.run("wasm", 300, || {
        let (place, word) = wasm::engine(cache)?;
        engine = Some(place);
        Ok(word)
    });
    let engine = engine?;
    stages.run("npm", 60, || ui::packages(cache));
    stages.run("ui", 30, || {
        let (place, word) = ui::build(cache, &engine)?;
        finished = Some(place);
        Ok(word)
    });
    finished
}
