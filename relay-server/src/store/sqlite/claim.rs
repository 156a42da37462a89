//! Claiming a key: each one-time key once, repeats answered with the same key (A18).

use bytes::Bytes;
use rusqlite::OptionalExtension;

use super::num::{bytes, sql};
use super::prekey::count;
use super::task::Tx;
use crate::store::StoreResult;
use crate::store::prekey::{ClaimTarget, Claimed};

/// What the targets of one call share.
pub(super) struct Call {
    pub claimer: i64,
    pub claim_id: [u8; 16],
    pub now: u64,
    pub repeat_since: u64,
}

/// One target.
pub(super) fn one(tx: &mut Tx<'_, '_>, call: &Call, target: &ClaimTarget) -> StoreResult<Claimed> {
    let none = Claimed {
        key: None,
        left: None,
    };
    let Some(dev) = tx.cache.known_device(tx.conn, &target.device)? else {
        return Ok(none);
    };
    if let Some(key) = repeated(tx, call, dev)? {
        return Ok(Claimed { key, left: None });
    }
    if target.repeat_only {
        return Ok(none);
    }
    let live: Option<bool> = tx
        .conn
        .prepare_cached("SELECT state=1 FROM device WHERE dev_no=?1")?
        .query_row((dev,), |row| row.get(0))
        .optional()?;
    if live != Some(true) {
        return Ok(none);
    }
    let mut key = None;
    if !target.fallback_only {
        key = take_one_time(tx, dev, call.now)?;
    }
    if key.is_none() {
        key = take_fallback(tx, dev)?;
    }
    tx.conn
        .prepare_cached(
            "INSERT OR REPLACE INTO otk_claim(claimer, claim, target, t, bytes)
             VALUES(?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            call.claimer,
            call.claim_id.as_slice(),
            dev,
            sql(call.now),
            key.as_deref(),
        ))?;
    let left = key.is_some().then(|| count(tx.conn, dev)).transpose()?;
    Ok(Claimed { key, left })
}

/// The answer that this claim got before, if it is not too old.
fn repeated(tx: &mut Tx<'_, '_>, call: &Call, dev: i64) -> StoreResult<Option<Option<Bytes>>> {
    let found = tx
        .conn
        .prepare_cached(
            "SELECT bytes FROM otk_claim WHERE claimer=?1 AND claim=?2 AND target=?3 AND t>=?4",
        )?
        .query_row(
            (
                call.claimer,
                call.claim_id.as_slice(),
                dev,
                sql(call.repeat_since),
            ),
            |row| bytes(row, 0),
        )
        .optional()?;
    Ok(found.map(|bytes| (!bytes.is_empty()).then_some(bytes)))
}

fn take_one_time(tx: &mut Tx<'_, '_>, dev: i64, now: u64) -> StoreResult<Option<Bytes>> {
    Ok(tx
        .conn
        .prepare_cached(
            "UPDATE otk SET claimed=?2 WHERE id=(
                 SELECT id FROM otk WHERE dev=?1 AND claimed IS NULL ORDER BY key LIMIT 1)
             RETURNING bytes",
        )?
        .query_row((dev, sql(now)), |row| bytes(row, 0))
        .optional()?)
}

fn take_fallback(tx: &mut Tx<'_, '_>, dev: i64) -> StoreResult<Option<Bytes>> {
    Ok(tx
        .conn
        .prepare_cached("UPDATE fallback SET used=1 WHERE dev=?1 RETURNING bytes")?
        .query_row((dev,), |row| bytes(row, 0))
        .optional()?)
}
