//! One walk over untrusted bytes before anything is decoded: types, lengths, numbers, depth.

use super::DecodeError;
use crate::limits;

/// Walks the whole input once and refuses every type and number that the protocol does not use.
pub(super) fn scan(bytes: &[u8]) -> Result<(), DecodeError> {
    let mut position = 0;
    walk(bytes, &mut position, 1)?;
    if position != bytes.len() {
        return Err(DecodeError::Malformed("trailing bytes"));
    }
    Ok(())
}

/// One data item at `position`; `depth` counts the outermost array as 1.
fn walk(bytes: &[u8], position: &mut usize, depth: usize) -> Result<(), DecodeError> {
    let (major, argument) = head(bytes, position)?;
    match major {
        0 => Ok(()),
        2 | 3 => take(bytes, position, argument).and_then(|text| {
            if major == 3 && std::str::from_utf8(text).is_err() {
                return Err(DecodeError::Malformed("text is not UTF-8"));
            }
            Ok(())
        }),
        4 | 5 => {
            if depth > limits::CBOR_DEPTH {
                return Err(DecodeError::Malformed("too deep"));
            }
            let items = if major == 5 {
                argument.saturating_mul(2)
            } else {
                argument
            };
            for _ in 0..items {
                walk(bytes, position, depth + 1)?;
            }
            Ok(())
        }
        7 if (20..=22).contains(&argument) => Ok(()),
        _ => Err(DecodeError::Malformed("type not used by this protocol")),
    }
}

/// Major type and argument of the next item, shortest form only.
fn head(bytes: &[u8], position: &mut usize) -> Result<(u8, u64), DecodeError> {
    let first = *bytes
        .get(*position)
        .ok_or(DecodeError::Malformed("cut off"))?;
    *position += 1;
    let (major, info) = (first >> 5, first & 0x1f);
    let width = match info {
        0..=23 => return Ok((major, u64::from(info))),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(DecodeError::Malformed("indefinite or reserved length")),
    };
    if major == 7 {
        return Err(DecodeError::Malformed("type not used by this protocol"));
    }
    let raw = take(bytes, position, width)?;
    let argument = raw.iter().fold(0u64, |n, byte| (n << 8) | u64::from(*byte));
    let shortest = match width {
        1 => argument >= 24,
        2 => argument > 0xff,
        4 => argument > 0xffff,
        _ => argument > 0xffff_ffff,
    };
    if !shortest || argument > limits::UINT_MAX {
        return Err(DecodeError::Malformed(
            "number not shortest or out of range",
        ));
    }
    Ok((major, argument))
}

fn take<'b>(bytes: &'b [u8], position: &mut usize, count: u64) -> Result<&'b [u8], DecodeError> {
    let count = usize::try_from(count).map_err(|_| DecodeError::Malformed("cut off"))?;
    let end = position
        .checked_add(count)
        .ok_or(DecodeError::Malformed("cut off"))?;
    let slice = bytes
        .get(*position..end)
        .ok_or(DecodeError::Malformed("cut off"))?;
    *position = end;
    Ok(slice)
}
