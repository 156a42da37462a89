//! The relay's store was put back from a copy: what it has lost is given to it again (protocol.md §20).

use std::collections::BTreeMap;

use chatty_crypto::conversation as logs;
use chatty_crypto::{device_log, keys};
use chatty_protocol::codec::decode_exact;
use chatty_protocol::envelope::Send;
use chatty_protocol::frame::{ClientFrame, Ready, RowFrame};
use chatty_protocol::{ConvId, ErrorCode};

use super::link::Flight;
use super::session;
use crate::engine::{Context, Fault};
use crate::store::message::{self, MessageRow, write};
use crate::store::{conversation, meta, outbox, range};

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
            // The keys that it gives out now may have been given out before.
            keys::invalidate(&mut work.crypto)?;
        }
        Ok(meta::set_blob(work.db, INCARNATION, Some(&now))?)
    })?;
    if known.is_some() {
        context.link.borrow_mut().restored = true;
    }
    Ok(())
}

/// What the relay has of a conversation.
#[derive(Debug, Clone, Copy, Default)]
struct Heads {
    stream: u64,
    /// None = the conversation itself is lost.
    log: Option<u64>,
    own_n: u64,
}

/// Stream numbers behind the newest row that is the same here and there are given out anew; those
/// rows come again under others.
async fn renumber(context: &Context, conv: &ConvId, heads: &Heads) -> Result<(), Fault> {
    let Some(row) = context.read(|db| conversation::get(db, conv))? else {
        return Ok(());
    };
    let same = common(context, conv, heads.stream.min(row.stream_head), row.floor).await?;
    if same >= row.stream_head {
        return Ok(());
    }
    context.input(|work| {
        range::forget_above(work.db, conv, same)?;
        write::forget_numbers_above(work.db, conv, same)?;
        conversation::update(work.db, conv, |row| row.stream_head = heads.stream)?;
        work.behind(conv);
        Ok(())
    })
}

/// Rows that are compared in one request.
const COMPARED: usize = 100;

/// The newest stream number at which relay and store have the same row. A stream only grows, so
/// everything below is the same as well. Others may have written since the restore: the head
/// alone says nothing.
async fn common(context: &Context, conv: &ConvId, from: u64, floor: u64) -> Result<u64, Fault> {
    let mut before = from.saturating_add(1);
    while before > floor.max(1) {
        let page = session::with(context, async |rest| {
            rest.rows_before(conv, before, COMPARED).await
        })
        .await;
        let page = match page {
            Ok(page) => page,
            // The conversation itself is lost.
            Err(fault) if !fault.is_passing() => return Ok(0),
            Err(fault) => return Err(fault),
        };
        let frames: Vec<RowFrame> = page
            .rows
            .iter()
            .filter_map(|bytes| decode_exact(&bytes.0).ok())
            .collect();
        let Some(first) = frames.iter().map(|row| row.position().1).min() else {
            return Ok(before.saturating_sub(1).min(floor));
        };
        for frame in frames.iter().rev() {
            let seq = frame.position().1;
            let known = context.read(|db| message::by_seq(db, conv, seq))?;
            if known.is_some_and(|row| is_same(&row, frame)) {
                return Ok(seq);
            }
        }
        before = first;
    }
    Ok(0)
}

fn is_same(row: &MessageRow, frame: &RowFrame) -> bool {
    match frame {
        RowFrame::Message { device, send, .. } => {
            row.device == *device && row.msg == Some(send.msg)
        }
        RowFrame::Void { device, n, .. } => row.device == *device && row.dev_seq == *n,
        // Entries have no row of their own here; the messages around them tell.
        RowFrame::Entry { .. } => false,
    }
}

/// Gives the relay what it lost and this device still holds: log entries first, so that nobody
/// signs rivals, then the messages of the last days. Nothing else is sent before.
pub async fn repair(context: &Context) -> Result<(), Fault> {
    own_log(context).await?;
    let known = listed(context).await?;
    for (conv, _) in context.look(|work| Ok(logs::heads(&work.crypto)?))? {
        let heads = known.get(&conv).copied().unwrap_or_default();
        renumber(context, &conv, &heads).await?;
        match entries(context, &conv, heads.log).await {
            Ok(()) => {}
            Err(fault) if fault.is_passing() || fault.is_local() => return Err(fault),
            Err(fault) => tracing::info!(%conv, %fault, "entries were not taken again"),
        }
        messages(context, &conv, heads.own_n).await?;
    }
    context.link.borrow_mut().restored = false;
    context.outbox.ring();
    Ok(())
}

/// Entries of the own device log above the relay's head.
async fn own_log(context: &Context) -> Result<(), Fault> {
    let own = crate::account::current(context)?.user;
    let told = session::with(context, async |rest| rest.heads(vec![own]).await).await?;
    let head = told.heads.iter().find(|head| head.user == own);
    let above = head.map(|head| head.seq);
    let lost = context.look(|work| Ok(device_log::entries_above(&work.crypto, &own, above)?))?;
    let first = above.map_or(0, |seq| seq + 1);
    for (seq, entry) in (first..).zip(lost) {
        let posted = session::with(context, async |rest| {
            rest.append_device_entry(entry.clone(), seq).await
        })
        .await;
        tolerate(posted.map(|_| ()))?;
    }
    Ok(())
}

/// Somebody else may have been faster with the same entry.
fn tolerate(done: Result<(), Fault>) -> Result<(), Fault> {
    match done {
        Err(fault) if fault.is(ErrorCode::StaleSeq) || fault.is(ErrorCode::Conflict) => Ok(()),
        done => done,
    }
}

async fn listed(context: &Context) -> Result<BTreeMap<ConvId, Heads>, Fault> {
    let mut known = BTreeMap::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = session::with(context, async |rest| {
            rest.conversations(cursor.as_deref()).await
        })
        .await?;
        for row in &page.conversations {
            let heads = Heads {
                stream: row.stream_head,
                log: Some(row.log_seq),
                own_n: row.own_n,
            };
            known.insert(row.conv, heads);
        }
        cursor = page.cursor;
        if cursor.is_none() {
            return Ok(known);
        }
    }
}

/// Entries above the relay's log head; any member may post another's signed entry.
async fn entries(context: &Context, conv: &ConvId, above: Option<u64>) -> Result<(), Fault> {
    let lost = context.look(|work| Ok(logs::entries_above(&work.crypto, conv, above)?))?;
    let first = above.map_or(0, |seq| seq + 1);
    for (seq, entry) in (first..).zip(lost) {
        let posted = session::with(context, async |rest| match seq {
            0 => rest.create_conversation(entry.clone()).await.map(|_| ()),
            seq => rest
                .append_conversation_entry(conv, entry.clone(), seq)
                .await
                .map(|_| ()),
        })
        .await;
        tolerate(posted)?;
    }
    Ok(())
}

/// Accepted messages above the last one that the relay has of this device, byte for byte.
async fn messages(context: &Context, conv: &ConvId, own_n: u64) -> Result<(), Fault> {
    let lost = context.read(|db| outbox::sent_above(db, conv, own_n))?;
    for (_, bytes) in lost {
        let Ok(send) = decode_exact::<Send>(&bytes) else {
            continue;
        };
        let out = {
            let mut link = context.link.borrow_mut();
            let flight = Flight {
                conv: *conv,
                mark: false,
            };
            link.in_flight.insert(send.msg, flight);
            link.out.clone()
        };
        if let Some(out) = out {
            out.send(&ClientFrame::Send(send)).await?;
        }
    }
    Ok(())
}
