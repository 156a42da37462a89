//! Time and sleep.

use gloo_timers::future::TimeoutFuture;

use super::js;

/// Longest single timer: browsers take 31 bits and fire at once above.
const LONGEST: u64 = i32::MAX as u64;

/// Unix milliseconds by this machine's clock.
pub fn now_ms() -> u64 {
    // Saturates: a clock before 1970 is a wrong clock like any other.
    js_sys::Date::now() as u64
}

/// Milliseconds since this worker started.
pub fn monotonic_ms() -> u64 {
    let performance = js::scope().and_then(|scope| scope.performance());
    performance.map_or(0, |performance| performance.now() as u64)
}

/// Ends after this many milliseconds.
pub async fn sleep(mut ms: u64) {
    while ms > LONGEST {
        TimeoutFuture::new(LONGEST as u32).await;
        ms -= LONGEST;
    }
    TimeoutFuture::new(ms as u32).await;
}
