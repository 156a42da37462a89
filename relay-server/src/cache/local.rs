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

/// A token bucket in whole numbers: `level` counts in parts of a use, and one use is `window_ms` of
/// them. So nothing is rounded, however often somebody asks in between.
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
        let window = rate.window_ms.max(1);
        let full = window.saturating_mul(u64::from(rate.burst));
        let wanted = window.saturating_mul(u64::from(count));
        let mut rates = lock(&self.rates);
        let bucket = rates.get_or_insert_mut((kind, subject.to_vec()), || Bucket {
            level: full,
            at_ms: now_ms,
        });
        let passed = now_ms.saturating_sub(bucket.at_ms).min(window);
        let refill = passed.saturating_mul(u64::from(rate.burst));
        bucket.level = full.min(bucket.level.saturating_add(refill));
        bucket.at_ms = bucket.at_ms.max(now_ms);
        if bucket.level >= wanted {
            bucket.level -= wanted;
            return Ok(());
        }
        let missing = wanted - bucket.level;
        Err(missing.div_ceil(u64::from(rate.burst.max(1))))
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
    async fn asking_in_between_delays_nothing() {
        let cache = LocalCache::default();
        let once = Rate {
            burst: 1,
            window_ms: 600_000,
        };
        let spend = |now| cache.spend(RateKind::ClaimId, b"a", 1, once, now);
        assert_eq!(spend(0).await, Ok(()));
        for now in (700..600_000).step_by(700) {
            assert_eq!(spend(now).await, Err(600_000 - now));
        }
        assert_eq!(spend(600_000).await, Ok(()));
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
