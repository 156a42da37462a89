//! A relay in this process on a free port, with its data in a folder that goes away.

use std::path::Path;
use std::sync::Arc;

use chatty_relay::clock::{Clock, ManualClock, SharedClock, SystemRandom};
use chatty_relay::config::Config;
use chatty_relay::state::SharedApp;
use chatty_relay::store::sqlite::SqliteStore;
use chatty_relay::{Deps, Relay};
use tempfile::TempDir;

use super::person::{Device, Person};

/// When every test begins, Unix ms.
pub const START_MS: u64 = 1_800_000_000_000;

/// File of the database in the data folder.
pub const DATABASE: &str = "relay.db";

/// One relay.
pub struct TestRelay {
    pub app: SharedApp,
    pub clock: Arc<ManualClock>,
    pub http: reqwest::Client,
    pub relay: Relay,
    dir: Option<TempDir>,
}

impl TestRelay {
    /// A relay with an empty database.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A relay whose tokens are good now, in another process, too.
    pub async fn start_today(change: impl FnOnce(&mut Config)) -> Self {
        let now = chatty_relay::clock::SystemClock.now_ms();
        Self::start_at(now, change).await
    }

    /// The same with other settings.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_at(START_MS, change).await
    }

    async fn start_at(now_ms: u64, change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::for_tests(dir.path());
        change(&mut config);
        let clock = Arc::new(ManualClock::new(now_ms));
        let mut relay = Self::open(config, clock).await;
        relay.dir = Some(dir);
        relay
    }

    /// Lets go of the data, so that another process may serve it; the folder and its settings.
    pub async fn leave(mut self) -> (TempDir, Config) {
        let dir = self.dir.take().unwrap();
        let mut config = self.app.config.clone();
        config.listen.address = self.relay.addr;
        self.stop().await;
        (dir, config)
    }

    /// Serves a folder that [`TestRelay::leave`] gave, at its old address.
    pub async fn start_on(dir: TempDir, config: Config) -> Self {
        let mut relay = Self::open(config, Arc::new(ManualClock::new(START_MS))).await;
        relay.dir = Some(dir);
        relay
    }

    async fn open(config: Config, clock: Arc<ManualClock>) -> Self {
        let deps = Deps {
            clock: Arc::clone(&clock) as SharedClock,
            random: Arc::new(SystemRandom),
        };
        let relay = chatty_relay::build(config, deps).await.unwrap();
        // Another test of this process may have installed it.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        Self {
            app: Arc::clone(&relay.app),
            clock,
            http: reqwest::Client::new(),
            relay,
            dir: None,
        }
    }

    /// Stops and starts again on the same data and the same port.
    pub async fn restart(self) -> Self {
        self.restart_after(|_| {}).await
    }

    /// The same with something done to the folder in between.
    pub async fn restart_after(mut self, between: impl FnOnce(&Path)) -> Self {
        let (mut config, clock) = (self.app.config.clone(), Arc::clone(&self.clock));
        config.listen.address = self.relay.addr;
        let dir = self.dir.take();
        self.stop().await;
        between(&config.data);
        let mut relay = Self::open(config, clock).await;
        relay.dir = dir;
        relay
    }

    /// The same on a copy of the database that was made before, as an operator brings one back.
    pub async fn restore(self, copy: &Path) -> Self {
        let now = self.now_ms();
        self.restart_after(|data| {
            for file in ["relay.db-wal", "relay.db-shm"] {
                let _not_there = std::fs::remove_file(data.join(file));
            }
            std::fs::rename(copy, data.join("relay.db")).unwrap();
            SqliteStore::restored(&data.join("relay.db"), [9; 16], now).unwrap();
        })
        .await
    }

    /// Stops and waits until the database is free.
    async fn stop(self) {
        let gone = Arc::downgrade(&self.app.store);
        self.relay.shutdown().await;
        drop((self.app, self.http));
        // The last task of the old relay may be about to let go of the database.
        let until = std::time::Instant::now() + std::time::Duration::from_secs(15);
        while gone.strong_count() > 0 {
            assert!(std::time::Instant::now() < until, "the old relay stays");
            tokio::task::yield_now().await;
        }
    }

    pub fn origin(&self) -> &str {
        &self.app.origin
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.relay.addr)
    }

    pub fn socket_url(&self) -> String {
        format!("ws://{}/v1/ws", self.relay.addr)
    }

    pub fn now_ms(&self) -> u64 {
        self.app.now_ms()
    }

    /// Signs a new person up; its first device has a session afterwards.
    pub async fn sign_up(&self, handle: &str) -> Person {
        let mut person = Person::new(handle);
        super::direct::sign_up(self, &mut person).await;
        person
    }

    /// A one-use socket ticket.
    pub async fn ticket(&self, device: &Device) -> String {
        super::direct::ticket(self, device).await
    }
}
