//! Ending generations on request: a restored store, the rollback guard.

use chatty_protocol::ConvId;

use super::row::{OutboundRow, load_or};
use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Ends the present generation of one conversation before the next durable send.
pub fn retire(tx: &mut Tx<'_>, conv: &ConvId) -> Result<(), CryptoError> {
    let mut row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    if let Some(current) = row.current.as_mut() {
        current.retired = true;
        rows::store(tx, Table::Outbound, conv.as_ref(), &row)?;
    }
    Ok(())
}

/// Ends the present generation of every conversation: the store was restored from a copy.
pub fn retire_all(tx: &mut Tx<'_>) -> Result<(), CryptoError> {
    let keys = tx.scan(Table::Outbound, &[])?;
    for key in keys.keys() {
        if let Ok(conv) = ConvId::from_slice(key) {
            retire(tx, &conv)?;
        }
    }
    Ok(())
}
