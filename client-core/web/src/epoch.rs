//! The rollback epoch as bytes of a small file beside the database.
//!
//! A file handle of a worker can be written in place only, never renamed. So there are two slots
//! that take turns, each with its number and the number inverted: a write that is cut off spoils
//! one slot, and the other still holds the number before.

/// Bytes of the whole file.
pub const FILE: usize = 2 * SLOT;
/// Bytes of one slot.
pub const SLOT: usize = 16;

/// Where a number is written, and its bytes.
pub fn encode(epoch: u64) -> (usize, [u8; SLOT]) {
    let offset = if epoch.is_multiple_of(2) { 0 } else { SLOT };
    let whole = (u128::from(epoch) << 64) | u128::from(!epoch);
    (offset, whole.to_be_bytes())
}

/// The newest number of a file, however short or damaged it is.
pub fn decode(file: &[u8]) -> Option<u64> {
    file.chunks_exact(SLOT).take(2).filter_map(slot).max()
}

fn slot(bytes: &[u8]) -> Option<u64> {
    let whole = u128::from_be_bytes(bytes.try_into().ok()?);
    // The two halves of the number: what was cut off does not match.
    let (epoch, inverted) = ((whole >> 64) as u64, whole as u64);
    (epoch == !inverted).then_some(epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(epochs: &[u64]) -> [u8; FILE] {
        let mut file = [0; FILE];
        for &epoch in epochs {
            let (offset, bytes) = encode(epoch);
            file[offset..offset + SLOT].copy_from_slice(&bytes);
        }
        file
    }

    #[test]
    fn the_newest_number_is_read_back() {
        assert_eq!(decode(&[]), None);
        assert_eq!(decode(&[0; FILE]), None);
        assert_eq!(decode(&written(&[1])), Some(1));
        assert_eq!(decode(&written(&[1, 2, 3])), Some(3));
        assert_eq!(decode(&written(&[41, u64::MAX])), Some(u64::MAX));
    }

    #[test]
    fn a_write_that_was_cut_off_leaves_the_number_before() {
        let before = written(&[6, 7]);
        let (offset, bytes) = encode(8);
        for written in 0..SLOT {
            let mut file = before;
            file[offset..offset + written].copy_from_slice(&bytes[..written]);
            // A cut may also leave bytes that happen to be right.
            assert!(matches!(decode(&file), Some(7 | 8)), "{written} bytes");
        }
    }
}
