//! What must be asked of the relay by REST while connected: logs, rows, keys. One at a time; the
//! socket is read beside it.

use std::rc::Rc;

use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::olm::Peer;
use chatty_protocol::{ConvId, UserId};
use futures::FutureExt;

use super::{catch_up, connection, incarnation, people};
use crate::account::publish;
use crate::engine::{Context, Fault};
use crate::outbox::items;
use crate::{conversation, device};

/// The next errand.
enum Errand {
    Keys(u64, bool),
    People(Vec<UserId>),
    Sessions(Vec<(Peer, ToDeviceBody)>),
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
        let errand = next(context);
        let done = match errand {
            Errand::Nothing => {
                if context.link.borrow().drained() {
                    connection::caught_up(context);
                }
                idle(context, seen).await;
                device::pins::keep_promises(context).await
            }
            Errand::Keys(left, used) => publish::upload_keys(context, left, used).await,
            Errand::People(users) => people::compare(context, &users).await,
            Errand::Sessions(waiting) => items::on_new_sessions(context, waiting).await,
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

/// Nothing to do: until something changes, or a promise can be tried again.
async fn idle(context: &Context, seen: u64) {
    let promised = context.read(device::pins::any_promised).unwrap_or(false);
    let mut changed = context.changed.after(seen).boxed_local().fuse();
    if !promised {
        return changed.await;
    }
    let mut sleep = context.platform.sleep(PROMISE_MS).fuse();
    futures::select_biased! { () = sleep => {}, () = changed => {} }
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
    device::revoke::rotate_due(context).await
}

fn next(context: &Context) -> Errand {
    let mut link = context.link.borrow_mut();
    if let Some((left, used)) = link.keys.take() {
        return Errand::Keys(left, used);
    }
    if !link.people.is_empty() {
        return Errand::People(std::mem::take(&mut link.people).into_iter().collect());
    }
    if !link.sessions.is_empty() {
        return Errand::Sessions(std::mem::take(&mut link.sessions));
    }
    if std::mem::take(&mut link.more_by_rest) {
        return Errand::List;
    }
    match link.behind.first().copied() {
        Some(conv) => Errand::Conversation(conv),
        None => Errand::Nothing,
    }
}

async fn one(context: &Rc<Context>, conv: &ConvId) -> Result<(), Fault> {
    let done = catch_up::conversation(context, conv).await;
    // Taken off the list whatever came of it: what is still missing is found again by the next
    // doorbell, `ready` or periodic comparison.
    context.link.borrow_mut().behind.remove(conv);
    done?;
    conversation::follow_up(context, conv).await?;
    context.outbox.ring();
    context.changed.ring();
    Ok(())
}
