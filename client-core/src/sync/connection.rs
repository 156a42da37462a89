//! One connection from ticket to end.

use std::rc::Rc;

use chatty_crypto::{keys, megolm};
use chatty_protocol::frame::{Changed, ClientFrame, Known, Ready};
use chatty_protocol::limits;
use futures::FutureExt;

use super::backoff::Backoff;
use super::socket::Frames;
use super::{
    catch_up, errands, frames, gate, guard, incarnation, mark, presence, row, session, status,
    tidy, typing,
};
use crate::api::Event;
use crate::api::events::AlarmKind;
use crate::api::state::LinkState;
use crate::engine::{Batch, Context, Fault};
use crate::outbox;
use crate::platform::NetError;
use crate::store::{self, conversation, range};

/// A sign of life is sent after this much silence of ours.
const PING_MS: u64 = 25_000;

/// Runs until the connection ends, and says why it did.
pub async fn run(context: &Rc<Context>, backoff: &mut Backoff) -> Fault {
    match open(context).await {
        Err(fault) => fault,
        Ok((frames, ready)) => {
            backoff.reset();
            match begin(context, &frames, ready) {
                Err(fault) => fault,
                Ok(()) => work(context, &frames).await,
            }
        }
    }
}

async fn open(context: &Context) -> Result<(Frames, Ready), Fault> {
    // A device that was approved and stopped before its session followed does that now.
    session::upgrade(context).await?;
    let origin = crate::account::current(context)?.relay;
    let ticket = match session::with(context, async |rest| rest.ticket().await).await {
        Ok(ticket) => ticket,
        Err(fault) => return Err(gate::explain(context, &origin, fault).await),
    };
    let frames = Frames::connect(context.platform.clone(), &origin).await?;
    let ready = frames.greet(ticket.ticket, known(context)?).await?;
    Ok((frames, ready))
}

/// What this store holds, newest conversations first.
fn known(context: &Context) -> Result<Vec<Known>, Fault> {
    context.read(|db| {
        conversation::newest(db, limits::HEADS_PER_CALL)?
            .into_iter()
            .map(|row| {
                Ok(Known {
                    conv: row.conv,
                    seq: range::newest(db, &row.conv)?,
                    mark_time: row.mark_time,
                })
            })
            .collect()
    })
}

/// Takes `ready` in: everything durable in one transaction, then the volatile state.
fn begin(context: &Context, frames: &Frames, ready: Ready) -> Result<(), Fault> {
    let now = context.platform.now_ms();
    {
        let mut link = context.link.borrow_mut();
        link.down();
        link.out = Some(frames.sender());
        link.heard_ms = context.platform.monotonic_ms();
        link.items_left = ready.td_pending;
        link.clock_ms = signed_difference(ready.server_time, now);
        link.retry_at_ms = None;
        link.more_by_rest = ready.more == 2;
        for changed in &ready.changed {
            link.log_heads.insert(changed.conv, changed.log_seq);
            link.behind.insert(changed.conv);
        }
    }
    if ready.server_time.abs_diff(now) > limits::CLOCK_SKEW_MS {
        context.events.tell(&Event::Alarm {
            kind: AlarmKind::ClockSkew,
            chat: None,
            user: None,
        });
    }
    incarnation::compare(context, &ready)?;
    let restored = context.link.borrow().restored;
    context.batch(|batch| {
        for changed in &ready.changed {
            if batch.input(|work| note(work, changed, restored))? {
                shown(batch, changed)?;
            }
        }
        batch.input(|work| Ok(store::meta::set_number(work.db, CONNECTED, now)?))
    })?;
    // Rows that were known to be missing before, and nothing new was said of.
    let missing = context.read(catch_up::incomplete)?;
    let held = context.read(catch_up::held)?;
    let unfinished = context.look(|work| Ok(megolm::unfinished(&work.crypto)?))?;
    {
        let mut link = context.link.borrow_mut();
        link.behind.extend(missing.into_iter().chain(held));
        link.sharing.extend(unfinished);
    }
    if ready.td_pending == 0 {
        context.link.borrow_mut().drain_done = true;
        drained(context)?;
    }
    status::tell(context);
    Ok(())
}

/// Name of the number that says when the present connection began, Unix ms.
const CONNECTED: &str = "connected";

fn signed_difference(server: u64, own: u64) -> i64 {
    let difference = i64::try_from(server.abs_diff(own)).unwrap_or(i64::MAX);
    if server >= own {
        difference
    } else {
        -difference
    }
}

/// Takes over what `ready` says of one conversation. False = this device does not know it.
fn note(
    work: &mut crate::engine::Work<'_>,
    changed: &Changed,
    restored: bool,
) -> Result<bool, Fault> {
    let mut head = 0;
    let known = conversation::update(work.db, &changed.conv, |row| {
        head = row.stream_head;
        row.stream_head = row.stream_head.max(changed.stream_head);
        row.log_seq = row.log_seq.max(changed.log_seq);
        row.floor = changed.floor;
        (row.own_seq, row.own_n) = changed.own;
    })?;
    if !known {
        // New to this device: its log is read first.
        return Ok(false);
    }
    // A restored relay is compared row by row instead.
    if changed.stream_head < head && !restored {
        row::shrink(work, &changed.conv, changed.stream_head)?;
    }
    guard::compare(work, &changed.conv, changed.own)?;
    Ok(true)
}

/// Takes in what `ready` shows of one conversation.
fn shown(batch: &mut Batch<'_>, changed: &Changed) -> Result<(), Fault> {
    if let Some(newest) = &changed.newest {
        catch_up::alone(batch, |work| row::take(work, newest))?;
    }
    for mark in &changed.marks {
        catch_up::alone(batch, |work| mark::take(work, mark))?;
    }
    Ok(())
}

/// As many items came as were waiting at connect: what has no key now gets none by itself.
pub fn drained(context: &Context) -> Result<(), Fault> {
    context.input(|work| {
        let since = store::meta::number(work.db, CONNECTED)?.unwrap_or(0);
        keys::drained(&mut work.crypto, since)?;
        super::retry::after_drain(work)
    })
}

/// Everything that goes on while connected. The first part that ends, ends the connection.
async fn work(context: &Rc<Context>, frames: &Frames) -> Fault {
    let mut reading = frames::read(context, frames).boxed_local().fuse();
    let mut errands = errands::run(context).boxed_local().fuse();
    let mut sending = outbox::run(context).boxed_local().fuse();
    let mut marks = mark::run(context).boxed_local().fuse();
    let mut pinging = ping(context, frames).boxed_local().fuse();
    let mut watching = watch(context).boxed_local().fuse();
    let mut typing = typing::run(context).boxed_local().fuse();
    let mut presence = presence::run(context).boxed_local().fuse();
    let mut tidying = tidy::run(context).boxed_local().fuse();
    futures::select_biased! {
        fault = reading => fault,
        fault = errands => fault,
        fault = sending => fault,
        fault = marks => fault,
        fault = pinging => fault,
        fault = watching => fault,
        fault = typing => fault,
        fault = presence => fault,
        fault = tidying => fault,
    }
}

async fn ping(context: &Context, frames: &Frames) -> Fault {
    let out = frames.sender();
    let open = context.link.borrow().open.clone();
    if !open.is_empty()
        && let Err(fault) = out.send(&ClientFrame::Open(open)).await
    {
        return fault;
    }
    loop {
        context.platform.sleep(PING_MS).await;
        if let Err(fault) = out.send(&ClientFrame::Ping).await {
            return fault;
        }
    }
}

/// Ends a connection over which nothing comes any more: every ping is answered.
async fn watch(context: &Context) -> Fault {
    loop {
        context.platform.sleep(PING_MS).await;
        let silent = {
            let link = context.link.borrow();
            context
                .platform
                .monotonic_ms()
                .saturating_sub(link.heard_ms)
        };
        if silent > PING_MS + limits::STALL_MS {
            return Fault::Network(NetError::Timeout);
        }
    }
}

/// The connection has brought everything that it was asked for.
pub fn caught_up(context: &Context) {
    {
        let mut link = context.link.borrow_mut();
        if link.caught_up {
            return;
        }
        link.caught_up = true;
        link.state = LinkState::Online;
    }
    status::tell(context);
}
