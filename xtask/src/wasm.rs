//! Compiles the engine for the browser (`client-core/web`) and writes its glue to JavaScript.
//!
//! Two compilers can do it: rustup's, when its wasm target is installed or can be had, else Debian's, which comes
//! with the sources of the standard library and builds that too. The finished package lies in `wasm/` of the
//! cache, named by everything that decides it: a warm run compiles nothing.

use crate::apt;
use crate::cache::{self, Cache};
use crate::cargo;
use crate::shell::{self, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";
/// The engine, and apart from it the glue's generator: it is a program for this machine.
const LANE: &str = "wasm";
const TOOL_LANE: &str = "wasm-tool";
/// As much as the native engine's thread has; the linker's own default is 1 MiB.
const FLAGS: &str = "-C link-arg=-zstack-size=8388608";
const SOURCES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "protocol/Cargo.toml",
    "protocol/src",
    "client-core/Cargo.toml",
    "client-core/src",
    "client-core/crypto/Cargo.toml",
    "client-core/crypto/src",
    "client-core/web/Cargo.toml",
    "client-core/web/src",
    "xtask/src/wasm.rs",
    "xtask/wasm",
];
/// What `wasm-opt` may use: the instructions that the compiler uses already.
const OPTIMISE: &[&str] = &[
    "-Os",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// How much work goes into a build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For work and for tests: compiles in seconds, large and slow.
    Quick,
    /// For people: small and fast, takes minutes.
    Release,
}

impl Profile {
    /// Name among Cargo's profiles, and the folder of its results.
    fn cargo(self) -> (&'static str, &'static str) {
        match self {
            Profile::Quick => ("dev", "debug"),
            Profile::Release => ("wasm-release", "wasm-release"),
        }
    }
}

/// The folder with `engine.js` and `engine_bg.wasm`, and a word on where they came from.
pub fn engine(cache: &Cache, profile: Profile) -> Result<(PathBuf, String)> {
    let debian = choose_compiler(cache)?;
    let compiler = if debian { "/usr/bin/rustc" } else { "rustc" };
    let compiler = shell::capture(Command::new(compiler).arg("-V"))?;
    let (cargo_profile, folder) = profile.cargo();
    let more = format!("{compiler} {cargo_profile}");
    let name = format!("engine-{}", cache::fingerprint_of(SOURCES, &more)?);
    let place = cache.folder("wasm")?.join(name);
    if place.is_dir() {
        return Ok((place, "unchanged".into()));
    }
    if !debian {
        // The workspace's own run of clippy sees only what is compiled for this machine.
        let mut clippy = for_browsers(cache, debian, "clippy")?;
        shell::run(clippy.args(["--", "-D", "warnings"]))?;
    }
    shell::run(for_browsers(cache, debian, "build")?.args(["--profile", cargo_profile]))?;
    let built = cache.target(LANE)?.join(TARGET).join(folder);
    cache::finish(&place, |draft| {
        let mut bindgen = shell::program(bindgen(cache)?);
        shell::run(bindgen.arg(built.join("chatty_web.wasm")).arg(draft))?;
        match profile {
            Profile::Quick => Ok(()),
            Profile::Release => optimise(cache, &draft.join("engine_bg.wasm")),
        }
    })?;
    let word = if debian {
        "Debian's compiler"
    } else {
        "rustup's target"
    };
    Ok((place, word.into()))
}

/// Makes the module smaller once more, by the program of npm's `binaryen`.
fn optimise(cache: &Cache, module: &Path) -> Result<()> {
    crate::ui::packages(cache)?;
    let mut optimiser = crate::ui::npm(cache)?;
    optimiser.args(["exec", "--offline", "--", "wasm-opt"]);
    shell::run(optimiser.arg(module).args(OPTIMISE).arg("-o").arg(module))
}

/// Cargo with that verb on the engine, for the browser.
fn for_browsers(cache: &Cache, debian: bool, verb: &str) -> Result<Command> {
    let mut command = match debian {
        true => debian_cargo(cache)?,
        false => cargo::cargo(cache, LANE)?,
    };
    command
        .args([verb, "--package", "chatty-web", "--lib"])
        .args(["--target", TARGET])
        .args(cargo::locked());
    if debian {
        command.arg("-Zbuild-std=std,panic_abort");
        // rustup brings its own linker, Debian's compiler takes the system's.
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
    }
    command.env(cargo::rustflags_name(TARGET), FLAGS);
    // gcc cannot make wasm; build scripts that compile C ask for this name.
    command.env("CC_wasm32_unknown_unknown", "clang");
    Ok(command)
}

/// The generator of the glue. Its crate and the one inside the engine have one version by the one lockfile.
fn bindgen(cache: &Cache) -> Result<PathBuf> {
    let mut command = cargo::cargo(cache, TOOL_LANE)?;
    command
        .args(["build", "--package", "xtask-wasm"])
        .args(["--features", "bindgen"])
        .args(cargo::locked());
    shell::run(&mut command)?;
    Ok(cargo::programs(cache, TOOL_LANE, "debug")?.join("chatty-bindgen"))
}

/// True for Debian's compiler. Installs what the chosen one lacks.
fn choose_compiler(cache: &Cache) -> Result<bool> {
    if !rustup_target_there() && shell::found("rustup").is_some() {
        // Ten times cheaper than a standard library of our own; where its server cannot be reached, the other way.
        let _ = shell::run(shell::program("rustup").args(["target", "add", TARGET]));
    }
    if rustup_target_there() {
        apt::ensure(cache, "wasm-clang", &[apt::CLANG])?;
        return Ok(false);
    }
    if debian_toolchain_there() || apt::offered("rustc-web") {
        apt::ensure(cache, "wasm", &[apt::CLANG, apt::RUST_WEB, apt::WASM_LD])?;
        return Ok(true);
    }
    Err(format!(
        "no compiler for {TARGET} here; with rustup: rustup target add {TARGET}"
    ))
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
