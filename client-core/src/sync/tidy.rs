//! What is looked at from time to time while connected: heads, gaps, old keys and bytes, devices
//! past their date.

use std::rc::Rc;

use chatty_crypto::conversation as logs;
use chatty_crypto::{device_log, identity, keys, megolm};
use chatty_protocol::device_log::{Class, DeviceOp, RevokeReason};
use chatty_protocol::{ConvId, DeviceId, UserId, limits};

use super::{people, session};
use crate::api::Event;
use crate::engine::{Context, Fault};
use crate::store::message::sealed;
use crate::store::{body, item, meta, outbox};

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
        match done.and_then(|()| gaps(context)) {
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
    statement(context).await?;
    revoke_expired(context).await?;
    if !first {
        // The connect has just done this.
        let everybody = people::everybody(context)?;
        let mut link = context.link.borrow_mut();
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

/// A full device says once a day how long its account's log is.
async fn statement(context: &Context) -> Result<(), Fault> {
    let Some(signed) = context.look(|work| Ok(identity::statement(&mut work.crypto)?))? else {
        return Ok(());
    };
    let user = crate::account::current(context)?.user;
    session::with(context, async |rest| {
        rest.put_statement(&user, signed.clone()).await
    })
    .await?;
    // Only a statement that the relay has counts as made today.
    context.input(|work| Ok(identity::statement(&mut work.crypto)?))?;
    Ok(())
}

/// Any full device revokes devices of its account whose date has passed.
async fn revoke_expired(context: &Context) -> Result<(), Fault> {
    let expired: Vec<DeviceId> = context.look(|work| {
        let own = identity::own_or_fail(&work.crypto)?;
        if identity::standing(&work.crypto)? != identity::Standing::Live(Class::Full) {
            return Ok(Vec::new());
        }
        let log = device_log::get_or_fail(&work.crypto, &own.user)?;
        Ok(log
            .live_devices()
            .filter(|(_, record)| device_log::is_expired(record, work.now_ms()))
            .map(|(device, _)| *device)
            .collect())
    })?;
    for device in expired {
        let op = DeviceOp::Revoke {
            device,
            reason: RevokeReason::Expired,
        };
        people::append_own(context, op).await?;
    }
    Ok(())
}

/// Tells messages that are missing, each gap once.
fn gaps(context: &Context) -> Result<(), Fault> {
    if !context.link.borrow().caught_up {
        return Ok(());
    }
    let convs = context.look(|work| Ok(logs::heads(&work.crypto)?))?;
    for (conv, _) in convs {
        for gap in context.look(|work| Ok(megolm::gaps(&work.crypto, &conv)?))? {
            context.input(|work| {
                let name = format!("gap/{conv}/{}/{}", gap.device, gap.before);
                if meta::number(work.db, &name)?.is_some() {
                    return Ok(());
                }
                meta::set_number(work.db, &name, work.now_ms())?;
                if let Some(user) = owner(work, &conv, &gap.device)? {
                    work.tell(Event::MessageMissing {
                        chat: conv,
                        user,
                        expired: gap.maybe_expired,
                    });
                }
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// Whose device it is.
fn owner(
    work: &crate::engine::Work<'_>,
    conv: &ConvId,
    device: &DeviceId,
) -> Result<Option<UserId>, Fault> {
    let Some(state) = logs::state(&work.crypto, conv)? else {
        return Ok(None);
    };
    for user in state.members.keys() {
        if let Some(log) = device_log::get(&work.crypto, user)?
            && log.devices.contains_key(device)
        {
            return Ok(Some(*user));
        }
    }
    Ok(None)
}
