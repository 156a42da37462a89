//! A relay in this process on a free port, with its data in a folder that goes away.

use std::net::SocketAddr;
use std::sync::Arc;

use chatty_relay::cache::LocalCache;
use chatty_relay::clock::{ManualClock, SharedClock, SharedRandom, SystemRandom};
use chatty_relay::config::Config;
use chatty_relay::gateway::Live;
use chatty_relay::http::router;
use chatty_relay::mail::EmlMailer;
use chatty_relay::notice::Notices;
use chatty_relay::service::hasher::Hasher;
use chatty_relay::service::token::Tokens;
use chatty_relay::state::{App, SharedApp};
use chatty_relay::store::sqlite::{Options, SqliteStore};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::person::{Device, Person};

/// When every test begins, Unix ms.
pub const START_MS: u64 = 1_800_000_000_000;

/// One relay.
pub struct TestRelay {
    pub app: SharedApp,
    pub clock: Arc<ManualClock>,
    pub http: reqwest::Client,
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
    dir: Option<TempDir>,
}

fn build(config: Config, clock: &Arc<ManualClock>, address: SocketAddr) -> SharedApp {
    let clock: SharedClock = Arc::clone(clock) as SharedClock;
    let random: SharedRandom = Arc::new(SystemRandom);
    let origin = config.listen.origin(address).unwrap();
    let options = Options {
        reserve_bytes: 4096,
        ..Options::new(random.bytes().unwrap())
    };
    let store = SqliteStore::open(&config.data.join("relay.db"), options).unwrap();
    let store: Arc<dyn chatty_relay::store::Store> = Arc::new(store);
    Arc::new(App {
        live: Live::new(&store, &clock, &origin, &config.limits),
        tokens: Tokens::open(&config.data, &origin, clock.now_ms(), &random).unwrap(),
        hasher: Hasher::new(1, 4, &random).unwrap(),
        mailer: Arc::new(EmlMailer::new(&config.data.join("mail"), &config.mail.from).unwrap()),
        job_hint: tokio::sync::Notify::new(),
        notices: Notices::default(),
        cache: Arc::new(LocalCache::default()),
        config,
        origin,
        clock,
        random,
        store,
    })
}

impl TestRelay {
    /// A relay with an empty database.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::for_tests(dir.path());
        change(&mut config);
        let clock = Arc::new(ManualClock::new(START_MS));
        let mut relay = Self::open(config, clock).await;
        relay.dir = Some(dir);
        relay
    }

    async fn open(config: Config, clock: Arc<ManualClock>) -> Self {
        let listener = TcpListener::bind(config.listen.address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = build(config, &clock, address);
        let mut tasks = app.live.start(&app.notices);
        let service = router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
        tasks.push(tokio::spawn(async move {
            axum::serve(listener, service).await.unwrap();
        }));
        // Another test of this process may have installed it.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        Self {
            app,
            clock,
            http: reqwest::Client::new(),
            address,
            tasks,
            dir: None,
        }
    }

    pub fn origin(&self) -> &str {
        &self.app.origin
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn socket_url(&self) -> String {
        format!("ws://{}/v1/ws", self.address)
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

impl Drop for TestRelay {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
