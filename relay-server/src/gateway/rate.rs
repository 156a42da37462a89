//! A token bucket without a timer: one per device and kind of traffic.

/// Tokens that refill with time.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    /// Thousandths of a token that are there.
    milli: u64,
    /// When `milli` was right, Unix ms.
    at_ms: u64,
}

/// Size and refill of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Tokens of a full bucket.
    pub burst: u32,
    /// Tokens per second.
    pub per_second: u32,
}

impl Bucket {
    /// A full bucket.
    pub fn full(rate: Rate, now_ms: u64) -> Self {
        Self {
            milli: u64::from(rate.burst) * 1_000,
            at_ms: now_ms,
        }
    }

    /// Takes `count` tokens, or says in how many milliseconds they will be there.
    pub fn take(&mut self, rate: Rate, count: u32, now_ms: u64) -> Result<(), u64> {
        let elapsed = now_ms.saturating_sub(self.at_ms);
        let refill = elapsed.saturating_mul(u64::from(rate.per_second));
        self.milli = (self.milli.saturating_add(refill)).min(u64::from(rate.burst) * 1_000);
        self.at_ms = now_ms;
        let need = u64::from(count) * 1_000;
        if self.milli >= need {
            self.milli -= need;
            return Ok(());
        }
        Err((need - self.milli).div_ceil(u64::from(rate.per_second.max(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 3,
        per_second: 2,
    };

    #[test]
    fn a_burst_then_the_refill() {
        let mut bucket = Bucket::full(RATE, 1_000);
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, 1, 1_000), Ok(()));
        }
        assert_eq!(bucket.take(RATE, 1, 1_000), Err(500));
        assert_eq!(bucket.take(RATE, 1, 1_499), Err(1));
        assert_eq!(bucket.take(RATE, 1, 1_500), Ok(()));
    }

    #[test]
    fn a_clock_that_goes_back_refills_nothing() {
        let mut bucket = Bucket::full(RATE, 5_000);
        assert_eq!(bucket.take(RATE, 3, 5_000), Ok(()));
        assert!(bucket.take(RATE, 1, 1_000).is_err());
    }
}
