//! Three failures lock approvals for ten minutes, on either side.

use chatty_protocol::limits;
use serde::{Deserialize, Serialize};

use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Key of the one row in Table::Approval.
const FAILURES: &[u8] = b"failures";

#[derive(Serialize, Deserialize, Default)]
struct FailureRow {
    count: u32,
    newest_ms: u64,
}

/// Until when approvals are locked, Unix ms; `None` when they are not.
pub fn locked_until(tx: &Tx<'_>) -> Result<Option<u64>, CryptoError> {
    let row = load(tx)?;
    let until = row.newest_ms.saturating_add(limits::APPROVAL_LOCK_MS);
    Ok((row.count >= limits::APPROVAL_FAILURES && tx.now_ms < until).then_some(until))
}

/// Counts a failed run; an expired lock starts a new count.
pub(super) fn failed(tx: &mut Tx<'_>) -> Result<(), CryptoError> {
    let mut row = load(tx)?;
    if tx.now_ms >= row.newest_ms.saturating_add(limits::APPROVAL_LOCK_MS) {
        row.count = 0;
    }
    row.count += 1;
    row.newest_ms = tx.now_ms;
    rows::store(tx, Table::Approval, FAILURES, &row)
}

/// A run succeeded: earlier failures were mistakes.
pub(super) fn succeeded(tx: &mut Tx<'_>) {
    tx.delete(Table::Approval, FAILURES);
}

fn load(tx: &Tx<'_>) -> Result<FailureRow, CryptoError> {
    Ok(rows::load(tx, Table::Approval, FAILURES)?.unwrap_or_default())
}
