//! What the last full look at a conversation's recipients found. Looking at every device of a
//! large group costs far more than one message, so it is done only when it could find something
//! new: a device log, a pin or the conversation's log changed, or a device expired.

use chatty_protocol::ConvId;
use serde::{Deserialize, Serialize};

use super::row::key;
use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Table::Own: rises with every change of a device log or a pin.
const PEOPLE: &[u8] = b"people";

/// Table::Outbound, key conv ‖ `c`; gone when the conversation changed.
#[derive(Serialize, Deserialize)]
struct CheckedRow {
    people: u64,
    since_ms: u64,
    until_ms: u64,
}

/// A device log or a pin changed: every conversation is looked at again.
pub(crate) fn people_changed(tx: &mut Tx<'_>) -> Result<(), CryptoError> {
    let next = people(tx)?.wrapping_add(1);
    rows::store(tx, Table::Own, PEOPLE, &next)
}

/// The membership, or whom this device is removing, changed.
pub(crate) fn conversation_changed(tx: &mut Tx<'_>, conv: &ConvId) {
    tx.delete(Table::Outbound, &key::checked(conv));
}

fn people(tx: &Tx<'_>) -> Result<u64, CryptoError> {
    Ok(rows::load(tx, Table::Own, PEOPLE)?.unwrap_or(0))
}

/// Whether the recipients are as they were found.
pub(super) fn holds(tx: &Tx<'_>, conv: &ConvId) -> Result<bool, CryptoError> {
    let row: Option<CheckedRow> = rows::load(tx, Table::Outbound, &key::checked(conv))?;
    let Some(row) = row else { return Ok(false) };
    // A clock that was set back may make an expired device a recipient again.
    let in_time = (row.since_ms..=row.until_ms).contains(&tx.now_ms);
    Ok(in_time && row.people == people(tx)?)
}

/// Notes that every recipient was looked at just now; `until_ms` = the next one expires.
pub(super) fn note(tx: &mut Tx<'_>, conv: &ConvId, until_ms: u64) -> Result<(), CryptoError> {
    let row = CheckedRow {
        people: people(tx)?,
        since_ms: tx.now_ms,
        until_ms,
    };
    rows::store(tx, Table::Outbound, &key::checked(conv), &row)
}
