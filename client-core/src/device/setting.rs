//! Settings that the account's devices share (to-device type 12).

use chatty_crypto::content::to_device::{Sync, ToDeviceBody};
use chatty_crypto::olm::Peer;
use chatty_protocol::codec::Any;
use chatty_protocol::limits;

use super::label;
use crate::conversation::flags;
use crate::engine::{Fault, Work};
use crate::message::read::own_others;
use crate::outbox::items;
use crate::store::account;
use crate::store::setting::{self, SettingRow};

/// Longest name of a setting, bytes: names are the programs' own.
const NAME_BYTES: usize = 128;

/// Writes a setting of the next revision and gives it to the other own devices.
pub fn set(work: &mut Work<'_>, name: &str, value: Vec<u8>) -> Result<(), Fault> {
    let own = account::get(work.db)?.ok_or(Fault::Bug("a setting without an account"))?;
    let row = SettingRow {
        name: name.to_owned(),
        value,
        rev: setting::get(work.db, name)?.map_or(1, |row| row.rev + 1),
        device: own.device,
    };
    setting::merge(work.db, &row)?;
    let body = body(&row);
    for peer in own_others(work)? {
        items::push(work, &peer, &body)?;
    }
    Ok(())
}

fn body(row: &SettingRow) -> ToDeviceBody {
    ToDeviceBody::Sync(Sync::Setting {
        name: row.name.clone(),
        value: Any(row.value.clone()),
        rev: row.rev,
    })
}

/// Everything that is set, for a device that is new.
pub fn give_all(work: &mut Work<'_>, to: &Peer) -> Result<(), Fault> {
    for row in setting::everything(work.db)? {
        items::push(work, to, &body(&row))?;
    }
    Ok(())
}

/// A setting of another own device.
pub fn take(
    work: &mut Work<'_>,
    from: &Peer,
    name: String,
    value: Any,
    rev: u64,
) -> Result<(), Fault> {
    if name.len() > NAME_BYTES || value.0.len() > limits::LOG_ENTRY_BYTES {
        return Ok(());
    }
    let row = SettingRow {
        name,
        value: value.0,
        rev,
        device: from.device,
    };
    if setting::merge(work.db, &row)? {
        label::changed(work, &row.name)?;
        flags::changed(work, &row.name);
    }
    Ok(())
}
