//! Receipts: the lane that is replaced.

use std::rc::Rc;

use super::link::Flight;
use crate::api::state::{MessageState, ReceiptLevel};
use crate::conversation::receipts;
use crate::engine::{Context, Fault, Work};
use crate::outbox::earlier;
use crate::outbox::prepare::{self, Step};
use crate::store::mark::{self, MarkRow, OwnMark, Place};
use crate::store::message::{self, Kind, write};
use crate::store::{account, conversation};
use chatty_crypto::content::mark::{Receipt, Row as ReceiptRow};
use chatty_crypto::content::{Body as Said, Content};
use chatty_crypto::megolm::{self, Incoming, Lane, Verdict};
use chatty_protocol::codec::{Ext, decode_exact, encode};
use chatty_protocol::frame::{ClientFrame, MarkRow as MarkFrame, ServerFrame};
use chatty_protocol::{ConvId, MsgId, limits};

/// A mark of another device.
pub fn take(work: &mut Work<'_>, frame: &MarkFrame) -> Result<(), Fault> {
    let conv = frame.send.conv;
    // Marks from there on come again with each connect: a time in the future would hide them.
    let time = frame.time.min(work.now_ms());
    conversation::update(work.db, &conv, |row| {
        row.mark_time = row.mark_time.max(time)
    })?;
    if account::get(work.db)?.is_some_and(|own| own.device == frame.device) {
        return Ok(());
    }
    match judge(work, frame)? {
        Verdict::Show(shown) => match &shown.content.body {
            Said::Receipt(receipt) => merge(work, frame, receipt),
            _ => Ok(()),
        },
        // Kept for the moment when the key comes; a newer mark replaces it.
        Verdict::Unreadable(_) | Verdict::Hold(_) => {
            let mut row = stored(work, frame)?;
            row.frame = Some(encode(&ServerFrame::Mark(frame.clone())));
            Ok(mark::put(work.db, &row)?)
        }
        _ => Ok(()),
    }
}

/// The verdict of a mark or flash.
pub(super) fn judge(work: &mut Work<'_>, frame: &MarkFrame) -> Result<Verdict, Fault> {
    let incoming = Incoming {
        user: &frame.user,
        device: &frame.device,
        seq: None,
        time: frame.time,
        send: &frame.send,
    };
    let drained = work.drained;
    Ok(megolm::receive(&mut work.crypto, &incoming, drained)?)
}

fn stored(work: &Work<'_>, frame: &MarkFrame) -> Result<MarkRow, Fault> {
    let rows = mark::of_conversation(work.db, &frame.send.conv)?;
    let known = rows.into_iter().find(|row| row.device == frame.device);
    Ok(known.unwrap_or(MarkRow {
        conv: frame.send.conv,
        device: frame.device,
        user: frame.user,
        time_ms: frame.time,
        delivered: None,
        read: None,
        missing: Vec::new(),
        frame: None,
    }))
}

/// Takes a receipt over by maximum and raises own messages.
fn merge(work: &mut Work<'_>, frame: &MarkFrame, receipt: &Receipt) -> Result<(), Fault> {
    let conv = frame.send.conv;
    let mut row = stored(work, frame)?;
    row.frame = None;
    row.time_ms = row.time_ms.max(frame.time);
    row.missing = receipt.missing.clone();
    let own = account::get(work.db)?.is_some_and(|own| own.user == frame.user);
    let level = receipts::level(work.db, &conv)?;
    for (mine, theirs, state) in [
        (
            &mut row.delivered,
            &receipt.delivered,
            MessageState::Delivered,
        ),
        (&mut row.read, &receipt.read, MessageState::Read),
    ] {
        let Some(place) = theirs else { continue };
        if !fits(work, &conv, place)? {
            continue;
        }
        if mine.is_none_or(|(seq, ..)| seq < place.seq) {
            *mine = Some((place.seq, place.device, place.msg));
        }
        let told = match state {
            MessageState::Read => level == ReceiptLevel::Read,
            _ => level != ReceiptLevel::None,
        };
        // A receipt of another own device says nothing about the recipients.
        if !own && told {
            for changed in write::advance(work.db, &conv, place.seq, &receipt.missing, state)? {
                work.message_changed(changed);
            }
        }
    }
    Ok(mark::put(work.db, &row)?)
}

/// Whether a receipt names the row that stands at that number here. A row that is not here, or of
/// which only the place is left, counts.
fn fits(work: &Work<'_>, conv: &ConvId, place: &ReceiptRow) -> Result<bool, Fault> {
    let row = message::by_seq(work.db, conv, place.seq)?;
    Ok(row.is_none_or(|row| {
        row.kind == Kind::Void || (row.device == place.device && row.msg == Some(place.msg))
    }))
}

/// Marks that could not be read: a key came.
pub fn retry(work: &mut Work<'_>, conv: &ConvId) -> Result<(), Fault> {
    for row in mark::of_conversation(work.db, conv)? {
        let Some(bytes) = row.frame else { continue };
        if let Ok(ServerFrame::Mark(frame)) = decode_exact(&bytes) {
            take(work, &frame)?;
        }
    }
    Ok(())
}

/// A row of others came: this device owes a receipt for it.
pub fn owe(work: &mut Work<'_>, conv: &ConvId) -> Result<(), Fault> {
    // A stranger does not learn that a request came; who left gives no receipts.
    if !prepare::may_send(work, conv)? || receipts::level(work.db, conv)? == ReceiptLevel::None {
        return Ok(());
    }
    let delivered = message::newest(work.db, conv)?.and_then(place_of);
    change(work, conv, |mark| {
        mark.delivered = newer(mark.delivered, delivered)
    })
}

/// This user has read up to a row.
pub fn read(work: &mut Work<'_>, conv: &ConvId, place: Place) -> Result<(), Fault> {
    let level = receipts::level(work.db, conv)?;
    change(work, conv, |mark| {
        if level == ReceiptLevel::Read {
            mark.read = newer(mark.read, Some(place));
        }
        if level != ReceiptLevel::None {
            mark.delivered = newer(mark.delivered, Some(place));
        }
    })
}

/// Numbers above `head` were never given out: what comes is compared with lower ones again.
pub fn shrink(work: &mut Work<'_>, conv: &ConvId, head: u64) -> Result<(), Fault> {
    let below = |place: Option<Place>| place.filter(|(seq, ..)| *seq <= head);
    if let Some(mut own) = mark::own(work.db, conv)? {
        (own.delivered, own.read) = (below(own.delivered), below(own.read));
        mark::set_own(work.db, &own)?;
    }
    Ok(())
}

fn place_of(row: message::MessageRow) -> Option<Place> {
    Some((row.seq?, row.device, row.msg?))
}

fn newer(old: Option<Place>, new: Option<Place>) -> Option<Place> {
    match (old, new) {
        (Some(old), Some(new)) if old.0 >= new.0 => Some(old),
        (old, new) => new.or(old),
    }
}

fn change(
    work: &mut Work<'_>,
    conv: &ConvId,
    change: impl FnOnce(&mut OwnMark),
) -> Result<(), Fault> {
    let before = mark::own(work.db, conv)?.unwrap_or(OwnMark {
        conv: *conv,
        delivered: None,
        read: None,
        owed: false,
        last_sent_ms: 0,
    });
    let mut after = before.clone();
    change(&mut after);
    if after != before {
        after.owed = true;
        mark::set_own(work.db, &after)?;
        work.outbox_changed();
    }
    Ok(())
}

/// Sends owed receipts, at most one per second and conversation.
pub async fn run(context: &Rc<Context>) -> Fault {
    loop {
        let seen = context.outbox.seen();
        let wait = match all(context).await {
            Ok(wait) => wait,
            Err(fault) => return fault,
        };
        context.rung_or(&context.outbox, seen, wait).await;
    }
}

/// One round; the wait until the next receipt may go, if one is only waiting for time.
async fn all(context: &Rc<Context>) -> Result<Option<u64>, Fault> {
    let mut wait: Option<u64> = None;
    for owed in context.read(|db| mark::owed(db))? {
        let now = context.platform.now_ms();
        let free = owed.last_sent_ms.saturating_add(limits::RECEIPT_MS);
        // A clock that was set back must not silence receipts.
        if now < free && owed.last_sent_ms <= now {
            wait = earlier(wait, Some(free - now));
            continue;
        }
        match one(context, &owed).await {
            Ok(next) => wait = earlier(wait, next),
            Err(fault) if fault.is_network() || fault.is_local() => return Err(fault),
            Err(fault) if fault.is_passing() => {
                tracing::debug!(%fault, "a receipt waits");
                wait = Some(limits::MINUTE_MS);
            }
            // Nobody gets a receipt in a conversation that is left, held or frozen.
            Err(_) => context.input(|work| settle(work, &owed))?,
        }
    }
    Ok(wait)
}

/// Sends one receipt if it can be sent; the wait until it may be tried again.
async fn one(context: &Rc<Context>, owed: &OwnMark) -> Result<Option<u64>, Fault> {
    let conv = owed.conv;
    let busy = context.link.borrow().marks.contains_key(&conv);
    if busy {
        return Ok(None);
    }
    let wanted = context.look(|work| {
        let level = receipts::level(work.db, &conv)?;
        Ok(level != ReceiptLevel::None && prepare::may_send(work, &conv)?)
    })?;
    let step = match wanted {
        true => prepare::prepare(context, &conv, Lane::Mark).await?,
        false => Step::Skip,
    };
    match step {
        Step::Ready => {}
        Step::Wait => return Ok(None),
        Step::Later(wait) => return Ok(Some(wait)),
        Step::Skip => {
            context.input(|work| settle(work, owed))?;
            return Ok(None);
        }
    }
    let msg = MsgId::from_rest(context.random());
    let send = context.input(|work| {
        let content = Content {
            msg,
            sent_at: work.now_ms(),
            expires_s: 0,
            rel: None,
            body: Said::Receipt(receipt(work, owed)?),
            ext: Ext::default(),
        };
        let send = megolm::encrypt_mark(&mut work.crypto, &conv, &content)?;
        let sent = OwnMark {
            last_sent_ms: work.now_ms(),
            ..owed.clone()
        };
        mark::set_own(work.db, &sent)?;
        Ok(send)
    })?;
    let out = {
        let mut link = context.link.borrow_mut();
        link.in_flight.insert(msg, Flight { conv, mark: true });
        link.marks.insert(conv, owed.clone());
        link.out.clone()
    };
    if let Some(out) = out {
        out.send(&ClientFrame::Send(send)).await?;
    }
    Ok(None)
}

/// The receipt with the newest rows that this device could not read.
fn receipt(work: &Work<'_>, owed: &OwnMark) -> Result<Receipt, Fault> {
    let place = |place: &Place| ReceiptRow {
        seq: place.0,
        device: place.1,
        msg: place.2,
    };
    // What was read before the user said that it shall not be told.
    let reads = receipts::level(work.db, &owed.conv)? == ReceiptLevel::Read;
    let newest = owed.delivered.or(owed.read).map_or(0, |place| place.0);
    let from = newest.saturating_sub(limits::PAGE as u64);
    let mut missing: Vec<u64> = message::between(work.db, &owed.conv, from.max(1), newest)?
        .into_iter()
        .filter(|row| row.kind == Kind::Sealed)
        .filter_map(|row| row.seq)
        .rev()
        .take(limits::RECEIPT_MISSING)
        .collect();
    missing.reverse();
    Ok(Receipt {
        delivered: owed.delivered.as_ref().map(place),
        read: owed.read.as_ref().filter(|_| reads).map(place),
        missing,
    })
}

/// The relay has this receipt, or nobody wants it: nothing is owed unless it moved on since.
pub fn settle(work: &mut Work<'_>, sent: &OwnMark) -> Result<(), Fault> {
    let Some(mut now) = mark::own(work.db, &sent.conv)? else {
        return Ok(());
    };
    if (now.delivered, now.read) == (sent.delivered, sent.read) {
        now.owed = false;
        mark::set_own(work.db, &now)?;
    }
    Ok(())
}
