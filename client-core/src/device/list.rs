//! The list of devices: the device log tells which, the settings how they are called, the relay
//! when they were seen.

use chatty_crypto::device_log;
use chatty_protocol::DeviceId;
use chatty_protocol::device_log::Class;

use super::{approve, label};
use crate::api::Event;
use crate::api::device::Device;
use crate::api::state::{DeviceClass, DeviceState};
use crate::engine::{Context, Fault, Work};
use crate::store::account;
use crate::store::device::{self, DeviceRow};
use crate::sync::session;

/// All devices. Needs no relay; with one the times are newer and waiting devices are there.
pub async fn list(context: &Context) -> Result<Vec<Device>, Fault> {
    let own = crate::account::current(context)?;
    if !context.options.offline && own.device_state == DeviceState::Approved {
        match seen(context).await {
            Ok(()) => {}
            Err(fault) if fault.is_local() => return Err(fault),
            Err(fault) => tracing::debug!(%fault, "the list is as of the last connection"),
        }
    }
    let rows = context.read(|db| device::list(db))?;
    Ok(rows.iter().map(|row| row.view(&own.device)).collect())
}

/// Asks the relay when devices were seen, and who waits.
async fn seen(context: &Context) -> Result<(), Fault> {
    let told = session::with(context, async |rest| rest.devices().await).await?;
    context.input(|work| {
        for seen in &told.devices {
            if let Some(mut row) = device::get(work.db, &seen.device)? {
                row.last_seen_ms = row.last_seen_ms.max(seen.last_seen_ms);
                device::put(work.db, &row)?;
            }
        }
        Ok(())
    })?;
    approve::look(context).await
}

/// Writes the devices of the own log into the list.
pub fn refresh(work: &mut Work<'_>) -> Result<(), Fault> {
    let Some(own) = account::get(work.db)? else {
        return Ok(());
    };
    let Some(log) = device_log::get(&work.crypto, &own.user)? else {
        return Ok(());
    };
    for (id, record) in &log.devices {
        let state = match log.live(id) {
            None => DeviceState::Revoked,
            Some(record) if device_log::is_expired(record, work.now_ms()) => DeviceState::Expired,
            Some(_) => DeviceState::Approved,
        };
        let class = match record.class {
            Class::Limited => DeviceClass::Limited,
            Class::Full | Class::Bot => DeviceClass::Full,
        };
        let created = record
            .cert
            .open()
            .map_or(record.added_time, |cert| cert.created);
        put(work, &own.device, id, class, state, created)?;
    }
    Ok(())
}

fn put(
    work: &mut Work<'_>,
    own: &DeviceId,
    id: &DeviceId,
    class: DeviceClass,
    state: DeviceState,
    created_ms: u64,
) -> Result<(), Fault> {
    let before = device::get(work.db, id)?;
    let (name, platform) = label::of(work, id)?;
    let known = before.clone().map(|row| (row.name, row.platform));
    let (name, platform) = match (name.is_empty(), known) {
        (true, Some(known)) => known,
        _ => (name, platform),
    };
    let row = DeviceRow {
        device: *id,
        name,
        platform,
        class,
        state,
        created_ms,
        last_seen_ms: before.as_ref().map_or(0, |row| row.last_seen_ms),
    };
    if before.as_ref() != Some(&row) {
        device::put(work.db, &row)?;
        work.tell(Event::DeviceChanged {
            device: row.view(own),
        });
    }
    Ok(())
}
