//! Rollback guard: the relay shows the last message that it has of this very device. One that this
//! store never wrote means that the store was put back from a copy (security.md §3.9).

use chatty_crypto::megolm;
use chatty_protocol::{ConvId, limits};

use crate::api::Event;
use crate::api::events::AlarmKind;
use crate::engine::{Fault, Work};
use crate::store::{meta, range};

/// Compares `own` of the relay with the own numbers. Nothing is retired on the relay's word: the
/// row itself is read, and until then a new generation is all that is made, once a day.
pub fn compare(work: &mut Work<'_>, conv: &ConvId, (seq, n): (u64, u64)) -> Result<(), Fault> {
    if n == 0 || n <= megolm::own_position(&work.crypto, conv)?.ready {
        return Ok(());
    }
    if !range::contains(work.db, conv, seq)? {
        work.behind(conv);
    }
    let name = format!("precaution/{conv}");
    let last = meta::number(work.db, &name)?;
    if last.is_some_and(|last| work.now_ms() < last.saturating_add(limits::DAY_MS)) {
        return Ok(());
    }
    meta::set_number(work.db, &name, work.now_ms())?;
    megolm::retire(&mut work.crypto, conv)?;
    work.tell(Event::Alarm {
        kind: AlarmKind::Restored,
        chat: Some(*conv),
        user: None,
    });
    Ok(())
}
