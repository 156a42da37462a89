//! `cargo xtask ci`: `test`, and then what only a fresh clone can show.

use crate::cache::Cache;
use crate::cargo;
use crate::serve::Relay;
use crate::shell::{self, Result};
use crate::stage::Stages;
use crate::{readme, test};
use std::path::{Path, PathBuf};

/// The names that the owner fixed; they exist from the first commit.
const FOLDERS: &[&str] = &[
    "client-core",
    "desktop",
    "mobile",
    "relay-server",
    "ui",
    "tests",
];

pub fn run(_: &[String]) -> Result<()> {
    let cache = Cache::open()?;
    let before = status()?;
    let mut stages = Stages::new();
    if test::all(&cache, &mut stages) {
        stages.run("unchanged", 5, || unchanged(&before));
        stages.run("clone", 30, || in_a_clone(&cache));
        stages.run("serve", 20, || serves(&cache));
    }
    stages.finish()
}

fn status() -> Result<String> {
    shell::capture(shell::program("git").args(["status", "--porcelain"]))
}

/// Generated files that are committed (snapshots, TypeScript, documents) show up here when they are out of date,
/// and so does a test that writes into the checkout.
fn unchanged(before: &str) -> Result<String> {
    let after = status()?;
    let new: Vec<&str> = after
        .lines()
        .filter(|line| !before.lines().any(|old| old == *line))
        .collect();
    match new.is_empty() {
        true => Ok(String::new()),
        false => Err(format!("the run changed the checkout:\n{}", new.join("\n"))),
    }
}

/// What was committed is whole: nothing that the build needs lies only on this machine.
fn in_a_clone(cache: &Cache) -> Result<String> {
    let clone = Folder::new(cache, "clone")?;
    let mut git = shell::program("git");
    git.args(["clone", "--quiet", "--no-hardlinks"])
        .arg(shell::checkout())
        .arg(&clone.0);
    shell::run(&mut git)?;
    if let Some(missing) = FOLDERS.iter().find(|name| !clone.0.join(name).is_dir()) {
        return Err(format!("a fresh clone has no folder {missing}"));
    }
    let mut metadata = cargo::plain();
    metadata.current_dir(&clone.0);
    metadata.args(["metadata", "--locked", "--offline", "--format-version", "1"]);
    shell::capture(&mut metadata).map_err(|error| format!("Cargo.lock or a manifest: {error}"))?;
    readme::check(cache, &shell::read(&clone.0.join("README.md"))?)?;
    let ahead = !status()?.is_empty();
    Ok(if ahead {
        "of HEAD; the checkout has more".into()
    } else {
        String::new()
    })
}

/// The relay that the tests built starts on empty data and answers: the heart of `cargo xtask run`.
fn serves(cache: &Cache) -> Result<String> {
    let data = Folder::new(cache, "serve")?;
    let address = free_address()?;
    let program = cargo::programs(cache, "workspace", "debug")?.join("chatty-relay");
    let path = data.0.display().to_string();
    let words = ["--data", &path, "--listen", &address].map(str::to_owned);
    Relay::start(&program, &words, &address).map(|_| String::new())
}

fn free_address() -> Result<String> {
    let socket = std::net::TcpListener::bind("127.0.0.1:0");
    let address = socket.and_then(|socket| socket.local_addr());
    address
        .map(|address| address.to_string())
        .map_err(|error| error.to_string())
}

/// A folder of the cache that is gone when the check is over.
struct Folder(PathBuf);

impl Folder {
    fn new(cache: &Cache, name: &str) -> Result<Self> {
        let path = cache
            .folder("tmp")?
            .join(format!("{name}-{}", std::process::id()));
        remove(&path);
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn remove(path: &Path) {
    let _ = std::fs::remove_dir_all(path);
}
