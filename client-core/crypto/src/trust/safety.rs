//! The number that two people compare: it changes exactly when one of them is another person.

use chatty_protocol::UserId;
use sha2::{Digest, Sha512};

/// Rounds of hashing: each makes it dearer to look for an id whose digits are alike.
const ROUNDS: usize = 5_200;
/// Before the first round, so that no other hash of ours can be one of these.
const VERSION: [u8; 2] = [0, 0];
/// Groups of one person.
const GROUPS: usize = 6;
/// Bytes behind one group of five digits.
const GROUP_BYTES: usize = 5;

/// Twelve groups of five digits, the same on both sides.
pub fn safety_number(one: &UserId, other: &UserId) -> Vec<String> {
    let (mut first, mut second) = (digits(one), digits(other));
    if second < first {
        std::mem::swap(&mut first, &mut second);
    }
    first.into_iter().chain(second).collect()
}

fn digits(user: &UserId) -> Vec<String> {
    let mut hash = Sha512::new()
        .chain_update(VERSION)
        .chain_update(user)
        .finalize();
    for _ in 1..ROUNDS {
        hash = Sha512::new()
            .chain_update(hash)
            .chain_update(user)
            .finalize();
    }
    let group = |bytes: &[u8]| {
        let number = bytes
            .iter()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        format!("{:05}", number % 100_000)
    };
    hash.chunks_exact(GROUP_BYTES)
        .take(GROUPS)
        .map(group)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_see_the_same_number_and_it_names_both() {
        let user = |n| UserId::from_rest([n; 32]);
        let number = safety_number(&user(1), &user(2));
        assert_eq!(number, safety_number(&user(2), &user(1)));
        // Computed with Python's hashlib.
        let expected = "53809 03083 86662 80803 25960 10796 62843 43364 76212 31759 70070 43722";
        assert_eq!(number.join(" "), expected);
        assert_ne!(number, safety_number(&user(1), &user(3)));
    }
}
