//! `PrekeyStore` on SQLite.

use async_trait::async_trait;
use chatty_protocol::{DeviceId, limits};
use rusqlite::{Connection, OptionalExtension};

use super::num::{device_no, sql, uint};
use super::task::Tx;
use super::{SqliteStore, claim};
use crate::store::prekey::{ClaimTarget, Claimed, KeyCount, NewKey, PrekeyStore};
use crate::store::{StoreError, StoreResult};

#[async_trait]
impl PrekeyStore for SqliteStore {
    async fn keys_put(
        &self,
        device: DeviceId,
        keys: Vec<NewKey>,
        max_one_time: usize,
        now: u64,
    ) -> StoreResult<KeyCount> {
        self.grow(move |tx| {
            let dev = tx
                .cache
                .known_device(tx.conn, &device)?
                .ok_or(StoreError::NotFound("device"))?;
            for key in &keys {
                if key.fallback {
                    put_fallback(tx, dev, key, now)?;
                } else {
                    put_one_time(tx, dev, key)?;
                }
            }
            let count = count(tx.conn, dev)?;
            if count.one_time_left > max_one_time as u64 {
                return Err(StoreError::Invalid("too many one-time keys"));
            }
            Ok(count)
        })
        .await
    }

    async fn key_count(&self, device: DeviceId) -> StoreResult<KeyCount> {
        self.readers
            .read(move |conn| match device_no(conn, &device)? {
                Some(dev) => count(conn, dev),
                None => Ok(KeyCount {
                    one_time_left: 0,
                    fallback_used: true,
                }),
            })
            .await
    }

    async fn claim(
        &self,
        claimer: DeviceId,
        claim_id: [u8; 16],
        targets: Vec<ClaimTarget>,
        now: u64,
        repeat_since: u64,
    ) -> StoreResult<Vec<Claimed>> {
        if targets.len() > limits::CLAIM_TARGETS {
            return Err(StoreError::Invalid("too many targets"));
        }
        self.grow(move |tx| {
            let claimer = tx
                .cache
                .known_device(tx.conn, &claimer)?
                .ok_or(StoreError::NotFound("device"))?;
            let call = claim::Call {
                claimer,
                claim_id,
                now,
                repeat_since,
            };
            targets
                .iter()
                .map(|target| claim::one(tx, &call, target))
                .collect()
        })
        .await
    }
}

fn put_one_time(tx: &mut Tx<'_, '_>, dev: i64, key: &NewKey) -> StoreResult<()> {
    let stored = tx
        .conn
        .prepare_cached("SELECT bytes=?3 FROM otk WHERE dev=?1 AND key=?2")?
        .query_row((dev, sql(key.id), key.bytes.as_ref()), |row| row.get(0))
        .optional()?;
    match stored {
        Some(true) => Ok(()),
        Some(false) => Err(StoreError::Conflict("a key id with other content")),
        None => {
            tx.conn
                .prepare_cached("INSERT INTO otk(dev, key, bytes) VALUES(?1, ?2, ?3)")?
                .execute((dev, sql(key.id), key.bytes.as_ref()))?;
            Ok(())
        }
    }
}

fn put_fallback(tx: &mut Tx<'_, '_>, dev: i64, key: &NewKey, now: u64) -> StoreResult<()> {
    let stored: Option<(u64, bool, u64, Option<i64>)> = tx
        .conn
        .prepare_cached("SELECT key, bytes=?2, t, before FROM fallback WHERE dev=?1")?
        .query_row((dev, key.bytes.as_ref()), |row| {
            Ok((uint(row, 0)?, row.get(1)?, uint(row, 2)?, row.get(3)?))
        })
        .optional()?;
    let newest = match stored {
        Some((id, false, ..)) if id == key.id => {
            return Err(StoreError::Conflict("a key id with other content"));
        }
        // A late repeat of an upload that was followed by a newer one.
        Some((id, ..)) if id >= key.id => return Ok(()),
        Some((_, _, t, before)) => {
            let free_at = before.map_or(0, |at| at.unsigned_abs() + limits::FALLBACK_MIN_MS);
            if now < free_at {
                return Err(StoreError::TooSoon(free_at - now));
            }
            Some(sql(t))
        }
        None => None,
    };
    tx.conn
        .prepare_cached(
            "INSERT OR REPLACE INTO fallback(dev, key, used, t, before, bytes)
             VALUES(?1, ?2, 0, ?3, ?4, ?5)",
        )?
        .execute((dev, sql(key.id), sql(now), newest, key.bytes.as_ref()))?;
    Ok(())
}

/// What is left of a device's keys.
pub(super) fn count(conn: &Connection, dev: i64) -> StoreResult<KeyCount> {
    Ok(conn
        .prepare_cached(
            "SELECT (SELECT count(*) FROM otk WHERE dev=?1 AND claimed IS NULL),
                    ifnull((SELECT used FROM fallback WHERE dev=?1), 1)",
        )?
        .query_row((dev,), |row| {
            Ok(KeyCount {
                one_time_left: uint(row, 0)?,
                fallback_used: row.get(1)?,
            })
        })?)
}
