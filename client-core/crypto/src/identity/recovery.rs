//! The recovery secret between sign-up and the user's confirmation.

use zeroize::Zeroizing;

use super::row;
use crate::error::CryptoError;
use crate::recovery::RecoverySecret;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// The recovery key as text, as long as it is on this device.
pub fn recovery_key_text(tx: &Tx<'_>) -> Result<Zeroizing<String>, CryptoError> {
    Ok(stored(tx)?.to_text())
}

/// Compares what the user typed with the stored secret; if equal, erases the secret.
/// A wrong or mistyped key answers `false` and erases nothing.
pub fn confirm_recovery(tx: &mut Tx<'_>, typed: &str) -> Result<bool, CryptoError> {
    let secret = stored(tx)?;
    let same = RecoverySecret::from_text(typed).is_ok_and(|typed| {
        subtle::ConstantTimeEq::ct_eq(&typed.as_bytes()[..], &secret.as_bytes()[..]).into()
    });
    if same {
        tx.delete(Table::Own, row::RECOVERY);
    }
    Ok(same)
}

fn stored(tx: &Tx<'_>) -> Result<RecoverySecret, CryptoError> {
    let bytes: Vec<u8> =
        rows::load(tx, Table::Own, row::RECOVERY)?.ok_or(CryptoError::RecoveryGone)?;
    let bytes = Zeroizing::new(bytes);
    let bytes: [u8; 20] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| CryptoError::Corrupt("recovery secret"))?;
    Ok(RecoverySecret::from_bytes(bytes))
}
