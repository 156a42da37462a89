//! Time of a relay that a test may push.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chatty_relay::clock::{Clock, SystemClock};

/// The machine's clock plus an offset.
#[derive(Clone, Default)]
pub struct PushedClock(Arc<AtomicI64>);

impl PushedClock {
    /// Moves it forward.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for PushedClock {
    fn now_ms(&self) -> u64 {
        SystemClock
            .now_ms()
            .saturating_add_signed(self.0.load(Ordering::SeqCst))
    }
}
