//! Waiting for a state with a limit: the only place that sleeps.

use std::future::Future;
use std::time::{Duration, Instant};

/// Longest wait for something that must happen.
pub const LIMIT: Duration = Duration::from_secs(45);
const LOOK_AGAIN: Duration = Duration::from_millis(15);

/// Looks until there is something, and fails the test by name when there is not in time.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < LIMIT, "did not happen in time: {what}");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// As [`until`] in a test without futures.
pub fn until_now<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < LIMIT, "did not happen in time: {what}");
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// Ends with the future, or fails the test by name.
pub async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    match tokio::time::timeout(LIMIT, work).await {
        Ok(value) => value,
        Err(_) => panic!("took too long: {what}"),
    }
}

/// Lets others work for a moment where no state says that they have (a negative is looked for).
pub async fn moment() {
    tokio::time::sleep(Duration::from_millis(250)).await;
}

/// A short pause between two looks.
pub async fn blink() {
    tokio::time::sleep(LOOK_AGAIN).await;
}
