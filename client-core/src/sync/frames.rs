//! Reading the socket: a burst of frames becomes one transaction, then its acknowledgement.

use std::rc::Rc;

use chatty_protocol::ErrorCode;
use chatty_protocol::frame::{Ack, ClientFrame, Doorbell, MarkRow, ServerFrame, TdItem};

use super::socket::{Frames, Received};
use super::to_device::{self, Taken};
use super::{connection, mark, people, presence, row, typing};
use crate::engine::{Batch, Context, Fault};
use crate::outbox::answer;
use crate::store::{conversation, range};

/// Frames of one transaction.
const BURST: usize = 64;

/// Reads until the socket ends.
pub async fn read(context: &Rc<Context>, frames: &Frames) -> Fault {
    loop {
        if let Err(fault) = burst(context, frames).await {
            return fault;
        }
    }
}

async fn burst(context: &Rc<Context>, frames: &Frames) -> Result<(), Fault> {
    let mut burst = vec![frames.next().await?];
    while burst.len() < BURST
        && let Some(next) = frames.try_next()
    {
        burst.push(next);
    }
    context.link.borrow_mut().heard_ms = context.platform.monotonic_ms();
    let (mut end, mut again) = (None, Vec::new());
    context.batch(|batch| {
        for received in &burst {
            match received {
                Received::Unreadable => tracing::debug!("a frame that is none of this version"),
                Received::Frame(frame) => {
                    if let Some(fault) = take(context, batch, frame, &mut again)? {
                        end = Some(fault);
                        break;
                    }
                }
            }
        }
        Ok(())
    })?;
    for item in again {
        with_log(context, &item).await?;
    }
    acknowledge(context, frames).await?;
    match end {
        Some(fault) => Err(fault),
        None => Ok(()),
    }
}

/// One frame. A frame that fails by itself is dropped and the rest goes on (A29); a failing
/// store ends the connection.
fn take(
    context: &Context,
    batch: &mut Batch<'_>,
    frame: &ServerFrame,
    again: &mut Vec<TdItem>,
) -> Result<Option<Fault>, Fault> {
    let result = match frame {
        ServerFrame::Row(frame) => {
            let (conv, seq) = frame.position();
            context.link.borrow_mut().row_acks.insert(conv, seq);
            batch.input(|work| {
                gap(work, &conv, seq)?;
                row::take(work, frame)
            })
        }
        ServerFrame::TdItem(frame) => item(context, batch, frame, again),
        ServerFrame::Mark(frame) => batch.input(|work| mark::take(work, frame)),
        ServerFrame::Flash(frame) => flash(context, batch, frame),
        ServerFrame::Accepted {
            msg,
            conv,
            seq,
            time,
            ct_hash,
        } => batch.input(|work| answer::accepted(context, work, conv, msg, *seq, *time, ct_hash)),
        ServerFrame::Refused {
            what,
            code,
            retry_ms,
            heads,
        } => batch.input(|work| answer::refused(context, work, what, *code, *retry_ms, *heads)),
        ServerFrame::TdAccepted { n0, refused } => {
            batch.input(|work| answer::items(context, work, *n0, refused))
        }
        ServerFrame::Drain { .. } => return Ok(Some(Fault::refused(ErrorCode::Draining))),
        ServerFrame::Bye { code } => return Ok(Some(Fault::refused(*code))),
        ServerFrame::Doorbell(Doorbell::User(user, head)) => {
            context.waits.ring();
            batch.input(|work| people::rung(work, user, head))
        }
        other => notice(context, other),
    };
    match result {
        Err(fault) if fault.is_local() => Err(fault),
        Err(fault) => {
            tracing::warn!(%fault, "a frame was dropped");
            Ok(None)
        }
        Ok(()) => Ok(None),
    }
}

fn flash(context: &Context, batch: &mut Batch<'_>, frame: &MarkRow) -> Result<(), Fault> {
    if let Some((user, on)) = batch.input(|work| typing::take(work, frame))? {
        typing::note(context, frame.send.conv, user, on);
    }
    Ok(())
}

/// Rows between what is here and this one were missed.
fn gap(
    work: &mut crate::engine::Work<'_>,
    conv: &chatty_protocol::ConvId,
    seq: u64,
) -> Result<(), Fault> {
    match conversation::get(work.db, conv)? {
        None => work.behind(conv),
        Some(row) if seq > row.stream_head + 1 => {
            conversation::update(work.db, conv, |row| row.stream_head = seq)?;
            work.behind(conv);
        }
        // The one before may be our own, whose answer is on its way.
        Some(row) if seq > row.floor.max(1) && !range::contains(work.db, conv, seq - 1)? => {
            work.behind(conv);
        }
        Some(_) => {}
    }
    Ok(())
}

fn item(
    context: &Context,
    batch: &mut Batch<'_>,
    frame: &TdItem,
    again: &mut Vec<TdItem>,
) -> Result<(), Fault> {
    // Items of one sender stay in order: behind one that waits for a log, all wait.
    if again.iter().any(|waiting| waiting.device == frame.device) {
        again.push(frame.clone());
        return Ok(());
    }
    // A device that is not known yet may have joined after the log was compared, and its doorbell
    // may come later than its item: the log is read once more before an item is dropped.
    match batch.input(|work| to_device::take(work, frame, false)) {
        Ok(Taken::NeedLog(_)) => again.push(frame.clone()),
        Ok(Taken::Done) => came(context, frame),
        Err(fault) => {
            came(context, frame);
            return Err(fault);
        }
    }
    Ok(())
}

/// Notes that an item came and must be acknowledged.
fn came(context: &Context, frame: &TdItem) {
    let mut link = context.link.borrow_mut();
    let seen = link.items_seen.entry(frame.device).or_insert(0);
    let new = frame.n > *seen;
    *seen = frame.n.max(*seen);
    if new {
        link.items_left = link.items_left.saturating_sub(1);
    }
    link.drain_due |= link.items_left == 0 && !link.drain_done;
    let newest = link.acks.entry(frame.device).or_insert(0);
    *newest = (*newest).max(frame.n);
}

/// An item of a device that was unknown: its log is read, then it is judged again.
async fn with_log(context: &Rc<Context>, frame: &TdItem) -> Result<(), Fault> {
    match people::fetch(context, &frame.user).await {
        Ok(()) => {}
        Err(fault) if fault.is_passing() || fault.is_local() => return Err(fault),
        Err(fault) => tracing::debug!(%fault, "the log of a sender cannot be read"),
    }
    match context.input(|work| to_device::take(work, frame, true)) {
        Err(fault) if fault.is_local() => return Err(fault),
        Err(fault) => tracing::warn!(%fault, "an item was dropped"),
        Ok(_) => {}
    }
    came(context, frame);
    Ok(())
}

/// Tells the relay what is committed here and what it may forget.
async fn acknowledge(context: &Context, frames: &Frames) -> Result<(), Fault> {
    let (ack, drained) = {
        let mut link = context.link.borrow_mut();
        let ack = Ack {
            items: std::mem::take(&mut link.acks).into_iter().collect(),
            rows: std::mem::take(&mut link.row_acks).into_iter().collect(),
        };
        let drained = std::mem::take(&mut link.drain_due);
        link.drain_done |= drained;
        (ack, drained)
    };
    if drained {
        connection::drained(context)?;
    }
    if !ack.items.is_empty() || !ack.rows.is_empty() {
        crate::kill_point!("sync.before-ack");
        frames.sender().send(&ClientFrame::Ack(ack)).await?;
    }
    Ok(())
}

/// Frames that only say where to look.
fn notice(context: &Context, frame: &ServerFrame) -> Result<(), Fault> {
    match frame {
        ServerFrame::Doorbell(Doorbell::Conversation(conv, _)) => {
            context.link.borrow_mut().behind.insert(*conv);
        }
        ServerFrame::Keys {
            one_time_left,
            fallback_used,
        } => context.link.borrow_mut().keys = Some((*one_time_left, *fallback_used)),
        ServerFrame::Resync(convs) if convs.is_empty() => {
            context.link.borrow_mut().more_by_rest = true;
        }
        ServerFrame::Resync(convs) => {
            context
                .link
                .borrow_mut()
                .behind
                .extend(convs.iter().copied());
        }
        ServerFrame::Link { .. } => context.mailbox.ring(),
        ServerFrame::Presence(words) => presence::take(context, words)?,
        // A pong only shows that the other side lives.
        _ => {}
    }
    Ok(())
}
