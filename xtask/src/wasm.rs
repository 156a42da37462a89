//! `chatty-core` must compile for the browser long before there is a browser build.
//!
//! Two compilers can do it: rustup's, when its wasm target is installed, else Debian's, which comes with the
//! sources of the standard library and builds that too. The check costs 200 CPU seconds cold, so its result is
//! kept by everything that decides it.

use crate::apt;
use crate::cache::{self, Cache};
use crate::cargo;
use crate::shell::{self, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";
const LANE: &str = "wasm";
const SOURCES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "protocol/Cargo.toml",
    "protocol/src",
    "client-core/Cargo.toml",
    "client-core/src",
    "client-core/crypto/Cargo.toml",
    "client-core/crypto/src",
];

pub fn check(cache: &Cache) -> Result<String> {
    let debian = choose_compiler(cache)?;
    let stamp = cache.folder("wasm")?.join(fingerprint(debian)?);
    if stamp.exists() {
        return Ok("unchanged".into());
    }
    let mut command = if debian {
        debian_cargo(cache)?
    } else {
        cargo::cargo(cache, LANE)?
    };
    command
        .args(["check", "--package", "chatty-core", "--target", TARGET])
        .args(cargo::locked());
    if debian {
        command.arg("-Zbuild-std=std,panic_abort");
    }
    // gcc cannot make wasm; build scripts that compile C ask for this name.
    command.env("CC_wasm32_unknown_unknown", "clang");
    shell::run(&mut command)?;
    shell::write(&stamp, "")?;
    Ok(if debian {
        "Debian's compiler".into()
    } else {
        "rustup's target".into()
    })
}

/// True for Debian's compiler. Installs what the chosen one lacks.
fn choose_compiler(cache: &Cache) -> Result<bool> {
    if rustup_target_there() {
        apt::ensure(cache, "wasm-clang", &[apt::CLANG])?;
        return Ok(false);
    }
    if debian_toolchain_there() || apt::offered("rustc-web") {
        apt::ensure(cache, "wasm", &[apt::CLANG, apt::RUST_WEB])?;
        return Ok(true);
    }
    // Ubuntu has no rustc-web; rustup brings the same where its server can be reached.
    apt::ensure(cache, "wasm-clang", &[apt::CLANG])?;
    if shell::found("rustup").is_some() {
        shell::run(shell::program("rustup").args(["target", "add", TARGET]))?;
    }
    match rustup_target_there() {
        true => Ok(false),
        false => Err(format!(
            "no compiler for {TARGET} here; with rustup: rustup target add {TARGET}"
        )),
    }
}

/// Also the probe of [`apt::RUST_WEB`]: the compiler is new enough and has the library's sources.
pub fn debian_toolchain_there() -> bool {
    let Ok(version) = shell::capture(Command::new("/usr/bin/rustc").arg("-V")) else {
        return false;
    };
    let minor = version
        .split('.')
        .nth(1)
        .and_then(|text| text.parse::<u32>().ok());
    let Ok(root) = shell::capture(Command::new("/usr/bin/rustc").args(["--print", "sysroot"]))
    else {
        return false;
    };
    let sources = Path::new(root.trim()).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    minor >= Some(95) && sources.exists() && Path::new("/usr/bin/cargo").exists()
}

fn rustup_target_there() -> bool {
    let asked = shell::capture(Command::new("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]));
    asked.is_ok_and(|text| Path::new(text.trim()).is_dir())
}

/// rustup's proxies do not know Debian's sources, so its programs are named by path and come first.
fn debian_cargo(cache: &Cache) -> Result<Command> {
    let usual = cargo::cargo(cache, LANE)?;
    let mut command = shell::program("/usr/bin/cargo");
    for (name, value) in usual.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let path = std::env::var("PATH").unwrap_or_default();
    command
        .env("PATH", format!("/usr/bin:{path}"))
        .env("RUSTC", "/usr/bin/rustc");
    // -Zbuild-std is the one unstable thing we use, and only here.
    command.env("RUSTC_BOOTSTRAP", "1");
    // `cargo run` put rustup's libraries on this path; Debian's compiler must find its own.
    command
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("RUSTUP_TOOLCHAIN");
    Ok(command)
}

/// Compiler, lockfile and every source that the check reads.
fn fingerprint(debian: bool) -> Result<String> {
    let compiler = if debian { "/usr/bin/rustc" } else { "rustc" };
    let mut parts = vec![shell::capture(Command::new(compiler).arg("-V"))?.into_bytes()];
    let mut files = Vec::new();
    for name in SOURCES {
        collect(&shell::checkout().join(name), &mut files);
    }
    files.sort();
    for file in files {
        // Relative, so that every clone on one cache finds the same stamp.
        let name = file.strip_prefix(shell::checkout()).unwrap_or(&file);
        parts.push(name.to_string_lossy().into_owned().into_bytes());
        parts.push(std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?);
    }
    Ok(cache::fingerprint(&parts))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| collect(&entry.path(), files));
    } else if path.is_file() {
        files.push(path.to_owned());
    }
}
