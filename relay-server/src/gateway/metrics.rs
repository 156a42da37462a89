//! What the gateway counts, for `/metrics`. Numbers only: no ids, no addresses.

use chatty_protocol::ErrorCode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::connection::End;

/// Counters of the live side.
#[derive(Debug, Clone, Default)]
pub struct GatewayMetrics {
    /// Sockets after `ready`.
    pub sockets: Gauge,
    /// Sockets that ever got there.
    pub connections: Counter,
    /// Sockets that were closed with a code.
    pub byes: Family<[(&'static str, &'static str); 1], Counter>,
    /// Frames from clients.
    pub frames_in: Counter,
    /// Sends and batches that were refused before they reached a stream.
    pub refusals: Family<[(&'static str, &'static str); 1], Counter>,
}

impl GatewayMetrics {
    /// Puts the counters into the relay's registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("sockets", "Open sockets", self.sockets.clone());
        registry.register("connections", "Sockets accepted", self.connections.clone());
        registry.register("byes", "Sockets closed, by code", self.byes.clone());
        registry.register("frames_in", "Frames received", self.frames_in.clone());
        registry.register("refusals", "Sends refused, by code", self.refusals.clone());
    }

    /// A socket got its `ready`.
    pub(super) fn connected(&self) {
        self.sockets.inc();
        self.connections.inc();
    }

    /// A socket ended.
    pub(super) fn disconnected(&self, end: End) {
        self.sockets.dec();
        if let End::Bye(code) = end {
            self.byes.get_or_create(&[("code", code.as_str())]).inc();
        }
    }

    /// A send was refused.
    pub(super) fn refused(&self, code: ErrorCode) {
        self.refusals
            .get_or_create(&[("code", code.as_str())])
            .inc();
    }
}
