//! What is looked at from time to time while connected: heads, gaps, old keys and bytes.

use std::rc::Rc;

use chatty_crypto::conversation as logs;
use chatty_crypto::{keys, megolm};
use chatty_protocol::{ConvId, limits};

use super::{gaps, people, statement};
use crate::engine::{Context, Fault};
use crate::store::message::sealed;
use crate::store::{body, item, outbox};

/// Heads are compared with the relay this often, give or take a third.
const COMPARE_MS: u64 = 15 * limits::MINUTE_MS;
/// Gaps are looked for this often.
const GAPS_MS: u64 = limits::MINUTE_MS;

/// Runs until the connection ends.
pub async fn run(context: &Rc<Context>) -> Fault {
    let mut next_compare = 0;
    loop {
        let now = context.platform.monotonic_ms();
        let done = match now >= next_compare {
            true => {
                let first = next_compare == 0;
                next_compare = now + COMPARE_MS * 2 / 3 + context.dice() % (COMPARE_MS * 2 / 3);
                compare(context, first).await
            }
            false => Ok(()),
        };
        match done.and_then(|()| gaps::look(context)) {
            Err(fault) if fault.is_local() => return fault,
            // Nothing of this is urgent: it is tried again at its next turn.
            Err(fault) => tracing::debug!(%fault, "tidying"),
            Ok(()) => {}
        }
        context.platform.sleep(GAPS_MS).await;
    }
}

async fn compare(context: &Rc<Context>, first: bool) -> Result<(), Fault> {
    clean(context)?;
    // Each stands alone: a relay that refuses one does not keep the others from being done.
    for done in [
        statement::publish(context).await,
        statement::compare(context).await,
    ] {
        match done {
            Err(fault) if fault.is_local() => return Err(fault),
            // Another own device may have said it today; what cannot be had now can be later.
            Err(fault) => tracing::debug!(%fault, "tidying"),
            Ok(()) => {}
        }
    }
    if !first {
        // The connect has just done this.
        let everybody = people::everybody(context)?;
        let mut link = context.link.borrow_mut();
        link.own_devices = true;
        link.people.extend(everybody);
        link.more_by_rest = true;
        drop(link);
        context.changed.ring();
    }
    Ok(())
}

/// Old keys, sent ciphertext, quarantined bytes.
fn clean(context: &Context) -> Result<(), Fault> {
    let now = context.platform.now_ms();
    context.input(|work| {
        keys::tidy(&mut work.crypto)?;
        outbox::forget_sent(work.db, now.saturating_sub(limits::SENT_KEPT_MS))?;
        sealed::drop_expired(work.db, now)?;
        item::drop_kept(work.db, now)?;
        body::drop_expired(work.db, now)?;
        Ok(())
    })?;
    let convs: Vec<ConvId> = context.look(|work| {
        let heads = logs::heads(&work.crypto)?;
        Ok(heads.into_iter().map(|(conv, _)| conv).collect())
    })?;
    for conv in convs {
        context.input(|work| Ok(megolm::tidy(&mut work.crypto, &conv)?))?;
    }
    Ok(())
}
