//! With the feature `embed-ui`: lists the files of CHATTY_UI_DIST for `src/http/ui/embedded.rs`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=CHATTY_UI_DIST");
    if std::env::var_os("CARGO_FEATURE_EMBED_UI").is_none() {
        return Ok(());
    }
    let folder = std::env::var_os("CHATTY_UI_DIST").map(PathBuf::from);
    let folder = folder.ok_or("embed-ui: CHATTY_UI_DIST names the folder (`cargo xtask web`)")?;
    if !folder.join("index.html").is_file() {
        return Err(format!("embed-ui: {} has no index.html", folder.display()).into());
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut list = String::from("static FILES: &[(&str, &[u8])] = &[\n");
    let mut found = files(&folder)?;
    found.sort();
    for file in found {
        let name = file
            .strip_prefix(&folder)?
            .to_str()
            .ok_or("a name that is no text")?;
        writeln!(
            list,
            "    ({name:?}, include_bytes!({:?})),",
            file.canonicalize()?
        )?;
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("ui.rs");
    std::fs::write(out, list + "];\n")?;
    Ok(())
}

fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => found.extend(files(&entry.path())?),
            false => found.push(entry.path()),
        }
    }
    Ok(found)
}
