//! Labels of devices: a setting that own devices share.

use chatty_crypto::content::to_device::{Sync, ToDeviceBody};
use chatty_crypto::olm::Peer;
use chatty_protocol::codec::{Any, decode_exact, encode};
use chatty_protocol::{DeviceId, limits};

use crate::api::device::DeviceRename;
use crate::api::state::{DeviceClass, DeviceState};
use crate::api::{Done, Event, LocalCode};
use crate::engine::{Context, Fault, Work};
use crate::message::read::own_others;
use crate::outbox::items;
use crate::store::account;
use crate::store::device::{self, DeviceRow};
use crate::store::setting::{self, SettingRow};

/// Name of the setting with a device's label and platform.
fn name_of(device: &DeviceId) -> String {
    format!("device/{device}")
}

/// The first label of this device: what the user says, else what the machine is called.
pub fn begin(work: &mut Work<'_>, own: &DeviceId, name: Option<&str>) -> Result<(), Fault> {
    let machine = work.platform().device_label();
    let name = name.map_or(machine.name, str::to_owned);
    device::put(
        work.db,
        &DeviceRow {
            device: *own,
            name: shortened(&name),
            platform: machine.platform.clone(),
            class: DeviceClass::Full,
            state: DeviceState::Approved,
            created_ms: work.now_ms(),
            last_seen_ms: 0,
        },
    )?;
    keep(work, own, &shortened(&name), &machine.platform)
}

fn shortened(name: &str) -> String {
    name.chars().take(limits::NAME_CHARS).collect()
}

/// Writes a label as a setting of the next revision and gives it to the other own devices.
fn keep(work: &mut Work<'_>, device: &DeviceId, name: &str, platform: &str) -> Result<(), Fault> {
    let own = account::get(work.db)?.map_or(*device, |own| own.device);
    let key = name_of(device);
    let rev = setting::get(work.db, &key)?.map_or(1, |row| row.rev + 1);
    let value = encode(&(name, platform));
    setting::merge(
        work.db,
        &SettingRow {
            name: key.clone(),
            value: value.clone(),
            rev,
            device: own,
        },
    )?;
    let body = ToDeviceBody::Sync(Sync::Setting {
        name: key,
        value: Any(value),
        rev,
    });
    for peer in own_others(work)? {
        items::push(work, &peer, &body)?;
    }
    Ok(())
}

/// Label and platform of a device, as far as they are known.
pub fn of(work: &Work<'_>, device: &DeviceId) -> Result<(String, String), Fault> {
    let row = setting::get(work.db, &name_of(device))?;
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

/// A setting of another own device.
pub fn setting(
    work: &mut Work<'_>,
    from: &Peer,
    name: String,
    value: Any,
    rev: u64,
) -> Result<(), Fault> {
    let device = name.strip_prefix("device/").and_then(|id| id.parse().ok());
    let counts = setting::merge(
        work.db,
        &SettingRow {
            name,
            value: value.0,
            rev,
            device: from.device,
        },
    )?;
    match device {
        Some(device) if counts => show(work, &device),
        _ => Ok(()),
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
