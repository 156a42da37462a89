//! `ui/`: npm's packages, the type check, the finished folder, and its tests in a real browser.
//!
//! The packages lie in `ui/node_modules`, where Node looks for them; npm's own store and every result lie in the
//! cache. `node@24` is one of them, so its scripts run on the same Node everywhere.

use crate::apt;
use crate::cache::{self, Cache};
use crate::cargo;
use crate::shell::{self, Result};
use crate::stage::Stages;
use crate::wasm::Profile;
use crate::web::Built;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What decides the finished folder, beside the engine.
const SOURCES: &[&str] = &[
    "ui/emoji.ts",
    "ui/index.html",
    "ui/lingui.config.ts",
    "ui/lint",
    "ui/pack.ts",
    "ui/package-lock.json",
    "ui/public",
    "ui/src",
    "ui/tsconfig.json",
    "ui/vite.config.ts",
    "client-core/bindings",
];
/// What decides what the stories say, beside [`SOURCES`].
const STORIES: &[&str] = &["ui/.storybook", "ui/vitest.config.ts"];
const BENCHES: &[&str] = &["bench/ship.ts", "bench/chat.ts"];
/// Names under which a usable browser may be found.
const CHROMIUM: &[&str] = &[
    "chromium",
    "google-chrome-stable",
    "google-chrome",
    "chromium-browser",
];

/// Installs the packages of the lockfile where they are not installed yet.
pub fn packages(cache: &Cache) -> Result<String> {
    apt::ensure(cache, "npm", &[apt::NPM])?;
    let stamp = folder().join("node_modules/.chatty");
    let wanted = cache::fingerprint_of(&["ui/package-lock.json"], "")?;
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok("unchanged".into());
    }
    shell::run(npm(cache)?.args(["ci", "--no-audit", "--no-fund"]))?;
    shell::write(&stamp, &wanted)?;
    Ok(String::new())
}

/// The folder that a relay serves. A release has every file in two packings more.
pub fn build(cache: &Cache, engine: &Path, profile: Profile) -> Result<(PathBuf, String)> {
    // The engine's folder is named by its content.
    let engine_name = engine.file_name().unwrap_or_default().to_string_lossy();
    let name = cache::fingerprint_of(SOURCES, &engine_name)?;
    let place = cache.folder("ui")?.join(name);
    if place.is_dir() {
        return Ok((place, "unchanged".into()));
    }
    shell::run(npm(cache)?.args(["run", "--silent", "check"]))?;
    cache::finish(&place, |draft| {
        let mut command = npm(cache)?;
        command
            .args(["run", "--silent", "build"])
            .env("CHATTY_ENGINE", engine)
            .env("CHATTY_UI_DIST", draft);
        shell::run(&mut command)?;
        match profile {
            Profile::Quick => Ok(()),
            Profile::Release => {
                let mut pack = npm(cache)?;
                pack.args(["run", "--silent", "pack", "--"]);
                shell::run(pack.arg(draft))
            }
        }
    })?;
    Ok((place, String::new()))
}

/// Every story as a test in a browser, with axe; once for the same sources.
pub fn stories(cache: &Cache) -> Result<String> {
    let name = cache::fingerprint_of(&[SOURCES, STORIES].concat(), "")?;
    let passed = cache.folder("ui")?.join(format!("{name}.stories"));
    if passed.is_file() {
        return Ok("unchanged".into());
    }
    let browser = browser(cache)?;
    let mut command = npm(cache)?;
    command.args(["run", "--silent", "test:stories"]);
    if let Some(program) = browser {
        command.env("CHATTY_CHROMIUM", program);
    }
    shell::run(&mut command)?;
    shell::write(&passed, "")?;
    Ok(String::new())
}

/// The tests in a browser, against the programs of the workspace.
pub fn test(cache: &Cache, built: &Built) -> Result<String> {
    let browser = browser(cache)?;
    let results = cache
        .folder("tmp")?
        .join(format!("ui-{}", std::process::id()));
    let mut command = npm(cache)?;
    command
        .args(["run", "--silent", "test"])
        .env(
            "CHATTY_BIN_DIR",
            cargo::programs(cache, "workspace", "debug")?,
        )
        .env("CHATTY_ENGINE", &built.engine)
        .env("CHATTY_UI_DIST", &built.pages)
        .env("CHATTY_UI_RESULTS", &results)
        .env("CHATTY_UI_RETRIES", "1");
    if let Some(program) = browser {
        command.env("CHATTY_CHROMIUM", program);
    }
    // Playwright gives a journey that failed a second try, and says so.
    let mut flaky = String::new();
    let tested = shell::run_heard(&mut command, |line| {
        if line.trim().ends_with(" flaky") {
            flaky = format!("ONLY AT THE SECOND RUN: {}, named above", line.trim());
        }
    });
    if tested.is_ok() && flaky.is_empty() {
        let _ = std::fs::remove_dir_all(&results);
    }
    tested.map(|()| flaky)
}

/// The scripts of `ui/bench`, each with its figures and budgets, on a release build.
pub fn bench(cache: &Cache) -> Result<()> {
    let mut stages = Stages::new();
    stages.run("build", 420, || crate::test::build(cache));
    let built = crate::web::build(cache, &mut stages, Profile::Release);
    stages.finish()?;
    let built = built.ok_or("nothing was built")?;
    let browser = browser(cache)?;
    let mut failed = Vec::new();
    for script in BENCHES {
        println!("\n== {script}");
        let mut command = npm(cache)?;
        command
            .args(["exec", "--offline", "--", "node", script])
            .env(
                "CHATTY_BIN_DIR",
                cargo::programs(cache, "workspace", "debug")?,
            )
            .env("CHATTY_UI_DIST", &built.pages);
        if let Some(program) = &browser {
            command.env("CHATTY_CHROMIUM", program);
        }
        // A figure over its budget keeps no other one from being printed.
        failed.extend(shell::run(&mut command).err());
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("\n")),
    }
}

/// A browser of this machine; `None` = the one that Playwright brought.
fn browser(cache: &Cache) -> Result<Option<PathBuf>> {
    if chromium().is_none() && !apt::offered("chromium") {
        // Ubuntu's package is only a pointer to its shop; Playwright has finished browsers.
        let mut command = npm(cache)?;
        shell::run(command.args(["exec", "playwright", "install", "--with-deps", "chromium"]))?;
        return Ok(None);
    }
    apt::ensure(cache, "chromium", &[apt::CHROMIUM])?;
    Ok(chromium())
}

/// Also the probe of [`apt::CHROMIUM`].
pub fn chromium() -> Option<PathBuf> {
    let found = CHROMIUM.iter().find_map(|name| shell::found(name))?;
    // Ubuntu has a script of that name which only says where its shop is.
    shell::answers(Command::new(&found).arg("--version")).then_some(found)
}

fn folder() -> PathBuf {
    shell::checkout().join("ui")
}

/// npm in `ui/`.
pub fn npm(cache: &Cache) -> Result<Command> {
    let mut command = shell::program("npm");
    command
        .current_dir(folder())
        .env("npm_config_cache", cache.folder("npm")?)
        .env("npm_config_update_notifier", "false");
    Ok(command)
}
