//! What every handler and socket of one relay shares.

use std::sync::Arc;

use crate::cache::Cache;
use crate::clock::{SharedClock, SharedRandom};
use crate::config::Config;
use crate::gateway::Live;
use crate::http::ui::Ui;
use crate::mail::Mailer;
use crate::notice::Notices;
use crate::ops::metrics::Metrics;
use crate::service::hasher::Hasher;
use crate::service::token::Tokens;
use crate::store::Store;

/// One running relay.
pub struct App {
    /// Settings.
    pub config: Config,
    /// Canonical public origin: part of every proof, token and direct conversation id.
    pub origin: String,
    /// Time.
    pub clock: SharedClock,
    /// Randomness.
    pub random: SharedRandom,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// What may be lost.
    pub cache: Arc<dyn Cache>,
    /// Sockets, streams, inboxes.
    pub live: Arc<Live>,
    /// Hook from REST to live sockets.
    pub notices: Notices,
    /// Access and refresh tokens.
    pub tokens: Tokens,
    /// Argon2id pool.
    pub hasher: Hasher,
    /// Where mails go.
    pub mailer: Arc<dyn Mailer>,
    /// Counters for `/metrics`.
    pub metrics: Metrics,
    /// The browser build; empty when none is served.
    pub ui: Ui,
    /// Rings the job runner; a lost ring costs its poll interval.
    pub job_hint: tokio::sync::Notify,
    /// Held by a round of due work, so that two rounds never do the same thing side by side.
    pub job_round: tokio::sync::Mutex<()>,
}

impl App {
    /// Present time, Unix ms.
    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }
}

/// Shared handle; axum clones it per request.
pub type SharedApp = Arc<App>;
