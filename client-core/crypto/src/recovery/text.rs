//! The recovery key as text (protocol.md §6): Crockford base 32 in groups that check themselves.

use zeroize::Zeroizing;

use super::SECRET_LEN;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 8;
const DATA_PER_GROUP: usize = 4;
const SYMBOLS_PER_GROUP: usize = DATA_PER_GROUP + 1;

/// What is wrong with a typed recovery key. Groups are counted from 1, as a person counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryTextError {
    /// Too short or too long.
    #[error("a recovery key has 40 letters and digits, this one has {found}")]
    Length {
        /// Letters and digits found.
        found: usize,
    },
    /// A character that no recovery key contains.
    #[error("group {group} contains a character that is in no recovery key")]
    Symbol {
        /// Group with the character.
        group: usize,
    },
    /// The check symbol of a group does not fit.
    #[error("group {group} is mistyped")]
    Check {
        /// The mistyped group.
        group: usize,
    },
}

/// Product in GF(2⁵) modulo x⁵ + x² + 1.
fn multiply(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b != 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 0x20 != 0 {
            a ^= 0b10_0101;
        }
        b >>= 1;
    }
    product
}

/// α·s1 ⊕ α²·s2 ⊕ α³·s3 ⊕ α⁴·s4 ⊕ g with α = 2.
fn check_symbol(data: &[u8], group: usize) -> u8 {
    let mut power = 1;
    let mut sum = (group % 32) as u8;
    for symbol in data {
        power = multiply(power, 2);
        sum ^= multiply(power, *symbol);
    }
    sum
}

/// Writes 160 bits, most significant first, with check symbols and hyphens between groups.
pub(super) fn write(secret: &[u8; SECRET_LEN]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(GROUPS * (SYMBOLS_PER_GROUP + 1)));
    // 5 bytes are 8 symbols are 2 groups.
    for (index, block) in secret.chunks(5).enumerate() {
        let bits = block
            .iter()
            .fold(0u64, |n, byte| (n << 8) | u64::from(*byte));
        let mut symbols = Zeroizing::new([0u8; 8]);
        for (place, symbol) in symbols.iter_mut().enumerate() {
            *symbol = ((bits >> (35 - 5 * place)) & 31) as u8;
        }
        for (half, data) in symbols.chunks(DATA_PER_GROUP).enumerate() {
            let group = 2 * index + half;
            if group > 0 {
                text.push('-');
            }
            for symbol in data.iter().chain([&check_symbol(data, group)]) {
                text.push(char::from(ALPHABET[usize::from(*symbol)]));
            }
        }
    }
    text
}

fn symbol(typed: char) -> Option<u8> {
    let typed = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET
        .iter()
        .position(|known| char::from(*known) == typed)?;
    u8::try_from(place).ok()
}

/// Reads what a person typed. The length is judged last, so that a wrong character is named
/// even when the rest is not typed yet.
pub(super) fn read(typed: &str) -> Result<[u8; SECRET_LEN], RecoveryTextError> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(GROUPS * SYMBOLS_PER_GROUP));
    for typed in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let group = symbols.len() / SYMBOLS_PER_GROUP + 1;
        symbols.push(symbol(typed).ok_or(RecoveryTextError::Symbol { group })?);
    }
    for (index, group) in symbols.chunks_exact(SYMBOLS_PER_GROUP).enumerate() {
        let (data, check) = group.split_at(DATA_PER_GROUP);
        if check != [check_symbol(data, index)] {
            return Err(RecoveryTextError::Check { group: index + 1 });
        }
    }
    if symbols.len() != GROUPS * SYMBOLS_PER_GROUP {
        return Err(RecoveryTextError::Length {
            found: symbols.len(),
        });
    }
    let mut secret = [0; SECRET_LEN];
    for (groups, out) in symbols
        .chunks(2 * SYMBOLS_PER_GROUP)
        .zip(secret.chunks_mut(5))
    {
        let bits = groups
            .chunks(SYMBOLS_PER_GROUP)
            .flat_map(|group| &group[..DATA_PER_GROUP])
            .fold(0u64, |n, symbol| (n << 5) | u64::from(*symbol));
        out.copy_from_slice(&bits.to_be_bytes()[3..]);
    }
    Ok(secret)
}
