//! What a device may do: a browser beside a native full device is limited, and expires unless it is
//! renewed while it is in use (ARCHITECTURE.md §8).

use chatty_crypto::identity::{self, Standing};
use chatty_crypto::{device_log, olm};
use chatty_protocol::device_log::{Class, DeviceOp, DeviceRecord, RevokeReason};
use chatty_protocol::{DeviceId, limits};

use super::label;
use crate::engine::{Context, Fault, Work};
use crate::sync::people;

/// What a browser calls its platform.
const WEB: &str = "web";
/// A limited device is renewed when less than this is left.
const RENEW_MS: u64 = limits::LIMITED_DEVICE_MS / 2;
/// And only when it was heard of within this time: a forgotten browser expires.
const IN_USE_MS: u64 = 7 * limits::DAY_MS;

/// The class of a device that this one approves: a browser is limited from its first day on, when
/// the account has a native full device.
pub fn of_new(context: &Context, platform: &str) -> Result<Class, Fault> {
    // This one may be a browser that no native device has looked after yet.
    let limited = platform == WEB && (!is_web(context) || context.look(has_native)?);
    Ok(if limited { Class::Limited } else { Class::Full })
}

fn has_native(work: &mut Work<'_>) -> Result<bool, Fault> {
    let own = identity::own_or_fail(&work.crypto)?;
    let log = device_log::get_or_fail(&work.crypto, &own.user)?;
    for (device, record) in log.live_devices() {
        if *device != own.device && record.class == Class::Full && label::of(work, device)?.1 != WEB
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_web(context: &Context) -> bool {
    context.platform.device_label().platform == WEB
}

/// What a full device does for the others of its account: it revokes what has expired, renews what
/// is in use, and takes the full class from a browser that had it while it was alone.
pub async fn look_after(context: &Context) -> Result<(), Fault> {
    let native = !is_web(context);
    for op in context.look(|work| due(work, native))? {
        people::append_own(context, op).await?;
    }
    Ok(())
}

fn due(work: &mut Work<'_>, native: bool) -> Result<Vec<DeviceOp>, Fault> {
    let own = identity::own_or_fail(&work.crypto)?;
    if identity::standing(&work.crypto)? != Standing::Live(Class::Full) {
        return Ok(Vec::new());
    }
    let log = device_log::get_or_fail(&work.crypto, &own.user)?;
    let mut ops = Vec::new();
    for (device, record) in log.live_devices().filter(|(id, _)| **id != own.device) {
        ops.extend(for_device(work, device, record, native)?);
    }
    Ok(ops)
}

fn for_device(
    work: &Work<'_>,
    device: &DeviceId,
    record: &DeviceRecord,
    native: bool,
) -> Result<Option<DeviceOp>, Fault> {
    let now = work.now_ms();
    if device_log::is_expired(record, now) {
        return Ok(Some(DeviceOp::Revoke {
            device: *device,
            reason: RevokeReason::Expired,
        }));
    }
    let limited = DeviceOp::Renew {
        device: *device,
        class: Class::Limited,
        expires: now.saturating_add(limits::LIMITED_DEVICE_MS),
    };
    let browser = label::of(work, device)?.1 == WEB;
    let too_much = native && browser && record.class == Class::Full;
    let ends = record.class == Class::Limited && record.expires < now.saturating_add(RENEW_MS);
    let in_use = now < olm::last_heard(&work.crypto, device)?.saturating_add(IN_USE_MS);
    Ok((too_much || (ends && in_use)).then_some(limited))
}
