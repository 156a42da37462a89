//! The machine below the engine: clock, random source, network, files.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chatty_core::platform::{
    DeviceLabel, HttpAnswer, HttpRequest, Job, NetError, Platform, Socket,
};
use chatty_core::store::StoreError;
use chatty_crypto::tx::Random;
use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::{files, http, socket};

/// File in the home with the rollback epoch.
const EPOCH: &str = "epoch";

/// Threads, tokio and files. Lives on the engine's thread, inside its `LocalSet`.
pub struct Native {
    home: PathBuf,
    started: Instant,
    client: reqwest::Client,
}

impl Native {
    /// The platform of a home.
    pub fn new(home: &Path) -> Result<Self, reqwest::Error> {
        // Two engines in one process install it once; the second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            home: home.to_owned(),
            started: Instant::now(),
            client: http::client()?,
        })
    }
}

impl Platform for Native {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        tokio::task::spawn_local(task);
    }

    fn sleep(&self, ms: u64) -> LocalBoxFuture<'static, ()> {
        tokio::time::sleep(Duration::from_millis(ms)).boxed_local()
    }

    fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        // A clock before 1970 is a wrong clock like any other.
        since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(0))
    }

    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn random(&self, out: &mut [u8]) {
        SystemRandom.fill(out);
    }

    fn http(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpAnswer, NetError>> {
        http::request(self.client.clone(), request).boxed_local()
    }

    fn connect(&self, url: &str) -> LocalBoxFuture<'static, Result<Socket, NetError>> {
        socket::connect(url.to_owned()).boxed_local()
    }

    fn blocking(&self, job: Job) -> LocalBoxFuture<'static, ()> {
        async move {
            // A job that panics is reported by its missing result.
            let _ = tokio::task::spawn_blocking(job).await;
        }
        .boxed_local()
    }

    fn epoch(&self) -> Result<Option<u64>, StoreError> {
        read_epoch(&self.home)
    }

    fn set_epoch(&self, epoch: u64) -> Result<(), StoreError> {
        write_epoch(&self.home, epoch)
    }

    fn device_label(&self) -> DeviceLabel {
        DeviceLabel {
            name: host_name(),
            platform: std::env::consts::OS.to_owned(),
        }
    }
}

/// The system's random generator.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, out: &mut [u8]) {
        if getrandom::fill(out).is_err() {
            // Without randomness no key is safe; there is no way on, and no way to report it.
            std::process::abort();
        }
    }
}

/// The epoch kept beside the database. A file that is no number counts as never written.
pub fn read_epoch(home: &Path) -> Result<Option<u64>, StoreError> {
    let content = files::read(&home.join(EPOCH)).map_err(io)?;
    Ok(content
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.trim().parse().ok()))
}

/// Writes the epoch durably.
pub fn write_epoch(home: &Path, epoch: u64) -> Result<(), StoreError> {
    files::write_durable(&home.join(EPOCH), format!("{epoch}\n").as_bytes()).map_err(io)
}

/// A disk error in the store's words.
pub fn io(error: std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull => StoreError::Full,
        _ => StoreError::Io(error.to_string()),
    }
}

fn host_name() -> String {
    let from_system = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    from_system
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .or_else(|| std::env::var("HOSTNAME").ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "computer".to_owned())
}
