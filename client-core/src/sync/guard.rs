//! Rollback guard: the relay shows the last message that it has of this very device. One that this
//! store never wrote means that the store was put back from a copy (protocol.md §19).

use chatty_crypto::megolm::{self, Incoming, Verdict};
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
    precaution(work, conv)
}

/// A new generation before the next send, at most one a day: what the relay says proves nothing,
/// and it may say so as often as it likes.
fn precaution(work: &mut Work<'_>, conv: &ConvId) -> Result<(), Fault> {
    if first_today(work, &format!("precaution/{conv}"))? {
        megolm::retire(&mut work.crypto, conv)?;
        alarm(work, AlarmKind::Restored, conv);
    }
    Ok(())
}

/// Whether this is the first time of this name today; notes it.
fn first_today(work: &mut Work<'_>, name: &str) -> Result<bool, Fault> {
    let last = meta::number(work.db, name)?;
    if last.is_some_and(|last| work.now_ms() < last.saturating_add(limits::DAY_MS)) {
        return Ok(false);
    }
    meta::set_number(work.db, name, work.now_ms())?;
    Ok(true)
}

/// The relay shows a row of this very device that this store never wrote. Only our own session key
/// can prove that; any other bytes are the relay's word and change nothing but the generation.
pub fn foreign_row(work: &mut Work<'_>, incoming: &Incoming<'_>) -> Result<(), Fault> {
    let conv = &incoming.send.conv;
    match megolm::receive(&mut work.crypto, incoming, true)? {
        Verdict::CloneAlarm => {
            precaution(work, conv)?;
            // The same proof may be shown again without end.
            if first_today(work, &format!("clone/{conv}"))? {
                alarm(work, AlarmKind::Clone, conv);
            }
            Ok(())
        }
        // Written under a session that is not here: by a later life of this store, or by nobody.
        Verdict::Unreadable(_) => precaution(work, conv),
        _ => Ok(()),
    }
}

fn alarm(work: &mut Work<'_>, kind: AlarmKind, conv: &ConvId) {
    work.tell(Event::Alarm {
        kind,
        chat: Some(*conv),
        user: None,
    });
}
