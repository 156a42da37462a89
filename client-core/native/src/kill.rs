//! `CHATTY_KILL_AT=point[:n]` ends the process at the n-th pass of a named point, for tests.

/// Installs the hook when the variable is set. Compiled out of release builds.
#[cfg(any(debug_assertions, feature = "kill-points"))]
pub fn install() {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static WANTED: OnceLock<(String, u64)> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);

    fn hook(name: &'static str) {
        let Some((wanted, at)) = WANTED.get() else {
            return;
        };
        if wanted == name && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *at {
            // Nothing is flushed, no destructor runs: the same as a kill from outside.
            std::process::abort();
        }
    }

    let Ok(text) = std::env::var("CHATTY_KILL_AT") else {
        return;
    };
    let (name, at) = match text.rsplit_once(':') {
        Some((name, at)) => (name.to_owned(), at.parse().unwrap_or(1)),
        None => (text, 1),
    };
    if WANTED.set((name, at)).is_ok() {
        chatty_core::platform::set_kill_hook(hook);
    }
}

/// Does nothing in release builds.
#[cfg(not(any(debug_assertions, feature = "kill-points")))]
pub fn install() {}
