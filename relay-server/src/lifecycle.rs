//! Start and stop of one relay.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cache::LocalCache;
use crate::clock::{SharedClock, SharedRandom, SystemClock, SystemRandom};
use crate::config::{Config, ConfigError};
use crate::gateway::Live;
use crate::http::ui::{Ui, UiError};
use crate::http::{self, Tls, TlsError};
use crate::job;
use crate::mail::{EmlMailer, MailError};
use crate::notice::{Notice, Notices};
use crate::ops::metrics::Metrics;
use crate::service::hasher::Hasher;
use crate::service::token::{SecretsError, Tokens};
use crate::state::{App, SharedApp};
use crate::store::sqlite::{Options, SqliteStore};
use crate::store::{Store, StoreError};

/// Name of the database in the data folder.
pub const DATABASE: &str = "relay.db";

/// What tests replace.
#[derive(Clone)]
pub struct Deps {
    /// Time.
    pub clock: SharedClock,
    /// Randomness.
    pub random: SharedRandom,
}

impl Default for Deps {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        }
    }
}

/// Why a relay did not start.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The address is taken, or the data folder cannot be made.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secrets file.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The sender address.
    #[error("mail.from: {0}")]
    Mail(#[from] MailError),
    /// The generator.
    #[error(transparent)]
    Random(#[from] crate::clock::RandomError),
    /// The browser build.
    #[error(transparent)]
    Ui(#[from] UiError),
    /// Certificate or key.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// Sockets are told to come back after this time when the relay stops.
const DRAIN_AFTER_MS: u64 = 1_000;
/// Open requests may take this long to end.
const DRAIN_WAIT: Duration = Duration::from_secs(10);

/// A running relay. Dropping it stops it at once; [`Relay::shutdown`] lets everybody finish.
pub struct Relay {
    /// Address that was bound.
    pub addr: SocketAddr,
    /// What handlers share.
    pub app: SharedApp,
    stop: watch::Sender<bool>,
    server: Option<JoinHandle<()>>,
    tasks: Vec<JoinHandle<()>>,
}

/// Binds, opens the store, starts the tasks.
pub async fn build(config: Config, deps: Deps) -> Result<Relay, BuildError> {
    std::fs::create_dir_all(&config.data)?;
    let tls = config.listen.tls.as_ref().map(Tls::load).transpose()?;
    let listener = TcpListener::bind(config.listen.address).await?;
    let addr = listener.local_addr()?;
    let app = assemble(config, deps, addr)?;
    let mut tasks = app.live.start(&app.notices);
    tasks.push(tokio::spawn(job::run_forever(Arc::clone(&app))));
    let (stop, stopped) = watch::channel(false);
    let router = http::router(Arc::clone(&app));
    let server = tokio::spawn(http::serve(listener, tls, router, stopped));
    Ok(Relay {
        addr,
        app,
        stop,
        server: Some(server),
        tasks,
    })
}

fn assemble(config: Config, deps: Deps, addr: SocketAddr) -> Result<SharedApp, BuildError> {
    let Deps { clock, random } = deps;
    let origin = config.listen.origin(addr)?;
    let now = clock.now_ms();
    let options = Options {
        reserve_bytes: config.reserve_bytes,
        ..Options::new(random.bytes()?)
    };
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&config.data.join(DATABASE), options)?);
    let limits = &config.limits;
    let ui = Ui::open(config.ui.as_ref())?;
    let live = Live::new(&store, &clock, &origin, limits);
    Ok(Arc::new(App {
        metrics: Metrics::new(&live.metrics, &store),
        live,
        tokens: Tokens::open(&config.data, &origin, now, &random)?,
        hasher: Hasher::new(limits.hash_concurrency, limits.hash_queue, &random)?,
        mailer: Arc::new(EmlMailer::new(
            &config.data.join("mail"),
            &config.mail.from,
        )?),
        ui,
        job_hint: tokio::sync::Notify::new(),
        job_round: tokio::sync::Mutex::new(()),
        notices: Notices::default(),
        cache: Arc::new(LocalCache::default()),
        config,
        origin,
        clock,
        random,
        store,
    }))
}

impl Relay {
    /// Canonical origin.
    pub fn origin(&self) -> &str {
        &self.app.origin
    }

    /// Does everything that is due now, once: what tests call instead of waiting.
    pub async fn run_due(&self) -> crate::service::Served<()> {
        job::run_due(&self.app).await
    }

    /// Tells sockets to come back, lets requests end, closes the store.
    pub async fn shutdown(mut self) {
        self.app.notices.send(Notice::Drain {
            after_ms: DRAIN_AFTER_MS,
        });
        let _server_is_gone = self.stop.send(true);
        if let Some(mut server) = self.server.take()
            && tokio::time::timeout(DRAIN_WAIT, &mut server).await.is_err()
        {
            server.abort();
        }
        // Whoever does not leave in time is cut; what it sent and was not told is repeated.
        let _some_stay = tokio::time::timeout(DRAIN_WAIT, self.app.live.hub.empty()).await;
        self.tasks.iter().for_each(JoinHandle::abort);
        self.app.store.close().await;
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
