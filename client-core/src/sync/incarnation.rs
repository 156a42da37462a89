//! The relay's store was put back from a copy: what it has lost is given to it again (wire.md §9).

use chatty_crypto::keys;
use chatty_protocol::frame::Ready;

use crate::engine::{Context, Fault, Work};
use crate::store::message::write;
use crate::store::{conversation, meta, range};

/// Name of the blob with the relay's incarnation as last seen.
const INCARNATION: &str = "incarnation";

/// Notices a new incarnation; durable before anything of this connection is used.
pub fn compare(context: &Context, ready: &Ready) -> Result<(), Fault> {
    let known = context.read(|db| meta::blob(db, INCARNATION))?;
    let now = ready.incarnation.0;
    if known.as_deref() == Some(&now[..]) {
        return Ok(());
    }
    context.input(|work| {
        if known.is_some() {
            restored(work, ready)?;
        }
        Ok(meta::set_blob(work.db, INCARNATION, Some(&now))?)
    })?;
    if known.is_some() {
        let mut link = context.link.borrow_mut();
        link.restored = true;
        link.more_by_rest = true;
    }
    Ok(())
}

/// One-time keys are void; stream numbers above the relay's heads are given out anew, and the rows
/// come again under others.
fn restored(work: &mut Work<'_>, ready: &Ready) -> Result<(), Fault> {
    keys::invalidate(&mut work.crypto)?;
    for row in conversation::all_newest_first(work.db)? {
        let said = ready.changed.iter().find(|said| said.conv == row.conv);
        // A conversation that `ready` leaves out stands as we know it.
        let Some(said) = said.filter(|said| said.stream_head < row.stream_head) else {
            continue;
        };
        range::forget_above(work.db, &row.conv, said.stream_head)?;
        write::forget_numbers_above(work.db, &row.conv, said.stream_head)?;
        conversation::update(work.db, &row.conv, |row| {
            row.stream_head = said.stream_head;
            row.log_seq = said.log_seq;
        })?;
    }
    Ok(())
}
