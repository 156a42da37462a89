//! Disappearing messages: emptied when their time has come, connected or not.

use std::rc::Rc;

use chatty_protocol::limits;

use crate::api::Event;
use crate::engine::{Context, Fault};
use crate::store::conversation;
use crate::store::message::{expire, sealed};
use crate::sync::{retry, to_device};

/// Messages of one transaction.
const AT_ONCE: usize = 200;
/// Longest sleep: the clock may be set meanwhile.
const LOOK_MS: u64 = 60_000;

/// Runs for as long as the engine does: expiry, and frames that are tried again by time.
pub async fn run(context: Rc<Context>) {
    loop {
        let seen = context.changed.seen();
        let next = match round(&context) {
            Ok(next) => next,
            Err(fault) => {
                tracing::warn!(%fault, "housekeeping failed");
                None
            }
        };
        let now = context.platform.now_ms();
        let wait = next.map_or(LOOK_MS, |at| at.saturating_sub(now).clamp(1, LOOK_MS));
        context.rung_or(&context.changed, seen, Some(wait)).await;
    }
}

/// Does what is due now; when something is due next.
fn round(context: &Context) -> Result<Option<u64>, Fault> {
    let now = context.platform.now_ms();
    let (expiry, retry_at) = context.read(|db| Ok((expire::next(db)?, sealed::next_due(db)?)))?;
    if expiry.is_some_and(|at| at <= now) {
        empty(context, now)?;
        return Ok(Some(now + 1));
    }
    if retry_at.is_some_and(|at| at <= now) {
        retry::due(context)?;
        return Ok(Some(now + limits::MINUTE_MS));
    }
    to_device::due(context)?;
    Ok(match (expiry, retry_at) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    })
}

fn empty(context: &Context, now: u64) -> Result<(), Fault> {
    context.input(|work| {
        for gone in expire::due(work.db, now, AT_ONCE)? {
            if let Some(id) = gone.msg {
                work.tell(Event::MessageRemoved {
                    chat: gone.conv,
                    id,
                });
            }
            conversation::refresh(work.db, &gone.conv)?;
            work.chat_changed(&gone.conv);
        }
        Ok(())
    })
}
