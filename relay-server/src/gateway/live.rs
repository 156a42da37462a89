//! Everything that sockets and conversation routes share.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use chatty_protocol::DeviceId;
use lru::LruCache;
use tokio::task::JoinHandle;

use super::connection::Session;
use super::rate::{Bucket, Rate};
use super::{GatewayMetrics, Hub};
use crate::bus::{Bus, LocalBus};
use crate::clock::SharedClock;
use crate::config::LimitConfig;
use crate::notice::Notices;
use crate::service::conversation::{Appender, Conversations, Signers, Streams};
use crate::service::mark::Pace;
use crate::service::to_device::Inboxes;
use crate::store::Store;

/// New sockets per second; more wait.
const ACCEPTS: Rate = Rate {
    burst: 500,
    per_second: 500,
};
/// Devices whose rates outlive their socket.
const REMEMBERED: NonZeroUsize = match NonZeroUsize::new(50_000) {
    Some(n) => n,
    None => NonZeroUsize::MIN,
};

/// Rates of one device.
#[derive(Debug, Clone, Copy)]
pub struct Buckets {
    /// Sends.
    pub sends: Bucket,
    /// To-device items.
    pub items: Bucket,
}

/// The live side of a relay.
pub struct Live {
    /// Sockets of this node.
    pub hub: Arc<Hub>,
    /// Doorbells.
    pub bus: Arc<dyn Bus>,
    /// Conversations.
    pub conversations: Conversations,
    /// To-device.
    pub inboxes: Inboxes,
    /// Sends per device.
    pub sends: Rate,
    /// To-device items per device.
    pub items: Rate,
    /// Counters.
    pub metrics: GatewayMetrics,
    accepts: Mutex<Bucket>,
    /// Rates outlive the socket: connecting again gives no new burst.
    rates: Mutex<LruCache<DeviceId, Arc<Mutex<Buckets>>>>,
}

impl Live {
    /// Puts the parts together; call [`Live::start`] afterwards.
    pub fn new(
        store: &Arc<dyn Store>,
        clock: &SharedClock,
        origin: &str,
        limits: &LimitConfig,
    ) -> Arc<Self> {
        let hub = Arc::new(Hub::default());
        let bus: Arc<dyn Bus> = Arc::new(LocalBus(Arc::clone(&hub)));
        let conversations = Conversations {
            store: Arc::clone(store),
            streams: Arc::new(Streams::new(Arc::clone(store))),
            signers: Signers::new(Arc::clone(store)),
            clock: Arc::clone(clock),
            origin: origin.to_owned(),
            pace: Pace::default(),
            strangers_per_day: limits.strangers_per_day,
        };
        let inboxes = Inboxes::new(
            Arc::clone(store),
            Arc::clone(clock),
            Arc::clone(&hub),
            Arc::clone(&bus),
        );
        Arc::new(Self {
            hub,
            bus,
            conversations,
            inboxes,
            sends: Rate {
                burst: limits.send_burst,
                per_second: limits.send_per_second,
            },
            items: Rate {
                burst: limits.item_burst,
                per_second: limits.item_per_second,
            },
            metrics: GatewayMetrics::default(),
            accepts: Mutex::new(Bucket::full(ACCEPTS, clock.now_ms())),
            rates: Mutex::new(LruCache::new(REMEMBERED)),
        })
    }

    /// Whether one more socket may begin now.
    pub(super) fn admit(&self, now_ms: u64) -> bool {
        let mut accepts = self.accepts.lock().unwrap_or_else(PoisonError::into_inner);
        accepts.take(ACCEPTS, 1, now_ms).is_ok()
    }

    /// Rates of a device that connects.
    pub(super) fn buckets(&self, device: &DeviceId, now_ms: u64) -> Arc<Mutex<Buckets>> {
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        let full = || {
            Arc::new(Mutex::new(Buckets {
                sends: Bucket::full(self.sends, now_ms),
                items: Bucket::full(self.items, now_ms),
            }))
        };
        Arc::clone(rates.get_or_insert(*device, full))
    }

    /// A socket ended.
    pub(super) fn leave(&self, session: &Session) {
        self.looks_away(session);
        self.hub.disconnect(&session.route);
    }

    /// Starts the appender, the listener to REST's notices and presence; abort them after the sockets left.
    pub fn start(self: &Arc<Self>, notices: &Notices) -> Vec<JoinHandle<()>> {
        let appender = Appender {
            streams: Arc::clone(&self.conversations.streams),
            store: Arc::clone(&self.conversations.store),
            bus: Arc::clone(&self.bus),
            clock: Arc::clone(&self.conversations.clock),
        };
        let listener = super::notices::listen(Arc::clone(self), notices.subscribe());
        let presence = super::presence::run(Arc::clone(self));
        vec![
            tokio::spawn(appender.run()),
            tokio::spawn(listener),
            tokio::spawn(presence),
        ]
    }
}
