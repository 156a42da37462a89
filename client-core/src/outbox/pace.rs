//! New Olm sessions are made slowly: each costs its maker and its receiver far more than a
//! message, and the receiver a one-time key (A17).

use std::collections::VecDeque;

use chatty_protocol::limits::{NEW_SESSIONS_PER_SECOND, SECOND_MS};

/// When the newest sessions were made, monotonic ms, oldest first.
#[derive(Debug, Default)]
pub struct Pace(VecDeque<u64>);

impl Pace {
    /// How many of `wanted` sessions may be made now, noted as made, and how long to wait before
    /// the next one.
    pub fn take(&mut self, wanted: usize, now_ms: u64) -> (usize, u64) {
        while self.0.front().is_some_and(|at| at + SECOND_MS <= now_ms) {
            self.0.pop_front();
        }
        let room = (NEW_SESSIONS_PER_SECOND as usize).saturating_sub(self.0.len());
        let taken = wanted.min(room);
        self.0.extend(std::iter::repeat_n(now_ms, taken));
        let free_at = self.0.front().map_or(now_ms, |at| at + SECOND_MS);
        (taken, free_at.saturating_sub(now_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_sees_more_than_twenty() {
        let mut pace = Pace::default();
        assert_eq!(pace.take(5, 10_000).0, 5);
        assert_eq!(pace.take(100, 10_400), (15, 600));
        assert_eq!(pace.take(100, 10_999), (0, 1));
        assert_eq!(pace.take(100, 11_000), (5, 400));
        assert_eq!(pace.take(100, 11_400).0, 15);
        assert_eq!(pace.take(0, 20_000).0, 0);
    }
}
