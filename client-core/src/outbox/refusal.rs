//! A message that the relay refused: again, encrypted anew, or failed for good.

use chatty_crypto::megolm;
use chatty_protocol::{ConvId, ErrorCode, MsgId, limits};

use super::send::numbered;
use crate::api::Event;
use crate::api::events::AlarmKind;
use crate::api::state::MessageState;
use crate::engine::{Fault, Work, is_passing};
use crate::store::message::{self, write};
use crate::store::outbox::{self, OutRow, OutState};
use crate::sync::backoff::as_asked;

/// Decides what happens to a refused message and to what follows it.
pub fn message(
    work: &mut Work<'_>,
    conv: &ConvId,
    msg: &MsgId,
    code: ErrorCode,
    retry_ms: u64,
) -> Result<(), Fault> {
    let Some(row) = outbox::get(work.db, conv, msg)? else {
        return Ok(());
    };
    work.outbox_changed();
    match code {
        ErrorCode::StaleLog => again_encrypted(work, &row),
        // Behind a message that is refused itself; it goes out again behind that one.
        ErrorCode::Conflict => later(work, row, retry_ms.max(CONFLICT_MS)),
        code if is_passing(code) => {
            let wait = retry_ms.max(backoff(row.tries));
            later(work, row, wait)
        }
        code => for_good(work, row, code),
    }
}

/// A message behind a refused one waits at least this long.
const CONFLICT_MS: u64 = 200;

fn backoff(tries: u64) -> u64 {
    (limits::SECOND_MS << tries.min(6)).min(limits::MINUTE_MS)
}

/// The same content, encrypted for whoever is a member now; so is everything behind it.
fn again_encrypted(work: &mut Work<'_>, lowest: &OutRow) -> Result<(), Fault> {
    megolm::refused(&mut work.crypto, &lowest.conv, &numbered(lowest))?;
    for mut row in outbox::of_conversation(work.db, &lowest.conv, limits::OUTBOX)? {
        if row.dev_seq >= lowest.dev_seq && row.envelope.take().is_some() {
            row.state = OutState::Ready;
            outbox::update(work.db, &row)?;
        }
    }
    Ok(())
}

fn later(work: &mut Work<'_>, mut row: OutRow, wait_ms: u64) -> Result<(), Fault> {
    row.tries += 1;
    row.next_try_ms = work.now_ms().saturating_add(as_asked(wait_ms));
    Ok(outbox::update(work.db, &row)?)
}

/// Nobody will take it: it is shown as failed, and what follows closes the gap.
fn for_good(work: &mut Work<'_>, row: OutRow, code: ErrorCode) -> Result<(), Fault> {
    if code == ErrorCode::DeviceCloned {
        work.tell(Event::Alarm {
            kind: AlarmKind::Clone,
            chat: Some(row.conv),
            user: None,
        });
    }
    withdraw(work, &row)?;
    if let Some(shown) = message::find(work.db, &row.conv, &row.msg)? {
        write::set_state(
            work.db,
            shown.row,
            MessageState::Failed,
            Some(code.as_str()),
        )?;
        work.message_changed(shown.row);
    }
    Ok(())
}

/// Takes a message out of the outbox and gives those behind it their new numbers.
pub fn withdraw(work: &mut Work<'_>, row: &OutRow) -> Result<(), Fault> {
    let behind: Vec<OutRow> = outbox::of_conversation(work.db, &row.conv, limits::OUTBOX)?
        .into_iter()
        .filter(|other| other.dev_seq > row.dev_seq)
        .collect();
    let queued: Vec<_> = behind.iter().map(numbered).collect();
    if row.envelope.is_some() {
        megolm::refused(&mut work.crypto, &row.conv, &numbered(row))?;
    }
    // Its row gives the number free before the next one takes it.
    if let Some(shown) = message::find(work.db, &row.conv, &row.msg)? {
        write::release_number(work.db, shown.row)?;
    }
    let after = megolm::cancel(&mut work.crypto, &row.conv, &numbered(row), &queued)?;
    outbox::remove(work.db, row.id)?;
    for (mut old, new) in behind.into_iter().zip(after) {
        old.dev_seq = new.dev_seq;
        old.prev = new.prev.0;
        old.content = new.content;
        old.envelope = None;
        old.state = OutState::Ready;
        outbox::renumber(work.db, &old)?;
        write::renumber_own(work.db, &old.conv, &old.msg, old.dev_seq)?;
    }
    Ok(())
}
