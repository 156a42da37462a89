//! One row of a stream: a membership entry, a message, or what is left of a purged one.

use chatty_crypto::conversation::LogRow;
use chatty_crypto::megolm::{self, Incoming};
use chatty_protocol::codec::encode;
use chatty_protocol::frame::RowFrame;
use chatty_protocol::{ConvId, DeviceId, UserId};

use super::mark;
use crate::api::state::MessageState;
use crate::engine::{Fault, Work};
use crate::message::receive;
use crate::store::message::{self, Body, Kind, MessageRow, sealed, write};
use crate::store::{account, conversation, range};
use crate::{conversation as conversations, outbox};

/// Takes a row in. A row that is here already changes nothing.
pub fn take(work: &mut Work<'_>, frame: &RowFrame) -> Result<(), Fault> {
    let (conv, seq) = frame.position();
    if let RowFrame::Message { send, .. } = frame
        && send.conv != conv
    {
        return Err(Fault::BadRelay("a row of another conversation"));
    }
    if range::contains(work.db, &conv, seq)? && is_here(work, frame)? {
        return Ok(());
    }
    match frame {
        RowFrame::Entry { entry, .. } => {
            let row = LogRow {
                bytes: entry.to_bytes(),
                stream_seq: Some(seq),
            };
            // An entry that does not hold is kept by the log itself, or fetched again with it. Its
            // number stays open: the relay may have put it before what really stands there.
            if conversations::log::take(work, &conv, &[row])?.is_some() {
                work.behind(&conv);
                return Ok(());
            }
        }
        RowFrame::Message {
            user,
            device,
            time,
            send,
            ..
        } => {
            let incoming = Incoming {
                user,
                device,
                seq: Some(seq),
                time: *time,
                send,
            };
            message(work, frame, &incoming)?;
        }
        RowFrame::Void {
            user,
            device,
            n,
            time,
            ..
        } => void(work, &conv, seq, (user, device, *n), *time)?,
    }
    if stands_elsewhere(work, frame)? {
        // The number belongs to a row that was not shown yet.
        return Ok(());
    }
    range::add(work.db, &conv, seq, seq)?;
    conversation::update(work.db, &conv, |row| {
        row.stream_head = row.stream_head.max(seq)
    })?;
    Ok(())
}

/// Whether a message has another stream number here than the one under which it just came.
fn stands_elsewhere(work: &Work<'_>, frame: &RowFrame) -> Result<bool, Fault> {
    let RowFrame::Message {
        device, seq, send, ..
    } = frame
    else {
        return Ok(false);
    };
    let row = message::by_dev_seq(work.db, &send.conv, device, send.n)?;
    Ok(row.is_some_and(|row| row.seq.is_some_and(|at| at != *seq)))
}

/// Whether this very row was taken in before. The number alone does not say so: the relay may have
/// shown another row under it, or none.
fn is_here(work: &Work<'_>, frame: &RowFrame) -> Result<bool, Fault> {
    let RowFrame::Message { device, send, .. } = frame else {
        return Ok(true);
    };
    if account::get(work.db)?.is_some_and(|own| own.device == *device) {
        return Ok(true);
    }
    let Some(row) = message::by_dev_seq(work.db, &send.conv, device, send.n)? else {
        return Ok(false);
    };
    Ok(match row.kind {
        Kind::Sealed => {
            sealed::get(work.db, row.row)?.is_some_and(|kept| kept.frame == encode(frame))
        }
        Kind::Void => false,
        _ => row.msg == Some(send.msg),
    })
}

/// The relay says now that the stream is shorter than it said before: what was numbered above was
/// never there. Rows that are authentic get their numbers when they come again.
pub fn shrink(work: &mut Work<'_>, conv: &ConvId, head: u64) -> Result<(), Fault> {
    tracing::warn!(%conv, head, "the relay takes back stream numbers");
    // What was marked as asked for on that word is asked for again.
    let sure = message::newest_seq(work.db, conv, head)?;
    range::forget_above(work.db, conv, sure)?;
    write::forget_others_numbers_above(work.db, conv, head)?;
    work.behind(conv);
    conversation::update(work.db, conv, |row| {
        row.stream_head = head;
        row.read_seq = row.read_seq.min(head);
    })?;
    mark::shrink(work, conv, head)
}

fn message(work: &mut Work<'_>, frame: &RowFrame, incoming: &Incoming<'_>) -> Result<(), Fault> {
    let own = account::get(work.db)?.map(|account| account.device);
    if own.as_ref() == Some(incoming.device) {
        return outbox::answer::own_row(work, incoming);
    }
    receive::message(work, frame, incoming, None)?;
    mark::owe(work, &incoming.send.conv)
}

/// The content is purged: its number is no gap. A message that is here stays until its own timer
/// ends it.
fn void(
    work: &mut Work<'_>,
    conv: &ConvId,
    seq: u64,
    (user, device, n): (&UserId, &DeviceId, u64),
    time: u64,
) -> Result<(), Fault> {
    megolm::void(&mut work.crypto, conv, device, n)?;
    if message::by_dev_seq(work.db, conv, device, n)?.is_some() {
        return Ok(());
    }
    write::insert(
        work.db,
        &MessageRow {
            row: 0,
            conv: *conv,
            author: *user,
            device: *device,
            msg: None,
            dev_seq: n,
            seq: Some(seq),
            kind: Kind::Void,
            shown: false,
            mine: false,
            unread: false,
            at_ms: time,
            sent_at_ms: time,
            state: MessageState::KeyLost,
            reason: None,
            body: Body::default(),
            edited: false,
            deleted: false,
            expires_at_ms: None,
            older_membership: None,
        },
    )?;
    Ok(())
}
