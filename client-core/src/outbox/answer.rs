//! What the relay answered to a send or a batch.

use chatty_crypto::megolm::{self, Incoming};
use chatty_crypto::olm::{self, Peer};
use chatty_protocol::codec::{Any, decode_exact};
use chatty_protocol::envelope::Send;
use chatty_protocol::frame::StaleHeads;
use chatty_protocol::sign::{Hash32, sha256};
use chatty_protocol::{ConvId, ErrorCode, MsgId};

use super::refusal;
use crate::engine::{Context, Fault, Work, is_passing};
use crate::store::message::{self, write};
use crate::store::{account, conversation, item, outbox, range};
use crate::sync::backoff::as_asked;
use crate::sync::{guard, mark};

/// Frame 34: durable at the relay.
pub fn accepted(
    context: &Context,
    work: &mut Work<'_>,
    conv: &ConvId,
    msg: &MsgId,
    seq: u64,
    time: u64,
    ct_hash: &Hash32,
) -> Result<(), Fault> {
    let flight = context.link.borrow_mut().in_flight.remove(msg);
    if flight.is_some_and(|flight| flight.mark) {
        let sent = context.link.borrow_mut().marks.remove(conv);
        return match sent {
            Some(sent) => mark::settle(work, &sent),
            None => Ok(()),
        };
    }
    // The relay has it, and this store does not know yet.
    crate::kill_point!("outbox.accepted");
    settle(work, conv, msg, seq, time, Some(ct_hash))
}

/// An own message stands at its place: out of the outbox, into the stream.
fn settle(
    work: &mut Work<'_>,
    conv: &ConvId,
    msg: &MsgId,
    seq: u64,
    time: u64,
    ct_hash: Option<&Hash32>,
) -> Result<(), Fault> {
    let Some(own) = account::get(work.db)? else {
        return Ok(());
    };
    if let Some(out) = outbox::get(work.db, conv, msg)? {
        let same = ct_hash.is_none_or(|hash| holds(out.envelope.as_deref(), hash));
        match same {
            true => outbox::accepted(work.db, conv, msg, work.now_ms()).map(|_| ())?,
            // An earlier encryption of the same content was stored; that one stands.
            false => outbox::remove(work.db, out.id)?,
        }
    }
    work.outbox_changed();
    let Some(row) = write::accepted(work.db, conv, &own.device, msg, seq, time)? else {
        // Not ours, or it stands elsewhere: the number is not taken on that word.
        return Ok(());
    };
    work.message_changed(row);
    range::add(work.db, conv, seq, seq)?;
    conversation::update(work.db, conv, |row| {
        row.stream_head = row.stream_head.max(seq);
        row.own_seq = row.own_seq.max(seq);
    })?;
    conversation::refresh(work.db, conv)?;
    work.chat_changed(conv);
    Ok(())
}

fn holds(envelope: Option<&[u8]>, hash: &Hash32) -> bool {
    let send: Option<Send> = envelope.and_then(|bytes| decode_exact(bytes).ok());
    send.is_some_and(|send| sha256(&send.ct.0) == *hash)
}

/// A row of this very device came by REST: the answer to it was lost, or this store is older than
/// the relay's.
pub fn own_row(work: &mut Work<'_>, incoming: &Incoming<'_>) -> Result<(), Fault> {
    let conv = &incoming.send.conv;
    let seq = incoming.seq.unwrap_or(0);
    let known = message::by_dev_seq(work.db, conv, incoming.device, incoming.send.n)?;
    if known.is_some_and(|row| row.msg == Some(incoming.send.msg)) {
        return settle(work, conv, &incoming.send.msg, seq, incoming.time, None);
    }
    guard::foreign_row(work, incoming)
}

/// Frame 35: a send or a whole batch was refused.
pub fn refused(
    context: &Context,
    work: &mut Work<'_>,
    what: &Any,
    code: ErrorCode,
    retry_ms: u64,
    heads: Option<StaleHeads>,
) -> Result<(), Fault> {
    if let Ok(n0) = decode_exact::<u64>(&what.0) {
        return batch_refused(context, work, n0, code, retry_ms);
    }
    let Ok(msg) = decode_exact::<MsgId>(&what.0) else {
        return Ok(());
    };
    let Some(flight) = context.link.borrow_mut().in_flight.remove(&msg) else {
        return Ok(());
    };
    let conv = flight.conv;
    if let Some((log_seq, _)) = heads {
        let mut link = context.link.borrow_mut();
        link.log_heads.insert(conv, log_seq);
        link.behind.insert(conv);
    }
    if flight.mark {
        // It stays owed and is made anew; a refusal for good ends it.
        let sent = context.link.borrow_mut().marks.remove(&conv);
        work.outbox_changed();
        return match sent.filter(|_| code != ErrorCode::StaleLog && !is_passing(code)) {
            Some(sent) => mark::settle(work, &sent),
            None => Ok(()),
        };
    }
    // What is in flight above it is refused as well, whether its answer came already or not.
    context
        .link
        .borrow_mut()
        .in_flight
        .retain(|_, other| other.mark || other.conv != conv);
    refusal::message(work, &conv, &msg, code, retry_ms)
}

fn batch_refused(
    context: &Context,
    work: &mut Work<'_>,
    n0: u64,
    code: ErrorCode,
    retry_ms: u64,
) -> Result<(), Fault> {
    {
        let mut link = context.link.borrow_mut();
        if link.batch != Some(n0) {
            return Ok(());
        }
        link.batch = None;
        let wait = as_asked(retry_ms).max(BATCH_RETRY_MS);
        link.items_not_before_ms = work.now_ms().saturating_add(wait);
    }
    match code {
        // The numbers were used by a batch whose answer was lost in an older life of this store.
        ErrorCode::StaleCounter | ErrorCode::Conflict => {
            let items = item::answered(work.db)?;
            let next = n0.saturating_add(items.len() as u64);
            item::skip_to(work.db, next)?;
            for row in items {
                item::push(work.db, &row.to, &row.item, row.expires_ms)?;
            }
        }
        _ => item::unformed(work.db)?,
    }
    work.outbox_changed();
    Ok(())
}

/// A batch that was refused whole waits at least this long.
const BATCH_RETRY_MS: u64 = 250;

/// Frame 38: the batch is taken, except what is named.
pub fn items(
    context: &Context,
    work: &mut Work<'_>,
    n0: u64,
    refused: &[(u64, ErrorCode)],
) -> Result<(), Fault> {
    if context.link.borrow().batch != Some(n0) {
        return Ok(());
    }
    crate::kill_point!("items.accepted");
    let items = item::answered(work.db)?;
    let own = account::get(work.db)?.ok_or(Fault::Bug("items without an account"))?;
    for (index, row) in items.iter().enumerate() {
        let refusal = refused.iter().find(|(at, _)| *at == index as u64);
        let key = context.link.borrow_mut().key_items.remove(&row.id);
        match refusal.map(|(_, code)| *code) {
            // Only the device counts here.
            None => olm::accepted(
                &mut work.crypto,
                &Peer {
                    user: own.user,
                    device: row.to,
                },
            ),
            Some(code) if is_passing(code) => {
                let id = item::push(work.db, &row.to, &row.item, row.expires_ms)?;
                if let Some(key) = key {
                    context.link.borrow_mut().key_items.insert(id, key);
                }
            }
            Some(_) => {
                if let Some((conv, peer)) = key {
                    megolm::mark_dormant(&mut work.crypto, &conv, &peer)?;
                }
            }
        }
    }
    context.link.borrow_mut().batch = None;
    work.outbox_changed();
    Ok(())
}
