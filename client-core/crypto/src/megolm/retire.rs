//! Ending generations on request: a restored store, the rollback guard.

use chatty_protocol::{ConvId, limits};

use super::row::{OutboundRow, load_or};
use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Ends the present generation of one conversation before the next durable send, as a precaution
/// (the relay shows a row of this device that this store does not know). At most once a day, so
/// that a relay cannot make a device share keys without end; false when that was used up.
pub fn retire(tx: &mut Tx<'_>, conv: &ConvId) -> Result<bool, CryptoError> {
    let mut row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    let again = tx.now_ms < row.precaution_ms.saturating_add(limits::DAY_MS);
    if again && row.precaution_ms > 0 {
        return Ok(false);
    }
    row.precaution_ms = tx.now_ms;
    end(tx, conv, row).map(|()| true)
}

/// Ends the present generation of every conversation: the store was restored from a copy.
pub fn retire_all(tx: &mut Tx<'_>) -> Result<(), CryptoError> {
    let keys = tx.scan(Table::Outbound, &[])?;
    for key in keys.keys() {
        if let Ok(conv) = ConvId::from_slice(key) {
            let row = load_or(tx, Table::Outbound, key)?;
            end(tx, &conv, row)?;
        }
    }
    Ok(())
}

fn end(tx: &mut Tx<'_>, conv: &ConvId, mut row: OutboundRow) -> Result<(), CryptoError> {
    if let Some(current) = row.current.as_mut() {
        current.retired = true;
    }
    rows::store(tx, Table::Outbound, conv.as_ref(), &row)
}
