//! The account's devices as the list shows them; the truth about them is in the device log.

use chatty_protocol::DeviceId;

use super::value::{self, all, int, number, one, word, write};
use super::{Db, StoreError, Tx};
use crate::api::device::Device;
use crate::api::state::{DeviceClass, DeviceState};

/// One device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// The device.
    pub device: DeviceId,
    /// Its label.
    pub name: String,
    /// Where it runs, as it says itself.
    pub platform: String,
    /// What it may do.
    pub class: DeviceClass,
    /// Whether it is in use.
    pub state: DeviceState,
    /// Of its certificate, Unix ms.
    pub created_ms: u64,
    /// To the hour, Unix ms; 0 = never seen.
    pub last_seen_ms: u64,
}

impl DeviceRow {
    /// The row as shells see it.
    pub fn view(&self, current: &DeviceId) -> Device {
        Device {
            id: self.device,
            name: self.name.clone(),
            class: self.class,
            platform: self.platform.clone(),
            state: self.state,
            current: self.device == *current,
            created_ms: self.created_ms,
            last_seen_ms: self.last_seen_ms,
        }
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<DeviceRow> {
    Ok(DeviceRow {
        device: value::device(row, 0)?,
        name: row.get(1)?,
        platform: row.get(2)?,
        class: word(row, 3)?,
        state: word(row, 4)?,
        created_ms: number(row, 5)?,
        last_seen_ms: number(row, 6)?,
    })
}

/// One device.
pub fn get(db: &dyn Db, device: &DeviceId) -> Result<Option<DeviceRow>, StoreError> {
    one(
        db.connection(),
        "SELECT device, name, platform, class, state, created_ms, last_seen_ms FROM device
         WHERE device = ?1",
        [device.as_ref()],
        read,
    )
}

/// All devices, oldest first.
pub fn list(db: &dyn Db) -> Result<Vec<DeviceRow>, StoreError> {
    all(
        db.connection(),
        "SELECT device, name, platform, class, state, created_ms, last_seen_ms FROM device
         ORDER BY created_ms, device",
        [],
        read,
    )
}

/// Writes a device, new or changed.
pub fn put(tx: &Tx<'_>, device: &DeviceRow) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO device
             (device, name, platform, class, state, created_ms, last_seen_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            device.device.as_ref(),
            &device.name,
            &device.platform,
            device.class.as_str(),
            device.state.as_str(),
            int(device.created_ms),
            int(device.last_seen_ms),
        ),
    )?;
    Ok(())
}

/// Forgets a device: it waited and its time is over.
pub fn remove(tx: &Tx<'_>, device: &DeviceId) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM device WHERE device = ?1",
        [device.as_ref()],
    )?;
    Ok(())
}
