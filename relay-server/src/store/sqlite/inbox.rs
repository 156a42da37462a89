//! `InboxStore` on SQLite.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::{DeviceId, limits};
use rusqlite::OptionalExtension;

use super::SqliteStore;
use super::cache::Inbox;
use super::num::{self, bytes, device_no, sql, uint};
use super::task::{Class, Tx};
use crate::store::inbox::{InboxPage, InboxStore, ItemPut, NewBatch, NewItem, StoredItem};
use crate::store::{StoreError, StoreResult};

#[async_trait]
impl InboxStore for SqliteStore {
    async fn inbox_put(&self, batch: NewBatch) -> StoreResult<Vec<ItemPut>> {
        if batch.items.len() > limits::BATCH_ITEMS || batch.n0 == 0 {
            return Err(StoreError::Invalid("a batch out of bounds"));
        }
        let rows = batch.items.len();
        let batch = Arc::new(batch);
        self.write(Class::Bulk, rows, true, move |tx| {
            let sender = tx.cache.device(tx.conn, &batch.device, &batch.user)?;
            let numbers = batch.n0..;
            numbers
                .zip(&batch.items)
                .map(|(n, item)| put(tx, sender, n, item, batch.now))
                .collect()
        })
        .await
    }

    async fn inbox_take(
        &self,
        recipient: DeviceId,
        after: u64,
        items: usize,
        size: usize,
        now: u64,
    ) -> StoreResult<InboxPage> {
        let limit = sql(items as u64);
        self.readers
            .read(move |conn| {
                let Some(rcpt) = device_no(conn, &recipient)? else {
                    return Ok(InboxPage::default());
                };
                let pending = conn
                    .prepare_cached("SELECT count(*) FROM inbox WHERE rcpt=?1 AND x>=?2")?
                    .query_row((rcpt, sql(now)), |row| uint(row, 0))?;
                // The index is by sender; one inbox is small enough to be sorted.
                let mut statement = conn.prepare_cached(
                    "SELECT i.id, u.id, d.id, i.n, i.body
                     FROM inbox i JOIN dev d ON d.no=i.snd JOIN user u ON u.no=d.user_no
                     WHERE i.id IN (SELECT id FROM inbox WHERE rcpt=?1 AND id>?2 AND x>=?3
                                    ORDER BY id LIMIT ?4)
                     ORDER BY i.id",
                )?;
                let mut rows = statement.query((rcpt, sql(after), sql(now), limit))?;
                let (mut page, mut used) = (
                    InboxPage {
                        items: Vec::new(),
                        pending,
                    },
                    0,
                );
                while let Some(row) = rows.next()? {
                    let body: Bytes = bytes(row, 4)?;
                    used += body.len();
                    if used > size && !page.items.is_empty() {
                        break;
                    }
                    page.items.push(StoredItem {
                        place: uint(row, 0)?,
                        user: num::user(row, 1)?,
                        device: num::device(row, 2)?,
                        n: uint(row, 3)?,
                        body,
                    });
                }
                Ok(page)
            })
            .await
    }

    async fn inbox_ack(&self, recipient: DeviceId, upto: Vec<(DeviceId, u64)>) -> StoreResult<u64> {
        let rows = upto.len();
        self.write(Class::Now, rows, false, move |tx| {
            let Some(rcpt) = tx.cache.known_device(tx.conn, &recipient)? else {
                return Ok(0);
            };
            let mut gone = 0;
            for (sender, n) in &upto {
                if let Some(sender) = tx.cache.known_device(tx.conn, sender)? {
                    gone += ack(tx, rcpt, sender, *n)?;
                }
            }
            Ok(gone)
        })
        .await
    }
}

fn put(tx: &mut Tx<'_, '_>, sender: i64, n: u64, item: &NewItem, now: u64) -> StoreResult<ItemPut> {
    if item.refused {
        return Ok(ItemPut::Refused);
    }
    let Some(rcpt) = tx.cache.known_device(tx.conn, &item.to)? else {
        return Ok(ItemPut::Unknown);
    };
    let live: Option<i64> = tx
        .conn
        .prepare_cached("SELECT 1 FROM device WHERE dev_no=?1 AND state=1")?
        .query_row((rcpt,), |row| row.get(0))
        .optional()?;
    if live.is_none() {
        return Ok(ItemPut::Unknown);
    }
    let size = item.body.len();
    let full = !has_room(tx.cache.inbox(tx.conn, rcpt)?, sender, size, item.own);
    let sql_text = if full { STORED } else { INSERT };
    if full {
        let stored: Option<i64> = tx
            .conn
            .prepare_cached(sql_text)?
            .query_row((rcpt, sender, sql(n)), |row| row.get(0))
            .optional()?;
        return Ok(if stored.is_some() {
            ItemPut::Stored
        } else {
            ItemPut::Full
        });
    }
    let added = tx.conn.prepare_cached(sql_text)?.execute((
        rcpt,
        sender,
        sql(n),
        sql(now),
        sql(item.expires),
        item.body.as_ref(),
    ))?;
    if added == 1 {
        let inbox = tx.cache.inbox(tx.conn, rcpt)?;
        inbox.items += 1;
        inbox.bytes += size;
        let pair = inbox.pairs.entry(sender).or_default();
        pair.0 += 1;
        pair.1 += size;
    }
    Ok(ItemPut::Stored)
}

const STORED: &str = "SELECT 1 FROM inbox WHERE rcpt=?1 AND snd=?2 AND n=?3";
const INSERT: &str =
    "INSERT OR IGNORE INTO inbox(rcpt, snd, n, t, x, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6)";

/// Quotas of protocol.md §21: a quarter of the inbox is kept for own devices.
fn has_room(inbox: &Inbox, sender: i64, size: usize, own: bool) -> bool {
    let reserved = if own { 0 } else { 1 };
    let items = limits::INBOX_ITEMS - reserved * limits::INBOX_ITEMS / limits::INBOX_OWN_SHARE;
    let bytes = limits::INBOX_BYTES - reserved * limits::INBOX_BYTES / limits::INBOX_OWN_SHARE;
    let pair = inbox.pairs.get(&sender).copied().unwrap_or_default();
    inbox.items < items
        && inbox.bytes + size <= bytes
        && pair.0 < limits::INBOX_PAIR_ITEMS
        && pair.1 + size <= limits::INBOX_PAIR_BYTES
}

fn ack(tx: &mut Tx<'_, '_>, rcpt: i64, sender: i64, n: u64) -> StoreResult<u64> {
    let mut statement = tx.conn.prepare_cached(
        "DELETE FROM inbox WHERE rcpt=?1 AND snd=?2 AND n<=?3 RETURNING length(body)",
    )?;
    let mut rows = statement.query((rcpt, sender, sql(n)))?;
    let (mut items, mut bytes) = (0, 0);
    while let Some(row) = rows.next()? {
        items += 1;
        bytes += usize::try_from(uint(row, 0)?).unwrap_or_default();
    }
    drop(rows);
    if let Some(inbox) = tx.cache.inboxes.get_mut(&rcpt) {
        inbox.items = inbox.items.saturating_sub(items);
        inbox.bytes = inbox.bytes.saturating_sub(bytes);
        if let Some(pair) = inbox.pairs.get_mut(&sender) {
            pair.0 = pair.0.saturating_sub(items);
            pair.1 = pair.1.saturating_sub(bytes);
        }
    }
    Ok(items as u64)
}
