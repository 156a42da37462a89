//! A small generator whose throws repeat in every run, and how many throws a test makes.

/// xorshift64; good enough to choose what to break.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % bound
    }

    pub fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Turns, cuts, repeats or swaps bytes: one to four times.
    pub fn spoil(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            if bytes.is_empty() {
                bytes.push(self.below(256) as u8);
                continue;
            }
            let at = self.below(bytes.len());
            match self.below(6) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = self.below(256) as u8,
                2 => bytes.truncate(at),
                3 => bytes.insert(at, self.below(256) as u8),
                4 => drop(bytes.remove(at)),
                _ => {
                    let again = bytes[at..].to_vec();
                    bytes.extend_from_slice(&again);
                    bytes.truncate(200_000);
                }
            }
        }
    }
}

/// The page's count with `CHATTY_SOAK`, else a hundredth of it.
pub fn count(page: usize) -> usize {
    match std::env::var_os("CHATTY_SOAK") {
        Some(_) => page,
        None => page / 100,
    }
}
