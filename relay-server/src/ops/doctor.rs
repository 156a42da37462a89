//! `chatty-relay doctor`: checks a deployment and names what to change. `--streams` reads every
//! stream and inbox as well; `--repair` mends there what can be mended.

use std::fmt;
use std::path::Path;

use chatty_protocol::limits::MINUTE_MS;

use super::admin::free_disk;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::http::Tls;
use crate::lifecycle::DATABASE;
use crate::store::sqlite::{Fault, SqliteStore};

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// Settings, folder, disk, pages of the database.
    #[default]
    Deployment,
    /// Every row of every stream and inbox, too.
    Streams,
    /// The same, and what can be mended is. The relay must be stopped.
    Repair,
}

/// Faults of one kind that are named one by one; the rest is counted.
const NAMED: usize = 20;
/// Free space below this is a fault.
const LEAST_FREE: u64 = 256 * 1024 * 1024;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// Sound, or what to change.
    pub result: Result<String, String>,
}

/// Everything that was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report(pub Vec<Finding>);

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.0.iter().all(|finding| finding.result.is_ok())
    }

    fn note(&mut self, what: &'static str, result: Result<String, String>) {
        self.0.push(Finding { what, result });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.0 {
            match &finding.result {
                Ok(said) => writeln!(f, "ok    {}: {said}", finding.what)?,
                Err(wrong) => writeln!(f, "FAULT {}: {wrong}", finding.what)?,
            }
        }
        f.write_str(if self.is_sound() {
            "sound"
        } else {
            "see FAULT above"
        })
    }
}

/// Looks at settings, folder, disk, database, certificate and clock, and as deep as asked.
pub async fn examine(config: &Config, depth: Depth) -> Report {
    let mut report = Report::default();
    let origin = config.listen.origin(config.listen.address);
    report.note("origin", origin.map_err(|error| error.to_string()));
    report.note("data folder", folder(&config.data));
    report.note("disk", disk(&config.data));
    let database = database(&config.data).await;
    // Rows of pages that do not fit together prove nothing.
    let rows = database.is_ok() && depth != Depth::Deployment;
    report.note("database", database);
    if rows {
        let repair = depth == Depth::Repair;
        report.note("streams and inboxes", streams(&config.data, repair).await);
    }
    if let Some(tls) = &config.listen.tls {
        let loaded = Tls::load(tls).map(|_| "certificate and key fit".to_owned());
        report.note("TLS", loaded.map_err(|error| error.to_string()));
    }
    report.note("clock", clock(&config.data));
    report
}

fn folder(data: &Path) -> Result<String, String> {
    std::fs::create_dir_all(data).map_err(|error| format!("cannot be made: {error}"))?;
    let probe = data.join(".doctor");
    std::fs::write(&probe, b"probe").map_err(|error| format!("cannot be written: {error}"))?;
    std::fs::remove_file(&probe).map_err(|error| format!("cannot be tidied: {error}"))?;
    Ok(data.display().to_string())
}

fn disk(data: &Path) -> Result<String, String> {
    let free = free_disk(data).map_err(|error| error.to_string())?;
    let mib = free / (1024 * 1024);
    if free < LEAST_FREE {
        return Err(format!("{mib} MiB free; the relay wants 256 MiB at least"));
    }
    Ok(format!("{mib} MiB free"))
}

async fn database(data: &Path) -> Result<String, String> {
    let path = data.join(DATABASE);
    if !path.exists() {
        return Ok("none yet; `serve` makes it".to_owned());
    }
    let checked = tokio::task::spawn_blocking(move || SqliteStore::check_file(&path)).await;
    let faults = checked.map_err(|_| "the check was stopped".to_owned())?;
    let faults = faults.map_err(|error| error.to_string())?;
    if faults.is_empty() {
        return Ok("sound".to_owned());
    }
    Err(format!(
        "{}; put a backup back, then `admin restored`",
        faults.join("; ")
    ))
}

async fn streams(data: &Path, repair: bool) -> Result<String, String> {
    let path = data.join(DATABASE);
    if !path.exists() {
        return Ok("none yet".to_owned());
    }
    let now = SystemClock.now_ms();
    let done = tokio::task::spawn_blocking(move || match repair {
        true => SqliteStore::repair_file(&path, now).map(|done| (done.mended, done.left)),
        false => SqliteStore::audit_file(&path).map(|found| (Vec::new(), found)),
    });
    let done = done.await.map_err(|_| "the check was stopped".to_owned())?;
    let (mended, left) = done.map_err(|error| error.to_string())?;
    let mut said = Vec::new();
    if !mended.is_empty() {
        said.push(format!("mended: {}", list(&mended)));
    }
    if left.is_empty() {
        said.push("every stream is whole".to_owned());
        return Ok(said.join("\n      "));
    }
    said.push(list(&left));
    said.push(remedy(&left));
    Err(said.join("\n      "))
}

fn list(faults: &[Fault]) -> String {
    let mut lines: Vec<String> = faults.iter().take(NAMED).map(Fault::to_string).collect();
    if faults.len() > NAMED {
        lines.push(format!("and {} more", faults.len() - NAMED));
    }
    lines.join("\n      ")
}

fn remedy(faults: &[Fault]) -> String {
    let mends = faults.iter().filter(|fault| fault.is_repairable()).count();
    match (mends, faults.len() - mends) {
        (_, 0) => "a backup put back with `admin restored` loses least; or stop the relay and run \
                   `doctor --streams --repair`: lost rows stay empty"
            .to_owned(),
        (0, _) => "only a backup helps: put it back, then `admin restored`".to_owned(),
        _ => "put a backup back, then `admin restored`; `doctor --streams --repair` mends only \
              a part of it"
            .to_owned(),
    }
}

/// The file system's time against ours: a clock that is far off breaks every expiry.
fn clock(data: &Path) -> Result<String, String> {
    let probe = data.join(".doctor");
    std::fs::write(&probe, b"probe").map_err(|error| error.to_string())?;
    let modified = std::fs::metadata(&probe).and_then(|facts| facts.modified());
    let removed = std::fs::remove_file(&probe);
    let modified = modified.and_then(|time| removed.map(|()| time));
    let modified = modified.map_err(|error| error.to_string())?;
    let on_disk = modified
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let on_disk = u64::try_from(on_disk.as_millis()).unwrap_or(u64::MAX);
    let apart = SystemClock.now_ms().abs_diff(on_disk);
    if apart > MINUTE_MS {
        return Err(format!("{} s apart from the disk's clock", apart / 1_000));
    }
    Ok("agrees with the disk's".to_owned())
}
