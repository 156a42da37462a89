//! `PurgeStore` on SQLite: small steps, the floor raised in the transaction that deletes.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::num::{sql, uint};
use super::task::{Class, Tx};
use crate::store::StoreResult;
use crate::store::purge::{PurgeCuts, PurgeStore, Purged};

#[async_trait]
impl PurgeStore for SqliteStore {
    async fn purge(&self, cuts: PurgeCuts, budget: usize) -> StoreResult<Purged> {
        let tails = Arc::clone(&self.tails);
        let limit = sql(budget.max(1) as u64);
        self.write(Class::Purge, budget, false, move |tx| {
            let purged = step(tx, &cuts, limit)?;
            if purged.rows + purged.voided > 0 {
                tails.clear();
            }
            if purged != Purged::default() {
                tx.cache.clear();
            }
            Ok(purged)
        })
        .await
    }
}

fn step(tx: &mut Tx<'_, '_>, cuts: &PurgeCuts, limit: i64) -> StoreResult<Purged> {
    let conn = tx.conn;
    let (voided, more_timers) = void_expired(conn, cuts.now, limit)?;
    let (rows, more_rows) = delete_old(conn, cuts.rows, limit)?;
    let (items, more_items) = delete_items(conn, cuts, limit)?;
    let others = delete_others(conn, cuts, limit)?;
    let more = more_timers || more_rows || more_items || others >= limit.cast_unsigned();
    Ok(Purged {
        rows,
        voided,
        items,
        others,
        more,
    })
}

/// Empties rows whose timer ended; seq, device and n stay.
fn void_expired(conn: &Connection, now: u64, limit: i64) -> StoreResult<(u64, bool)> {
    let mut due = conn.prepare_cached(
        "SELECT at, conv, seq FROM timer WHERE at<=?1 ORDER BY at, conv, seq LIMIT ?2",
    )?;
    let due: Vec<(i64, i64, i64)> = due
        .query_map((sql(now), limit), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    let mut voided = 0;
    for (at, conv, seq) in &due {
        voided += conn
            .prepare_cached(
                "UPDATE msg SET kind=3, body=NULL, x=NULL WHERE conv=?1 AND seq=?2 AND kind=1",
            )?
            .execute((conv, seq))? as u64;
        conn.prepare_cached("DELETE FROM timer WHERE at=?1 AND conv=?2 AND seq=?3")?
            .execute((at, conv, seq))?;
    }
    Ok((voided, due.len() as i64 == limit))
}

/// Where the last step ended, so that entries that stay are not passed again and again.
const PURGED: &str = "purged_id";

/// Deletes the oldest rows that are no entries. Row ids rise with time and with seq.
fn delete_old(conn: &Connection, before: u64, limit: i64) -> StoreResult<(u64, bool)> {
    let start: i64 = conn
        .prepare_cached("SELECT ifnull((SELECT CAST(v AS INT) FROM meta WHERE k=?1), 0)")?
        .query_row((PURGED,), |row| row.get(0))?;
    let mut statement = conn.prepare_cached(
        "SELECT id, conv, seq, kind, t FROM msg WHERE id>?1 ORDER BY id LIMIT ?2",
    )?;
    let mut rows = statement.query((start, limit))?;
    let (mut at, mut passed, mut old) = (start, 0, Vec::new());
    while let Some(row) = rows.next()? {
        if uint(row, 4)? >= before {
            break;
        }
        at = row.get(0)?;
        passed += 1;
        let kind: i64 = row.get(3)?;
        if kind != super::append::LOG {
            old.push((at, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
        }
    }
    drop(rows);
    for (_, conv, seq) in &old {
        conn.prepare_cached("UPDATE conv SET floor=max(floor, ?2+1) WHERE no=?1")?
            .execute((conv, seq))?;
    }
    for (id, _, _) in &old {
        conn.prepare_cached("DELETE FROM msg WHERE id=?1")?
            .execute((id,))?;
    }
    if passed > 0 {
        // New rows take the number behind the greatest that is left.
        conn.prepare_cached(
            "INSERT OR REPLACE INTO meta(k, v)
             VALUES(?1, min(?2, ifnull((SELECT max(id) FROM msg), 0)))",
        )?
        .execute((PURGED, at))?;
    }
    Ok((old.len() as u64, passed == limit))
}

/// Deletes items that waited too long, expired ones, and those for revoked devices.
fn delete_items(conn: &Connection, cuts: &PurgeCuts, limit: i64) -> StoreResult<(u64, bool)> {
    let mut gone = 0;
    // Items of one inbox expire in any order; the walk is over the oldest only, like `t`.
    gone += conn
        .prepare_cached(
            "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox ORDER BY id LIMIT ?3)
             AND (t<?1 OR x<?2)",
        )?
        .execute((sql(cuts.inbox), sql(cuts.now), limit))?;
    gone += conn
        .prepare_cached(
            "DELETE FROM inbox WHERE id IN (
                 SELECT i.id FROM device d CROSS JOIN inbox i ON i.rcpt=d.dev_no
                 WHERE d.state=2 LIMIT ?1)",
        )?
        .execute((limit,))?;
    Ok((gone as u64, gone as i64 >= limit))
}

/// Account rows that end by themselves.
fn delete_others(conn: &Connection, cuts: &PurgeCuts, limit: i64) -> StoreResult<u64> {
    let (now, claims, keys) = (sql(cuts.now), sql(cuts.claims), sql(cuts.claimed_keys));
    let steps: [(&str, i64); 9] = [
        (
            "DELETE FROM otk_claim WHERE id IN (SELECT id FROM otk_claim WHERE t<?1 LIMIT ?2)",
            claims,
        ),
        (
            "DELETE FROM otk WHERE id IN (SELECT id FROM otk WHERE claimed IS NOT NULL AND claimed<?1 LIMIT ?2)",
            keys,
        ),
        // A code's row counts the mails of a day, so it stays for one.
        (
            "DELETE FROM code WHERE id IN (SELECT id FROM code WHERE expires<?1 AND day+86400000<?1 LIMIT ?2)",
            now,
        ),
        (
            "DELETE FROM link_frame WHERE link IN (SELECT id FROM link WHERE expires<?1 LIMIT ?2)",
            now,
        ),
        (
            "DELETE FROM link WHERE id IN (SELECT id FROM link WHERE expires<?1 LIMIT ?2)",
            now,
        ),
        (
            "DELETE FROM refresh_family WHERE family IN (SELECT family FROM refresh_family WHERE expires<?1 LIMIT ?2)",
            now,
        ),
        (
            "DELETE FROM budget WHERE rowid IN (SELECT rowid FROM budget WHERE until<?1 LIMIT ?2)",
            now,
        ),
        (
            "DELETE FROM device WHERE dev_no IN (SELECT dev_no FROM device WHERE state=0 AND pending_until<?1 LIMIT ?2)",
            now,
        ),
        (
            "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state=1 AND run_at+604800000<?1 LIMIT ?2)",
            now,
        ),
    ];
    let mut gone = 0;
    for (sql, cut) in steps {
        gone += conn.prepare_cached(sql)?.execute((cut, limit))?;
    }
    Ok(gone as u64)
}
