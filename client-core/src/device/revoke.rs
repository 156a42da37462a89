//! Removing a device: from the account at once, from every conversation by a cut.

use chatty_crypto::conversation as logs;
use chatty_crypto::{device_log, identity, megolm};
use chatty_protocol::conversation_log::{ConvOp, Cut, Mode, Status};
use chatty_protocol::device_log::{Class, DeviceOp, RevokeReason};
use chatty_protocol::{ConvId, DeviceId};

use crate::api::device::DeviceRevoke;
use crate::api::{Done, LocalCode};
use crate::conversation::post;
use crate::engine::{Context, Fault, Work};
use crate::store::{account, body, item};
use crate::sync::people;

/// Removes a device from the account.
pub async fn revoke(context: &Context, params: &DeviceRevoke) -> Result<Done, Fault> {
    let own = crate::account::current(context)?;
    if params.device == own.device {
        crate::account::log_out::log_out(context).await?;
        return Ok(Done {});
    }
    let live = context.look(|work| {
        let log = device_log::get_or_fail(&work.crypto, &own.user)?;
        Ok(log.live(&params.device).is_some())
    })?;
    if !live {
        return Err(Fault::rule(
            LocalCode::NoSuchDevice,
            "There is no such device in this account.",
        ));
    }
    let op = DeviceOp::Revoke {
        device: params.device,
        reason: RevokeReason::None,
    };
    people::append_own(context, op).await?;
    rotate_due(context).await?;
    Ok(Done {})
}

/// A device was removed from its account: what waits for it is not sent any more. Only a batch that
/// left already is repeated as it was.
pub fn silence(work: &mut Work<'_>, device: &DeviceId) -> Result<(), Fault> {
    item::drop_to(work.db, device)?;
    body::drop_to(work.db, device)?;
    Ok(())
}

/// An own device is gone.
pub fn gone(work: &mut Work<'_>, device: &DeviceId) -> Result<(), Fault> {
    if account::get(work.db)?.is_some_and(|own| own.device == *device) {
        work.tell(crate::api::Event::Alarm {
            kind: crate::api::events::AlarmKind::DeviceRevoked,
            chat: None,
            user: None,
        });
    }
    Ok(())
}

/// Cuts revoked own devices out of every conversation in which they could still write: an entry
/// `rotate` with their last message. Repeats until every conversation has it.
pub async fn rotate_due(context: &Context) -> Result<(), Fault> {
    let full = context.look(|work| {
        Ok(identity::standing(&work.crypto)? == identity::Standing::Live(Class::Full))
    })?;
    if !full {
        return Ok(());
    }
    let convs = context.look(|work| Ok(logs::heads(&work.crypto)?))?;
    for (conv, _) in convs {
        if context.look(|work| due(work, &conv))?.is_empty() {
            continue;
        }
        let posted = post::entry(context, &conv, |work| {
            let cuts = due(work, &conv)?;
            if cuts.is_empty() {
                return Ok(None);
            }
            Ok(Some(logs::entry(
                &mut work.crypto,
                &conv,
                ConvOp::Rotate { cuts },
            )?))
        })
        .await;
        match posted {
            Ok(()) => {}
            Err(fault) if fault.is_passing() || fault.is_local() => return Err(fault),
            Err(fault) => tracing::info!(%conv, %fault, "a rotate waits"),
        }
    }
    Ok(())
}

/// Cuts for revoked own devices that wrote in this conversation and are not cut yet.
fn due(work: &mut Work<'_>, conv: &ConvId) -> Result<Vec<Cut>, Fault> {
    let own = identity::own_or_fail(&work.crypto)?;
    let Some(state) = logs::state(&work.crypto, conv)? else {
        return Ok(Vec::new());
    };
    let member = state
        .member(&own.user)
        .is_some_and(|member| member.status == Status::Member);
    let open = logs::status(&work.crypto, conv)? == logs::ConvStatus::Open;
    if !member || !open || (state.mode == Mode::Direct && state.members.is_empty()) {
        return Ok(Vec::new());
    }
    let log = device_log::get_or_fail(&work.crypto, &own.user)?;
    let cuts = megolm::cuts_for(&work.crypto, conv, &own.user)?;
    Ok(cuts
        .into_iter()
        .filter(|cut| log.devices.contains_key(&cut.device) && log.live(&cut.device).is_none())
        .filter(|cut| !state.cuts.contains_key(&cut.device))
        .collect())
}
