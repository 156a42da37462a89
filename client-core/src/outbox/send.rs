//! From content to accepted: encrypt once, store, send, repeat byte for byte.

use std::rc::Rc;

use chatty_crypto::megolm::{self, Lane, Numbered, Prepared};
use chatty_protocol::ConvId;
use chatty_protocol::codec::{Fixed, decode_exact, encode};
use chatty_protocol::envelope::Send;
use chatty_protocol::frame::ClientFrame;

use super::prepare::{self, Step};
use crate::conversation as conversations;
use crate::engine::{Context, Fault};
use crate::store::outbox::{self, OutRow, OutState};
use crate::sync::link::Flight;

/// Messages of one conversation that are on their way at the same time.
const WINDOW: usize = 32;

/// Sends what waits in a conversation, in order. The wait until something may be tried again.
pub async fn conversation(context: &Rc<Context>, conv: &ConvId) -> Result<Option<u64>, Fault> {
    let held = {
        let link = context.link.borrow();
        // What a restored relay has lost goes first, under its old numbers.
        !link.drained() || link.restored
    };
    if held {
        return Ok(None);
    }
    if !conversations::join::by_writing(context, conv).await? {
        return Ok(None);
    }
    let mut sent = 0;
    loop {
        let rows = context.read(|db| outbox::of_conversation(db, conv, WINDOW * 2))?;
        let now = context.platform.now_ms();
        let next = rows.into_iter().find(|row| {
            row.state != OutState::Refused
                && !context.link.borrow().in_flight.contains_key(&row.msg)
        });
        let Some(row) = next else { break };
        if row.next_try_ms > now {
            return Ok(Some(row.next_try_ms - now));
        }
        if sent == WINDOW || flying(context, conv) >= WINDOW {
            break;
        }
        if row.envelope.is_none() {
            match prepare::prepare(context, conv, Lane::Log).await? {
                Step::Wait | Step::Skip => return Ok(None),
                Step::Later(wait) => return Ok(Some(wait)),
                Step::Ready => {}
            }
            seal(context, conv, row)?;
            continue;
        }
        transmit(context, row).await?;
        sent += 1;
    }
    if sent > 0 {
        context.link.borrow_mut().sharing.insert(*conv);
    }
    Ok(None)
}

fn flying(context: &Context, conv: &ConvId) -> usize {
    let link = context.link.borrow();
    let here = link
        .in_flight
        .values()
        .filter(|flight| flight.conv == *conv && !flight.mark);
    here.count()
}

/// The number, predecessor and bytes that every encryption of this message repeats.
pub fn numbered(row: &OutRow) -> Numbered {
    Numbered {
        dev_seq: row.dev_seq,
        prev: Fixed(row.prev),
        content: row.content.clone(),
    }
}

/// Encrypts a message and stores its exact bytes; not when the generation is due to change just
/// now: then keys are given first.
fn seal(context: &Context, conv: &ConvId, mut row: OutRow) -> Result<(), Fault> {
    context.input(|work| {
        match megolm::prepare(&mut work.crypto, conv, Lane::Log)? {
            Prepared::Ready { first, .. } if first.is_empty() => {}
            _ => return Ok(()),
        }
        let send = megolm::encrypt(&mut work.crypto, conv, &numbered(&row))?;
        row.envelope = Some(encode(&send));
        row.state = OutState::Encrypted;
        Ok(outbox::update(work.db, &row)?)
    })?;
    crate::kill_point!("outbox.encrypted");
    Ok(())
}

async fn transmit(context: &Context, row: OutRow) -> Result<(), Fault> {
    let bytes = row.envelope.unwrap_or_default();
    let send: Send =
        decode_exact(&bytes).map_err(|_| Fault::Bug("an envelope of ours does not decode"))?;
    let out = {
        let mut link = context.link.borrow_mut();
        let flight = Flight {
            conv: row.conv,
            mark: false,
        };
        link.in_flight.insert(row.msg, flight);
        link.out.clone()
    };
    if let Some(out) = out {
        out.send(&ClientFrame::Send(send)).await?;
        crate::kill_point!("outbox.sent");
    }
    Ok(())
}
