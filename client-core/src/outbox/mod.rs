//! What waits for the relay: content until it is encrypted, then its exact bytes until they are
//! accepted; items between devices with their own numbers.

pub mod answer;
pub mod bodies;
pub mod claim;
pub mod items;
pub mod pace;
pub mod prepare;
pub mod queue;
mod refusal;
mod send;

pub use refusal::withdraw;

use std::rc::Rc;

use crate::engine::{Context, Fault};
use crate::store::outbox;
use crate::sync::backoff::as_asked;

/// Sends while connected. Ends with the connection.
pub async fn run(context: &Rc<Context>) -> Fault {
    loop {
        let seen = context.outbox.seen();
        let wait = match round(context).await {
            Ok(wait) => wait,
            Err(fault) => return fault,
        };
        context.rung_or(&context.outbox, seen, wait).await;
    }
}

/// One look at everything that waits; the time until something may be tried again.
async fn round(context: &Rc<Context>) -> Result<Option<u64>, Fault> {
    let mut wait = items::step(context).await?;
    for conv in context.read(|db| outbox::conversations(db))? {
        let next = match send::conversation(context, &conv).await {
            Ok(next) => next,
            Err(fault) if fault.is_network() || fault.is_local() => return Err(fault),
            Err(fault) => {
                tracing::info!(%conv, %fault, "a conversation's outbox waits");
                Some(as_asked(fault.retry_after_ms().unwrap_or(0)).max(RETRY_MS))
            }
        };
        wait = earlier(wait, next);
    }
    let sharing = context.link.borrow().sharing.clone();
    for conv in sharing {
        let next = match prepare::share_rest(context, &conv).await {
            Ok(next) => next,
            Err(fault) if fault.is_network() || fault.is_local() => return Err(fault),
            Err(fault) => {
                // The membership changed; the next message begins anew.
                tracing::debug!(%conv, %fault, "the rest of the keys waits");
                None
            }
        };
        if next.is_none() {
            context.link.borrow_mut().sharing.remove(&conv);
        }
        wait = earlier(wait, next);
    }
    // Keys of a message just prepared leave at once.
    wait = earlier(wait, items::step(context).await?);
    Ok(wait)
}

/// A conversation whose outbox cannot go on is looked at again after this time.
const RETRY_MS: u64 = 5_000;

/// The nearer of two waits; none = no wait.
pub fn earlier(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
