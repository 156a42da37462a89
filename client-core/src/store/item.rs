//! To-device items: the outbox with its own numbers, and what came and waits.

use chatty_protocol::DeviceId;
use chatty_protocol::limits::{BATCH_BYTES, BATCH_ITEMS};

use super::meta::{self, NEXT_ITEM};
use super::value::{self, all, int, number, one, optional_number, write};
use super::{Db, StoreError, Tx};

/// An item that waits for the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemOut {
    /// Order of making.
    pub id: i64,
    /// Recipient.
    pub to: DeviceId,
    /// Canonical bytes of the `item`.
    pub item: Vec<u8>,
    /// Useless after this time, Unix ms.
    pub expires_ms: u64,
    /// Number at the relay, once it is part of a batch; never changes.
    pub n: Option<u64>,
}

/// Puts an item into the outbox.
pub fn push(tx: &Tx<'_>, to: &DeviceId, item: &[u8], expires_ms: u64) -> Result<i64, StoreError> {
    write(
        tx.connection(),
        "INSERT INTO item_out (recipient, item, expires_ms) VALUES (?1, ?2, ?3)",
        (to.as_ref(), item, int(expires_ms)),
    )?;
    Ok(tx.connection().last_insert_rowid())
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<ItemOut> {
    Ok(ItemOut {
        id: row.get(0)?,
        to: value::device(row, 1)?,
        item: row.get(2)?,
        expires_ms: number(row, 3)?,
        n: optional_number(row, 4)?,
    })
}

/// The batch that goes out now, in order of n. An open one comes again byte for byte; otherwise
/// the next is formed: FIFO per recipient, one item per recipient, within the batch limits.
/// Commit before it leaves.
pub fn batch(tx: &Tx<'_>, now_ms: u64) -> Result<Vec<ItemOut>, StoreError> {
    let open = all(
        tx.connection(),
        "SELECT id, recipient, item, expires_ms, n FROM item_out WHERE n IS NOT NULL ORDER BY n",
        [],
        read,
    )?;
    if !open.is_empty() {
        return Ok(open);
    }
    // An expired item would only be dropped by the relay; it never gets a number.
    write(
        tx.connection(),
        "DELETE FROM item_out WHERE expires_ms <= ?1 AND n IS NULL",
        [int(now_ms)],
    )?;
    let waiting = all(
        tx.connection(),
        "SELECT id, recipient, item, expires_ms, n FROM item_out
         WHERE id IN (SELECT min(id) FROM item_out GROUP BY recipient) ORDER BY id LIMIT ?1",
        [int(BATCH_ITEMS as u64)],
        read,
    )?;
    let mut n = meta::number(tx, NEXT_ITEM)?.unwrap_or(1);
    let mut bytes = 0;
    let mut batch = Vec::new();
    for mut item in waiting {
        bytes += item.item.len();
        if bytes > BATCH_BYTES && !batch.is_empty() {
            break;
        }
        write(
            tx.connection(),
            "UPDATE item_out SET n = ?2 WHERE id = ?1",
            (item.id, int(n)),
        )?;
        item.n = Some(n);
        batch.push(item);
        n += 1;
    }
    meta::set_number(tx, NEXT_ITEM, n)?;
    Ok(batch)
}

/// The relay answered the open batch: its items are done. Gives them, for what was refused.
pub fn answered(tx: &Tx<'_>) -> Result<Vec<ItemOut>, StoreError> {
    let mut items = all(
        tx.connection(),
        "DELETE FROM item_out WHERE n IS NOT NULL RETURNING id, recipient, item, expires_ms, n",
        [],
        read,
    )?;
    items.sort_by_key(|item| item.n);
    Ok(items)
}

/// The relay refused the open batch whole: no number was used, it is formed anew.
pub fn unformed(tx: &Tx<'_>) -> Result<(), StoreError> {
    let first = one(tx.connection(), "SELECT min(n) FROM item_out", [], |row| {
        optional_number(row, 0)
    })?
    .flatten();
    if let Some(first) = first {
        write(tx.connection(), "UPDATE item_out SET n = NULL", [])?;
        meta::set_number(tx, NEXT_ITEM, first)?;
    }
    Ok(())
}

/// Raises the next number: the relay says that lower ones are used.
pub fn skip_to(tx: &Tx<'_>, next: u64) -> Result<(), StoreError> {
    if meta::number(tx, NEXT_ITEM)?.unwrap_or(1) < next {
        meta::set_number(tx, NEXT_ITEM, next)?;
    }
    Ok(())
}

/// Whether an item made at or before `id` still waits: then what needs it must not leave.
pub fn waits_up_to(db: &dyn Db, id: i64) -> Result<bool, StoreError> {
    let found = one(
        db.connection(),
        "SELECT 1 FROM item_out WHERE id <= ?1 LIMIT 1",
        [id],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// How many items wait.
pub fn count(db: &dyn Db) -> Result<u64, StoreError> {
    let found = one(
        db.connection(),
        "SELECT count(*) FROM item_out",
        [],
        |row| number(row, 0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Drops items to a device that is gone and whose item has no number yet.
pub fn drop_to(tx: &Tx<'_>, device: &DeviceId) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM item_out WHERE recipient = ?1 AND n IS NULL",
        [device.as_ref()],
    )?;
    Ok(())
}

/// Newest item of a sender device that was committed here.
pub fn cursor(db: &dyn Db, device: &DeviceId) -> Result<u64, StoreError> {
    let found = one(
        db.connection(),
        "SELECT n FROM item_cursor WHERE device = ?1",
        [device.as_ref()],
        |row| number(row, 0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Raises the cursor of a sender device, in the transaction that took the item in.
pub fn set_cursor(tx: &Tx<'_>, device: &DeviceId, n: u64) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "INSERT INTO item_cursor (device, n) VALUES (?1, ?2)
         ON CONFLICT (device) DO UPDATE SET n = max(n, excluded.n)",
        (device.as_ref(), int(n)),
    )?;
    Ok(())
}

/// An item that came and waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemIn {
    /// Sender.
    pub device: DeviceId,
    /// Its number.
    pub n: u64,
    /// The frame as it came.
    pub frame: Vec<u8>,
    /// Next try, Unix ms; none = only a newer program can read it.
    pub retry_ms: Option<u64>,
    /// Dropped then, Unix ms.
    pub until_ms: u64,
}

/// Keeps an item for later.
pub fn keep(tx: &Tx<'_>, item: &ItemIn) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO item_in (device, n, frame, retry_ms, until_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            item.device.as_ref(),
            int(item.n),
            &item.frame,
            item.retry_ms.map(int),
            int(item.until_ms),
        ),
    )?;
    Ok(())
}

/// Kept items to try now, in order per sender.
pub fn kept_due(db: &dyn Db, now_ms: u64, limit: usize) -> Result<Vec<ItemIn>, StoreError> {
    all(
        db.connection(),
        "SELECT device, n, frame, retry_ms, until_ms FROM item_in
         WHERE retry_ms <= ?1 ORDER BY device, n LIMIT ?2",
        (int(now_ms), int(limit as u64)),
        |row| {
            Ok(ItemIn {
                device: value::device(row, 0)?,
                n: number(row, 1)?,
                frame: row.get(2)?,
                retry_ms: optional_number(row, 3)?,
                until_ms: number(row, 4)?,
            })
        },
    )
}

/// Forgets a kept item.
pub fn forget(tx: &Tx<'_>, device: &DeviceId, n: u64) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM item_in WHERE device = ?1 AND n = ?2",
        (device.as_ref(), int(n)),
    )?;
    Ok(())
}

/// Drops kept items past their time.
pub fn drop_kept(tx: &Tx<'_>, now_ms: u64) -> Result<usize, StoreError> {
    write(
        tx.connection(),
        "DELETE FROM item_in WHERE until_ms <= ?1",
        [int(now_ms)],
    )
}
