//! Random numbers that a seed repeats (splitmix64). Never for keys.

/// A generator.
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    /// Starts at a seed; close seeds give unrelated numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end.max(1) as u64) as usize
    }

    /// True `n` times in a thousand.
    pub fn per_mille(&mut self, n: u32) -> bool {
        self.number() % 1_000 < u64::from(n)
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// A generator of its own for a part.
    pub fn part(&mut self) -> Self {
        Self::new(self.number())
    }
}

/// How often a test repeats: `few` on every change, `many` with `CHATTY_SOAK`.
pub fn rounds(few: usize, many: usize) -> usize {
    match std::env::var_os("CHATTY_SOAK") {
        Some(_) => many,
        None => few,
    }
}
