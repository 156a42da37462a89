//! The cache of a relay that is one process.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;

use super::{Cache, Rate, RateKind, TicketHolder};

/// Subjects with a running rate; beyond it the least recently seen starts afresh.
const RATE_SUBJECTS: NonZeroUsize = match NonZeroUsize::new(100_000) {
    Some(n) => n,
    None => NonZeroUsize::MIN,
};
/// Open tickets and nonces together with expired ones that were not swept yet.
const SWEEP_ABOVE: usize = 10_000;

/// Maps behind one lock each; every step is short.
pub struct LocalCache {
    tickets: Mutex<HashMap<String, (TicketHolder, u64)>>,
    nonces: Mutex<HashMap<[u8; 32], u64>>,
    rates: Mutex<LruCache<(RateKind, Vec<u8>), Bucket>>,
}

/// A token bucket in fixed point: `level` is in thousandths of one use.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    level: u64,
    at_ms: u64,
}

impl Default for LocalCache {
    fn default() -> Self {
        Self {
            tickets: Mutex::default(),
            nonces: Mutex::default(),
            rates: Mutex::new(LruCache::new(RATE_SUBJECTS)),
        }
    }
}

/// Nothing in here is left half-changed by a panic, so a poisoned lock is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait::async_trait]
impl Cache for LocalCache {
    async fn put_ticket(&self, ticket: String, holder: TicketHolder, expires_ms: u64) {
        let mut tickets = lock(&self.tickets);
        if tickets.len() >= SWEEP_ABOVE {
            let oldest_wanted = expires_ms.saturating_sub(chatty_protocol::limits::TICKET_MS);
            tickets.retain(|_, (_, expires)| *expires > oldest_wanted);
        }
        tickets.insert(ticket, (holder, expires_ms));
    }

    async fn take_ticket(&self, ticket: &str, now_ms: u64) -> Option<TicketHolder> {
        let (holder, expires) = lock(&self.tickets).remove(ticket)?;
        (now_ms < expires).then_some(holder)
    }

    async fn put_nonce(&self, nonce: [u8; 32], expires_ms: u64) {
        let mut nonces = lock(&self.nonces);
        if nonces.len() >= SWEEP_ABOVE {
            let oldest_wanted = expires_ms.saturating_sub(chatty_protocol::limits::CHALLENGE_MS);
            nonces.retain(|_, expires| *expires > oldest_wanted);
        }
        nonces.insert(nonce, expires_ms);
    }

    async fn take_nonce(&self, nonce: &[u8], now_ms: u64) -> bool {
        let expires = lock(&self.nonces).remove(nonce);
        expires.is_some_and(|expires| now_ms < expires)
    }

    async fn spend(
        &self,
        kind: RateKind,
        subject: &[u8],
        count: u32,
        rate: Rate,
        now_ms: u64,
    ) -> Result<(), u64> {
        let full = u64::from(rate.burst) * 1_000;
        let wanted = u64::from(count) * 1_000;
        let mut rates = lock(&self.rates);
        let bucket = rates.get_or_insert_mut((kind, subject.to_vec()), || Bucket {
            level: full,
            at_ms: now_ms,
        });
        let window = rate.window_ms.max(1);
        let passed = now_ms.saturating_sub(bucket.at_ms).min(window);
        let refill = u64::try_from(u128::from(full) * u128::from(passed) / u128::from(window))
            .unwrap_or(full);
        if refill > 0 {
            bucket.level = full.min(bucket.level + refill);
            bucket.at_ms = now_ms;
        }
        if bucket.level >= wanted {
            bucket.level -= wanted;
            return Ok(());
        }
        let missing = u128::from(wanted - bucket.level);
        let wait = (missing * u128::from(window)).div_ceil(u128::from(full.max(1)));
        Err(u64::try_from(wait).unwrap_or(window))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 2,
        window_ms: 1_000,
    };

    #[tokio::test]
    async fn a_bucket_refills_with_time_only() {
        let cache = LocalCache::default();
        for _ in 0..2 {
            assert_eq!(
                cache.spend(RateKind::Lookup, b"a", 1, RATE, 0).await,
                Ok(())
            );
        }
        assert_eq!(
            cache.spend(RateKind::Lookup, b"a", 1, RATE, 0).await,
            Err(500)
        );
        assert_eq!(
            cache.spend(RateKind::Lookup, b"b", 1, RATE, 0).await,
            Ok(())
        );
        assert_eq!(
            cache.spend(RateKind::SignUp, b"a", 1, RATE, 0).await,
            Ok(())
        );
        assert_eq!(
            cache.spend(RateKind::Lookup, b"a", 1, RATE, 500).await,
            Ok(())
        );
        assert!(
            cache
                .spend(RateKind::Lookup, b"a", 1, RATE, 500)
                .await
                .is_err()
        );
        // A clock that jumps back neither refills nor blocks for ever.
        assert!(
            cache
                .spend(RateKind::Lookup, b"a", 1, RATE, 100)
                .await
                .is_err()
        );
        assert_eq!(
            cache.spend(RateKind::Lookup, b"a", 1, RATE, 1_000).await,
            Ok(())
        );
    }

    #[tokio::test]
    async fn a_nonce_is_good_once_and_in_time() {
        let cache = LocalCache::default();
        cache.put_nonce([1; 32], 100).await;
        assert!(cache.take_nonce(&[1; 32], 99).await);
        assert!(!cache.take_nonce(&[1; 32], 99).await);
        cache.put_nonce([2; 32], 100).await;
        assert!(!cache.take_nonce(&[2; 32], 100).await);
        assert!(!cache.take_nonce(&[2; 31], 0).await);
    }
}
