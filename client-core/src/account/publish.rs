//! What an account must have at its relay to be reachable: its handle in the device log, one-time
//! and fallback keys.

use chatty_crypto::{device_log, identity, keys};
use chatty_protocol::device_log::{Class, DeviceOp};

use crate::engine::{Context, Fault};
use crate::sync::{people, session};

/// Brings everything up to date. Each step repeats harmlessly.
pub async fn publish(context: &Context) -> Result<(), Fault> {
    handle(context).await?;
    let count = session::with(context, async |rest| rest.key_count().await).await?;
    upload_keys(context, count.one_time_left, count.fallback_used).await
}

/// Says in the own device log which handle this account has, if the log says something else.
async fn handle(context: &Context) -> Result<(), Fault> {
    let account = super::current(context)?;
    let wanted = Some((account.handle.clone(), account.relay.clone()));
    let stands = context.look(|work| {
        let standing = identity::standing(&work.crypto)?;
        let full = standing == identity::Standing::Live(Class::Full);
        let log = device_log::get(&work.crypto, &account.user)?;
        Ok(!full || log.is_none_or(|log| log.handle == wanted))
    })?;
    if stands {
        return Ok(());
    }
    let op = DeviceOp::Handle {
        handle: account.handle,
        origin: account.relay,
    };
    people::append_own(context, op).await
}

/// Uploads keys until the relay has enough. Records are committed before they leave and are the
/// same bytes on every retry.
pub async fn upload_keys(
    context: &Context,
    mut one_time_left: u64,
    mut fallback_used: bool,
) -> Result<(), Fault> {
    // Records left over from a crash come alone, and after a restore of the relay the fallback key
    // does: new ones are made in the next round.
    for _ in 0..3 {
        let records = context.input(|work| {
            keys::tidy(&mut work.crypto)?;
            Ok(keys::to_upload(
                &mut work.crypto,
                one_time_left,
                fallback_used,
            )?)
        })?;
        if records.is_empty() {
            return Ok(());
        }
        crate::kill_point!("keys.before-upload");
        let count = session::with(context, async |rest| rest.put_keys(&records).await).await?;
        crate::kill_point!("keys.after-upload");
        context.input(|work| Ok(keys::uploaded(&mut work.crypto, &records)?))?;
        one_time_left = count.one_time_left;
        fallback_used = count.fallback_used;
    }
    Ok(())
}
