//! How the connection stands, and waiting for it.

use chatty_protocol::ErrorCode;

use crate::api::state::{DeviceState, LinkState};
use crate::api::sync::{Flushed, SyncStatus};
use crate::api::{ApiError, Event, LocalCode};
use crate::engine::{Context, Fault};
use crate::store::{account, body, item, mark, outbox};

/// The answer of `sync.state`.
pub fn status(context: &Context) -> Result<SyncStatus, Fault> {
    let outbox = waiting(context)?;
    let link = context.link.borrow();
    let now = context.platform.now_ms();
    Ok(SyncStatus {
        link: link.state,
        caught_up: link.caught_up,
        behind: link.behind.len() as u64,
        outbox,
        retry_in_ms: link.retry_at_ms.map(|at| at.saturating_sub(now)),
    })
}

/// A person asks for it: also where a relay asked for a longer wait, which bounds programs.
pub fn retry(context: &Context) -> Result<SyncStatus, Fault> {
    let waits = context.link.borrow_mut().retry_at_ms.take().is_some();
    if waits {
        context.hurry.ring();
    }
    status(context)
}

/// Things that wait for the relay: content, keys, receipts.
pub fn waiting(context: &Context) -> Result<u64, Fault> {
    let now = context.platform.now_ms();
    context.read(|db| {
        let items = item::count(db)? + body::count_due(db, now)?;
        Ok(outbox::count(db)? + items + mark::owed(db)?.len() as u64)
    })
}

/// Changes the state and tells it.
pub fn set(context: &Context, state: LinkState) {
    let before = std::mem::replace(&mut context.link.borrow_mut().state, state);
    if before != state {
        tell(context);
    }
}

/// Tells how the connection stands.
pub fn tell(context: &Context) {
    if let Ok(status) = status(context) {
        context.events.tell(&Event::SyncChanged { status });
    }
    context.changed.ring();
}

/// Waits until this connection has caught up.
pub async fn wait(context: &Context, timeout_ms: u64) -> Result<SyncStatus, Fault> {
    if context.options.offline {
        return Err(unreachable());
    }
    if context.read(|db| account::session(db))?.is_none() {
        return Err(Fault::rule(
            LocalCode::NotSignedIn,
            "This home is not signed in.",
        ));
    }
    let deadline = context.platform.monotonic_ms().saturating_add(timeout_ms);
    loop {
        let seen = context.changed.seen();
        let (caught_up, state, ended) = {
            let link = context.link.borrow();
            (link.caught_up, link.state, link.ended.clone())
        };
        if caught_up {
            return status(context);
        }
        // One failed attempt is answer enough for somebody who asked just now.
        if matches!(state, LinkState::NoInternet | LinkState::ServerDown) {
            return Err(ended.map_or_else(unreachable, |error| Fault::Rule(Box::new(error))));
        }
        // Waiting longer helps only when somebody does something elsewhere.
        if let Some(error) = ended
            && needs_somebody(context, &error)?
        {
            return Err(Fault::Rule(Box::new(error)));
        }
        if state == LinkState::SignedOut && context.read(|db| account::session(db))?.is_none() {
            return Err(Fault::rule(LocalCode::NotSignedIn, "The session is over."));
        }
        if !changed_before(context, seen, deadline).await {
            return Err(Fault::rule(
                LocalCode::Timeout,
                "Catching up took longer than allowed.",
            ));
        }
    }
}

/// Waits until nothing waits for the relay any more.
pub async fn flush(context: &Context, timeout_ms: u64) -> Result<Flushed, Fault> {
    let deadline = context.platform.monotonic_ms().saturating_add(timeout_ms);
    loop {
        let seen = context.changed.seen();
        let waiting = waiting(context)?;
        let gone = {
            let link = context.link.borrow();
            matches!(
                link.state,
                LinkState::NoInternet | LinkState::ServerDown | LinkState::SignedOut
            )
        };
        if waiting == 0 || gone || !changed_before(context, seen, deadline).await {
            return Ok(Flushed { waiting });
        }
    }
}

/// Waits for a change; false when the time is over first.
pub async fn changed_before(context: &Context, seen: u64, deadline_ms: u64) -> bool {
    let left = deadline_ms.saturating_sub(context.platform.monotonic_ms());
    if left == 0 {
        return false;
    }
    context.rung_or(&context.changed, seen, Some(left)).await
}

/// Whether the last attempt failed for something that others must do, and that still stands.
fn needs_somebody(context: &Context, error: &ApiError) -> Result<bool, Fault> {
    let account = context.read(|db| account::get(db))?;
    Ok(account.is_some_and(|row| {
        let waits = row.device_state == DeviceState::Waiting;
        let unverified = error.code == ErrorCode::NotVerified.into();
        (waits && error.is(LocalCode::DeviceWaiting)) || (unverified && !row.verified_email)
    }))
}

fn unreachable() -> Fault {
    Fault::rule(LocalCode::NotReachable, "The server cannot be reached now.")
}
