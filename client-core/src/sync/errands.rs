//! What must be asked of the relay by REST while connected: logs, rows, keys. One at a time; the
//! socket is read beside it.

use std::rc::Rc;

use chatty_protocol::{ConvId, UserId, limits};

use super::catch_up::Reached;
use super::{catch_up, connection, incarnation, people};
use crate::account::publish;
use crate::engine::{Context, Fault};
use crate::outbox::bodies;
use crate::store::body;
use crate::{conversation, device};

/// The next errand.
enum Errand {
    Keys(u64, bool),
    People(Vec<UserId>),
    OwnDevices,
    Bodies,
    List,
    Conversation(ConvId),
    Nothing,
}

/// Runs errands until the connection ends.
pub async fn run(context: &Rc<Context>) -> Fault {
    match first(context).await {
        Err(fault) if fault.is_passing() || fault.is_local() => return fault,
        Err(fault) => tracing::warn!(%fault, "settling after connect"),
        Ok(()) => {}
    }
    loop {
        let seen = context.changed.seen();
        let errand = match next(context) {
            Ok(errand) => errand,
            Err(fault) => return fault,
        };
        let done = match errand {
            Errand::Nothing => {
                if context.link.borrow().drained() {
                    connection::caught_up(context);
                }
                match idle(context, seen).await {
                    Ok(()) => device::pins::keep_promises(context).await,
                    Err(fault) => Err(fault),
                }
            }
            Errand::Keys(left, used) => publish::upload_keys(context, left, used).await,
            Errand::People(users) => people::compare(context, &users).await,
            Errand::OwnDevices => device::class::look_after(context).await,
            Errand::Bodies => bodies::send_due(context).await,
            Errand::List => catch_up::list(context).await,
            Errand::Conversation(conv) => one(context, &conv).await,
        };
        match done {
            Ok(()) => {}
            // The connection is worth nothing when the relay or the store is away.
            Err(fault) if fault.is_passing() || fault.is_local() => return fault,
            Err(fault) => tracing::warn!(%fault, "errand failed"),
        }
    }
}

/// A new device publishes its keys a moment after it was approved.
const PROMISE_MS: u64 = 500;

/// Nothing to do: until something changes, or something may be tried again.
async fn idle(context: &Context, seen: u64) -> Result<(), Fault> {
    let now = context.platform.now_ms();
    let (promised, body) =
        context.read(|db| Ok((device::pins::any_promised(db)?, body::next_due(db)?)))?;
    let body = body.map(|at| at.saturating_sub(now).clamp(1, limits::MINUTE_MS));
    let wait = match promised {
        true => Some(body.map_or(PROMISE_MS, |wait| wait.min(PROMISE_MS))),
        false => body,
    };
    context.rung_or(&context.changed, seen, wait).await;
    Ok(())
}

/// Once per connection: keys and handle, everybody's logs, blocks, devices.
async fn first(context: &Rc<Context>) -> Result<(), Fault> {
    if context.link.borrow().restored {
        incarnation::repair(context).await?;
    }
    let users: Vec<UserId> = people::everybody(context)?.into_iter().collect();
    people::compare(context, &users).await?;
    publish::publish(context).await?;
    device::pins::announce(context)?;
    conversation::block::tell_relay(context).await?;
    conversation::meta::keep_all(context).await?;
    device::revoke::rotate_due(context).await
}

fn next(context: &Context) -> Result<Errand, Fault> {
    let now = context.platform.now_ms();
    let bodies = context.read(|db| body::count_due(db, now))? > 0;
    let mut link = context.link.borrow_mut();
    if let Some((left, used)) = link.keys.take() {
        return Ok(Errand::Keys(left, used));
    }
    if !link.people.is_empty() {
        let users = std::mem::take(&mut link.people);
        return Ok(Errand::People(users.into_iter().collect()));
    }
    if std::mem::take(&mut link.own_devices) {
        return Ok(Errand::OwnDevices);
    }
    if std::mem::take(&mut link.more_by_rest) {
        return Ok(Errand::List);
    }
    Ok(match link.behind.first().copied() {
        Some(conv) => Errand::Conversation(conv),
        None if bodies => Errand::Bodies,
        None => Errand::Nothing,
    })
}

async fn one(context: &Rc<Context>, conv: &ConvId) -> Result<(), Fault> {
    let done = loop {
        let done = catch_up::conversation(context, conv).await;
        // A forged entry may have come while the answer was on its way: nothing else would end
        // its hold.
        let held = context.read(|db| catch_up::is_held(db, conv))?;
        match done {
            Ok(Reached::TheEnd) if held => {}
            Ok(_) => break Ok(()),
            Err(fault) => break Err(fault),
        }
    };
    // Taken off the list whatever came of it: what is still missing is found again by the next
    // doorbell, `ready` or periodic comparison.
    context.link.borrow_mut().behind.remove(conv);
    done?;
    conversation::follow_up(context, conv).await?;
    context.outbox.ring();
    context.changed.ring();
    Ok(())
}
