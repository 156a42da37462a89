//! How long to wait before the next attempt.

use chatty_protocol::limits::{MINUTE_MS, SECOND_MS};

/// First wait after a failure.
const FIRST_MS: u64 = SECOND_MS / 4;
/// Longest wait; a network change or a call of the user cuts it short.
const LONGEST_MS: u64 = MINUTE_MS;

/// Longest wait that is kept because a relay asks for it: no relay keeps a client away for longer.
const LONGEST_ASKED_MS: u64 = 15 * MINUTE_MS;

/// A wait as far as it is kept.
pub fn as_asked(ms: u64) -> u64 {
    ms.min(LONGEST_ASKED_MS)
}

/// Exponential backoff with jitter: many clients that lost one relay do not come back at once.
#[derive(Debug, Clone, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts a failure and gives the wait in ms: half of the step fixed, half by `random`.
    pub fn next_ms(&mut self, random: u64) -> u64 {
        let step = FIRST_MS
            .saturating_mul(1u64 << self.failures.min(16))
            .min(LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        step / 2 + random % (step / 2 + 1)
    }

    /// Something worked: the next failure waits shortly again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute_and_start_again() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..12).map(|_| backoff.next_ms(u64::MAX)).collect();
        assert!(waits[0] <= FIRST_MS);
        assert!(waits.iter().all(|wait| *wait <= LONGEST_MS));
        assert!(waits[11] >= LONGEST_MS / 2);
        backoff.reset();
        assert!(backoff.next_ms(0) <= FIRST_MS);
    }

    #[test]
    fn a_relay_that_asks_for_a_day_gets_a_quarter_of_an_hour() {
        assert_eq!(as_asked(24 * 60 * MINUTE_MS), LONGEST_ASKED_MS);
        assert_eq!(as_asked(SECOND_MS), SECOND_MS);
    }

    #[test]
    fn jitter_spreads_half_of_the_step() {
        let (mut low, mut high) = (Backoff::default(), Backoff::default());
        for _ in 0..9 {
            low.next_ms(0);
            high.next_ms(0);
        }
        assert_eq!(low.next_ms(0), LONGEST_MS / 2);
        assert_eq!(high.next_ms(LONGEST_MS / 2), LONGEST_MS);
    }
}
