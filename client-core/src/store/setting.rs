//! Settings that own devices share (to-device type 12).

use chatty_protocol::DeviceId;

use super::value::{self, all, int, number, one, write};
use super::{Db, StoreError, Tx};

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRow {
    /// Name, for example `device/<id>` for a label.
    pub name: String,
    /// Canonical CBOR of the value.
    pub value: Vec<u8>,
    /// Rises with each change.
    pub rev: u64,
    /// Device that changed it; decides between equal revs.
    pub device: DeviceId,
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<SettingRow> {
    Ok(SettingRow {
        name: row.get(0)?,
        value: row.get(1)?,
        rev: number(row, 2)?,
        device: value::device(row, 3)?,
    })
}

/// One setting.
pub fn get(db: &dyn Db, name: &str) -> Result<Option<SettingRow>, StoreError> {
    one(
        db.connection(),
        "SELECT name, value, rev, device FROM setting WHERE name = ?1",
        [name],
        read,
    )
}

/// All settings, by name.
pub fn everything(db: &dyn Db) -> Result<Vec<SettingRow>, StoreError> {
    all(
        db.connection(),
        "SELECT name, value, rev, device FROM setting ORDER BY name",
        [],
        read,
    )
}

/// Takes a setting when its (rev, device) is the greatest; true when it counts.
pub fn merge(tx: &Tx<'_>, setting: &SettingRow) -> Result<bool, StoreError> {
    let written = write(
        tx.connection(),
        "INSERT INTO setting (name, value, rev, device) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, rev = excluded.rev,
             device = excluded.device
         WHERE (excluded.rev, excluded.device) > (rev, device)",
        (
            &setting.name,
            &setting.value,
            int(setting.rev),
            setting.device.as_ref(),
        ),
    )?;
    Ok(written > 0)
}
