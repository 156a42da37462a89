//! Device logs: compare-and-swap append with everything the entry does to devices, and pages.

use bytes::Bytes;
use chatty_protocol::codec::Fixed;
use chatty_protocol::sign::Head;
use chatty_protocol::{UserId, limits};
use rusqlite::{Connection, OptionalExtension, Row};

use super::num::{bytes, fixed, sql, uint, user_no};
use super::task::Tx;
use super::{erase, saga};
use crate::store::device::{DeviceAppended, DeviceChange, DeviceLogPage, LogHead, NewDeviceEntry};
use crate::store::{StoreError, StoreResult};

/// Newest position of a user's log.
pub(super) fn head(conn: &Connection, user: i64) -> StoreResult<Option<LogHead>> {
    Ok(conn
        .prepare_cached("SELECT branch, head, head_hash FROM account WHERE user_no=?1")?
        .query_row((user,), head_at)
        .optional()?)
}

fn head_at(row: &Row<'_>) -> rusqlite::Result<LogHead> {
    let hash = Fixed(fixed(row, 2)?);
    Ok(LogHead {
        branch: uint(row, 0)?,
        head: Head {
            seq: uint(row, 1)?,
            hash,
        },
    })
}

/// Appends an entry to an existing log.
pub(super) fn append(tx: &mut Tx<'_, '_>, entry: &NewDeviceEntry) -> StoreResult<DeviceAppended> {
    let user = tx.cache.user(tx.conn, &entry.user)?;
    let head = head(tx.conn, user)?.ok_or(StoreError::NotFound("account"))?;
    let stored: Option<i64> = tx
        .conn
        .prepare_cached(
            "SELECT 1 FROM device_log WHERE user_no=?1 AND seq=?2 AND hash=?3 AND bytes=?4",
        )?
        .query_row(
            (
                user,
                sql(entry.seq),
                entry.hash.0.as_slice(),
                entry.bytes.as_ref(),
            ),
            |row| row.get(0),
        )
        .optional()?;
    if stored.is_some() {
        return Ok(DeviceAppended::Repeated(head));
    }
    let next = if entry.recover {
        entry.seq > 0
    } else {
        follows(entry, &head)
    };
    if entry.on != Some(head) || !next {
        return Ok(DeviceAppended::Stale(head));
    }
    let base = if entry.recover {
        Some(base_branch(tx.conn, user, entry)?)
    } else {
        None
    };
    let branch = head.branch + u64::from(entry.recover);
    insert(tx, user, branch, base, entry)?;
    if entry.close {
        // Not a call later: a crash between the two would leave an account that nobody can enter
        // and nobody deletes.
        saga::start(tx, &entry.user)?;
    }
    Ok(DeviceAppended::Stored(LogHead {
        branch,
        head: Head {
            seq: entry.seq,
            hash: entry.hash,
        },
    }))
}

fn follows(entry: &NewDeviceEntry, head: &LogHead) -> bool {
    entry.seq == head.head.seq + 1 && entry.prev == head.head.hash
}

/// Branch that holds the entry which a `recover` builds on.
fn base_branch(conn: &Connection, user: i64, entry: &NewDeviceEntry) -> StoreResult<i64> {
    conn.prepare_cached(
        "SELECT branch FROM device_log WHERE user_no=?1 AND seq=?2 AND hash=?3
         ORDER BY branch DESC LIMIT 1",
    )?
    .query_row((user, sql(entry.seq - 1), entry.prev.0.as_slice()), |row| {
        row.get(0)
    })
    .optional()?
    .ok_or(StoreError::Invalid("no such base entry"))
}

/// Writes the entry, moves the head, changes the devices. The account row exists.
pub(super) fn insert(
    tx: &mut Tx<'_, '_>,
    user: i64,
    branch: u64,
    base: Option<i64>,
    entry: &NewDeviceEntry,
) -> StoreResult<()> {
    let hash = entry.hash.0.as_slice();
    tx.conn
        .prepare_cached(
            "INSERT INTO device_log(user_no, branch, seq, hash, base, bytes)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            user,
            sql(branch),
            sql(entry.seq),
            hash,
            base,
            entry.bytes.as_ref(),
        ))?;
    tx.conn
        .prepare_cached("UPDATE account SET branch=?2, head=?3, head_hash=?4 WHERE user_no=?1")?
        .execute((user, sql(branch), sql(entry.seq), hash))?;
    entry
        .changes
        .iter()
        .try_for_each(|change| apply(tx, user, entry, change))
}

fn apply(
    tx: &mut Tx<'_, '_>,
    user: i64,
    entry: &NewDeviceEntry,
    change: &DeviceChange,
) -> StoreResult<()> {
    match change {
        DeviceChange::Add {
            device,
            cert,
            class,
            expires,
        } => {
            let dev = tx.cache.device(tx.conn, device, &entry.user)?;
            // A pending device becomes live; a revoked one never again.
            let added = tx
                .conn
                .prepare_cached(
                    "INSERT INTO device(dev_no, user_no, cert, class, state, expires, added)
                     VALUES(?1, ?2, ?3, ?4, 1, ?5, ?6)
                     ON CONFLICT(dev_no) DO UPDATE
                     SET cert=?3, class=?4, state=1, expires=?5, pending_until=NULL, added=?6
                     WHERE state=0 AND user_no=?2",
                )?
                .execute((
                    dev,
                    user,
                    cert.as_ref(),
                    class,
                    sql(*expires),
                    sql(entry.now),
                ))?;
            if added == 1 {
                Ok(())
            } else {
                Err(StoreError::Conflict("device id"))
            }
        }
        DeviceChange::Renew {
            device,
            class,
            expires,
        } => {
            let dev = tx.cache.device(tx.conn, device, &entry.user)?;
            tx.conn
                .prepare_cached(
                    "UPDATE device SET class=?3, expires=?4 WHERE dev_no=?1 AND user_no=?2",
                )?
                .execute((dev, user, class, sql(*expires)))?;
            Ok(())
        }
        DeviceChange::Revoke { device } => {
            let dev = tx.cache.device(tx.conn, device, &entry.user)?;
            erase::revoke_device(tx.conn, user, dev)
        }
    }
}

/// One page of a branch.
pub(super) fn page(
    conn: &Connection,
    user: &UserId,
    branch: Option<u64>,
    from: u64,
    limit: usize,
) -> StoreResult<Option<DeviceLogPage>> {
    let Some(user) = user_no(conn, user)? else {
        return Ok(None);
    };
    let Some(newest) = head(conn, user)? else {
        return Ok(None);
    };
    let branch = branch.unwrap_or(newest.branch);
    let head = conn
        .prepare_cached(
            "SELECT seq, hash FROM device_log WHERE user_no=?1 AND branch=?2
             ORDER BY seq DESC LIMIT 1",
        )?
        .query_row((user, sql(branch)), |row| {
            Ok(Head {
                seq: uint(row, 0)?,
                hash: Fixed(fixed(row, 1)?),
            })
        })
        .optional()?;
    let Some(head) = head else { return Ok(None) };
    let limit = sql(limit.min(limits::PAGE) as u64);
    let mut statement = conn.prepare_cached(
        "SELECT bytes FROM device_log WHERE user_no=?1 AND branch=?2 AND seq>=?3
         ORDER BY seq LIMIT ?4",
    )?;
    let entries = statement
        .query_map((user, sql(branch), sql(from), limit), |row| bytes(row, 0))?
        .collect::<Result<_, _>>()?;
    Ok(Some(DeviceLogPage {
        branch,
        head,
        entries,
    }))
}

/// Entries from 0 to the newest head, over the branches that lead there.
pub(super) fn whole(conn: &Connection, user: &UserId) -> StoreResult<Vec<Bytes>> {
    let Some(user) = user_no(conn, user)? else {
        return Ok(Vec::new());
    };
    let Some(newest) = head(conn, user)? else {
        return Ok(Vec::new());
    };
    let mut parts: Vec<Vec<Bytes>> = Vec::new();
    let (mut branch, mut upto) = (sql(newest.branch), sql(newest.head.seq));
    let mut statement = conn.prepare_cached(
        "SELECT seq, base, bytes FROM device_log WHERE user_no=?1 AND branch=?2 AND seq<=?3
         ORDER BY seq",
    )?;
    // Each branch but 0 begins with a recover entry that names the one it builds on.
    for _ in 0..=newest.branch {
        let rows: Vec<(i64, Option<i64>, Bytes)> = statement
            .query_map((user, branch, upto), |row| {
                Ok((row.get(0)?, row.get(1)?, bytes(row, 2)?))
            })?
            .collect::<Result<_, _>>()?;
        let first = rows.first().map(|(seq, base, _)| (*seq, *base));
        parts.push(rows.into_iter().map(|(_, _, bytes)| bytes).collect());
        match first {
            Some((seq, Some(base))) => (branch, upto) = (base, seq - 1),
            _ => break,
        }
    }
    Ok(parts.into_iter().rev().flatten().collect())
}

/// Whether the user's log begins with this entry.
pub(super) fn is_init(conn: &Connection, user: i64, entry: &NewDeviceEntry) -> StoreResult<bool> {
    let found: Option<i64> = conn
        .prepare_cached(
            "SELECT 1 FROM device_log WHERE user_no=?1 AND branch=0 AND seq=0 AND bytes=?2",
        )?
        .query_row((user, entry.bytes.as_ref()), |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}
