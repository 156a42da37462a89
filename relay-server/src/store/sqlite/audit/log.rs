//! The log of one conversation: numbers from 0, each entry at its row, each allowed by the one
//! rule that let it in.

use chatty_protocol::conversation_log::{ConvEntry, ConvState, authorize};
use chatty_protocol::sign::Signed;
use rusqlite::Connection;

use super::super::num::uint;
use super::rows::Entries;
use super::{Conv, Fault};
use crate::store::StoreResult;

/// Looks at every entry. The first that does not hold ends the log: what follows stands on it.
pub(super) fn check(
    conn: &Connection,
    conv: &Conv,
    rows: &Entries,
    faults: &mut Vec<Fault>,
) -> StoreResult<()> {
    let mut statement =
        conn.prepare_cached("SELECT ls, seq, bytes FROM clog WHERE conv=?1 ORDER BY ls")?;
    let mut found = statement.query((conv.no,))?;
    let fault = |log_seq, what| Fault::Log {
        conv: conv.id,
        log_seq,
        what,
    };
    let (mut expected, mut state) = (0, None);
    while let Some(row) = found.next()? {
        let (log_seq, seq) = (uint(row, 0)?, uint(row, 1)?);
        if log_seq != expected {
            break;
        }
        // A missing row is found as a hole; here only a row of something else.
        if rows.get(&seq).is_some_and(|of_row| *of_row != log_seq) {
            faults.push(fault(log_seq, "is not the one of its row"));
            return Ok(());
        }
        let bytes = row.get_ref(2)?.as_blob_or_null().ok().flatten();
        match bytes.and_then(|bytes| replay(state.as_ref(), bytes)) {
            Some(after) => state = Some(after),
            None => {
                faults.push(fault(log_seq, "does not verify"));
                return Ok(());
            }
        }
        expected += 1;
    }
    let newest = rows.values().max().copied();
    if expected == 0 || newest.is_some_and(|newest| newest >= expected) {
        faults.push(fault(expected, "is missing"));
    }
    Ok(())
}

fn replay(state: Option<&ConvState>, bytes: &[u8]) -> Option<ConvState> {
    let signed = Signed::<ConvEntry>::from_bytes(bytes).ok()?;
    let entry = signed.open().ok()?;
    authorize(state, &signed, &entry, true).ok()
}
