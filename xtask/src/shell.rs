//! Running other programs, and the one error type of xtask: a sentence for a person.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{OnceLock, mpsc};

pub type Result<T> = std::result::Result<T, String>;

/// The checkout that this run is for. Cargo says it at run time; what was compiled in could be another one's.
pub fn checkout() -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    PLACE.get_or_init(|| {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let package = package.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        package.parent().map(Path::to_owned).unwrap_or_default()
    })
}

pub fn under_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value != "false" && !value.is_empty())
}

/// A program started in the checkout.
pub fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(checkout());
    command
}

/// Runs with our own output streams, so that a failing command's words are all on the screen.
pub fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", printed(command));
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("{} did not start: {error}", printed(command)))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{} failed ({status})", printed(command))),
    }
}

/// Like `run`, and `hear` is given every line of both streams.
pub fn run_heard(command: &mut Command, mut hear: impl FnMut(&str)) -> Result<()> {
    let words = printed(command);
    println!("$ {words}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{words} did not start: {error}"))?;
    let (said, lines) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as _),
        child.stderr.take().map(|stream| Box::new(stream) as _),
    ];
    for stream in streams.into_iter().flatten() {
        let said = said.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream)
                .split(b'\n')
                .map_while(|line| line.ok())
            {
                let line = String::from_utf8_lossy(&line).into_owned();
                println!("{line}");
                let _ = said.send(line);
            }
        });
    }
    drop(said);
    for line in lines {
        hear(&line);
    }
    let status = child.wait().map_err(|error| format!("{words}: {error}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{words} failed ({status})")),
    }
}

/// Standard output as text; the error carries what the program said on stderr.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{} did not start: {error}", printed(command)))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.success() {
        true => Ok(text),
        false => Err(format!(
            "{} failed ({})\n{}",
            printed(command),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}

/// True when the program starts and answers with exit code 0.
pub fn answers(command: &mut Command) -> bool {
    capture(command).is_ok()
}

/// Where a program of this name lies on PATH.
pub fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Writes a whole file and says which one when it cannot.
pub fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))
}

pub fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path)
        .map_err(|error| format!("cannot make the folder {}: {error}", path.display()))
}

fn printed(command: &Command) -> String {
    let name = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let mut text = name.to_string_lossy().into_owned();
    for word in command.get_args() {
        text.push(' ');
        text.push_str(&word.to_string_lossy());
    }
    text
}
