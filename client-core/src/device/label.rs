//! Labels of devices: a setting that own devices share.

use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::{DeviceId, limits};

use super::setting;
use crate::api::device::DeviceRename;
use crate::api::state::{DeviceClass, DeviceState};
use crate::api::{Done, Event, LocalCode};
use crate::engine::{Context, Fault, Work};
use crate::store::account;
use crate::store::device::{self, DeviceRow};
use crate::store::setting as rows;

/// Name of the setting with a device's label and platform.
fn name_of(device: &DeviceId) -> String {
    format!("device/{device}")
}

/// The first label of this device: what the user says, else what the machine is called.
pub fn begin(
    work: &mut Work<'_>,
    own: &DeviceId,
    name: Option<&str>,
    state: DeviceState,
) -> Result<(), Fault> {
    let machine = work.platform().device_label();
    let name = name.map_or(machine.name, str::to_owned);
    device::put(
        work.db,
        &DeviceRow {
            device: *own,
            name: shortened(&name),
            platform: machine.platform.clone(),
            class: DeviceClass::Full,
            state,
            created_ms: work.now_ms(),
            last_seen_ms: 0,
        },
    )?;
    keep(work, own, &shortened(&name), &machine.platform)
}

fn shortened(name: &str) -> String {
    name.chars().take(limits::NAME_CHARS).collect()
}

/// Writes a label as a setting that own devices share.
fn keep(work: &mut Work<'_>, device: &DeviceId, name: &str, platform: &str) -> Result<(), Fault> {
    setting::set(work, &name_of(device), encode(&(name, platform)))
}

/// Label and platform of a device, as far as they are known.
pub fn of(work: &Work<'_>, device: &DeviceId) -> Result<(String, String), Fault> {
    let row = rows::get(work.db, &name_of(device))?;
    let label = row.and_then(|row| decode_exact::<(String, String)>(&row.value).ok());
    Ok(label.unwrap_or_default())
}

/// A label that a new device told while it was approved.
pub fn told(
    work: &mut Work<'_>,
    device: &DeviceId,
    name: &str,
    platform: &str,
) -> Result<(), Fault> {
    keep(work, device, &shortened(name), &shortened(platform))
}

/// Changes a label.
pub fn rename(context: &Context, params: &DeviceRename) -> Result<Done, Fault> {
    let own = crate::account::current(context)?;
    let device = params.device.unwrap_or(own.device);
    let name = params.name.trim();
    if name.is_empty() || name.chars().count() > limits::NAME_CHARS {
        return Err(Fault::rule(
            LocalCode::Invalid,
            "A name has 1 to 64 characters.",
        ));
    }
    context.input(|work| {
        if device::get(work.db, &device)?.is_none() {
            return Err(Fault::rule(LocalCode::NoSuchDevice, "No such device."));
        }
        let (_, platform) = of(work, &device)?;
        keep(work, &device, name, &platform)?;
        show(work, &device)
    })?;
    Ok(Done {})
}

/// A setting of another own device counts: it may be a label.
pub fn changed(work: &mut Work<'_>, name: &str) -> Result<(), Fault> {
    let device = name.strip_prefix("device/").and_then(|id| id.parse().ok());
    match device {
        Some(device) => {
            // It says what kind of device it is.
            work.own_devices_changed();
            show(work, &device)
        }
        None => Ok(()),
    }
}

/// Takes a device's label into the list and tells it.
fn show(work: &mut Work<'_>, device: &DeviceId) -> Result<(), Fault> {
    let Some(mut row) = device::get(work.db, device)? else {
        return Ok(());
    };
    (row.name, row.platform) = of(work, device)?;
    device::put(work.db, &row)?;
    if let Some(own) = account::get(work.db)? {
        work.tell(Event::DeviceChanged {
            device: row.view(&own.device),
        });
    }
    Ok(())
}
