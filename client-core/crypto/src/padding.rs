//! Padding of every plaintext to a bucket, so that its length says little (B14).

use chatty_protocol::codec::DecodeError;

/// Smallest buckets; longer plaintexts follow Padmé.
const BUCKETS: [usize; 4] = [512, 1024, 2048, 4096];
/// The length prefix.
const PREFIX: usize = 4;

/// The bucket for a padded plaintext of at least `len` bytes, prefix included.
pub fn bucket(len: usize) -> usize {
    BUCKETS
        .into_iter()
        .find(|bucket| len <= *bucket)
        .unwrap_or_else(|| padme(len))
}

/// Padmé (Nikitin et al. 2019): keeps only as many significant bits of the length as its
/// exponent has bits, which costs at most 12 %.
fn padme(len: usize) -> usize {
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1usize << (exponent - kept)) - 1;
    (len + mask) & !mask
}

/// `u32be n ‖ n bytes ‖ zeros` up to the bucket; a plaintext above 4 GiB does not exist here.
pub fn pad(plaintext: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let length =
        u32::try_from(plaintext.len()).map_err(|_| DecodeError::Malformed("too long to pad"))?;
    let mut out = Vec::with_capacity(bucket(PREFIX + plaintext.len()));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(plaintext);
    out.resize(bucket(out.len()), 0);
    Ok(out)
}

/// Takes the padding off; a wrong bucket or a non-zero byte in it is malformed.
pub fn unpad(padded: &[u8]) -> Result<&[u8], DecodeError> {
    let (prefix, rest) = padded
        .split_first_chunk::<PREFIX>()
        .ok_or(DecodeError::Malformed("no length prefix"))?;
    let length = usize::try_from(u32::from_be_bytes(*prefix))
        .map_err(|_| DecodeError::Malformed("length out of range"))?;
    let (plaintext, zeros) = rest
        .split_at_checked(length)
        .ok_or(DecodeError::Malformed("cut off"))?;
    if padded.len() != bucket(PREFIX + length) {
        return Err(DecodeError::Malformed("wrong bucket"));
    }
    if zeros.iter().any(|byte| *byte != 0) {
        return Err(DecodeError::Malformed("padding is not zero"));
    }
    Ok(plaintext)
}
