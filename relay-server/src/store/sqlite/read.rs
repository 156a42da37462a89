//! Reading streams: pages, heads, logs, marks.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

use chatty_protocol::{ConvId, DeviceId};
use rusqlite::{Connection, OptionalExtension, Row};

use super::append::{LOG, MESSAGE};
use super::num::{self, bytes, conv_no, device_no, sql, uint};
use crate::store::StoreResult;
use crate::store::stream::{
    LogRow, Page, ReadFrom, RowKind, StoredMark, StoredRow, StreamHead, partition,
};

/// Head, floor and log head of a stream.
pub(super) fn head(conn: &Connection, conv: &ConvId) -> StoreResult<Option<StreamHead>> {
    Ok(conn
        .prepare_cached(
            "SELECT max(floor - 1, ifnull((SELECT max(seq) FROM msg WHERE conv=no), 0)), floor,
                    ifnull((SELECT max(ls) FROM clog WHERE conv=no), 0)
             FROM conv WHERE id=?1",
        )?
        .query_row((conv.as_ref(),), |row| head_at(row, 0))
        .optional()?)
}

/// The three numbers of a head, from column `index` on.
pub(super) fn head_at(row: &Row<'_>, index: usize) -> rusqlite::Result<StreamHead> {
    Ok(StreamHead {
        head: uint(row, index)?,
        floor: uint(row, index + 1)?,
        log_seq: uint(row, index + 2)?,
    })
}

/// One page of rows, rising; stops at a hole and counts it.
pub(super) fn page(
    conn: &Connection,
    conv: &ConvId,
    from: ReadFrom,
    rows: usize,
    size: usize,
    holes: &AtomicU64,
) -> StoreResult<Page> {
    let (Some(no), Some(at)) = (conv_no(conn, conv)?, head(conn, conv)?) else {
        return Ok(Page::default());
    };
    let mut page = Page {
        floor: at.floor,
        head: at.head,
        rows: Vec::new(),
    };
    let (start, rising) = match from {
        ReadFrom::After(after) => ((after.saturating_add(1)).max(at.floor), true),
        ReadFrom::Before(before) => (before.saturating_sub(1).min(at.head), false),
    };
    if start < at.floor || start > at.head {
        return Ok(page);
    }
    let mut statement = conn.prepare_cached(if rising { RISING } else { FALLING })?;
    let limit = i64::try_from(rows).unwrap_or(i64::MAX);
    let mut found = statement.query((no, sql(start), sql(at.floor), limit))?;
    let (mut expected, mut used) = (start, 0);
    while let Some(row) = found.next()? {
        let row = stored(row)?;
        if row.seq != expected {
            break;
        }
        used += row.body.len();
        if used > size && !page.rows.is_empty() {
            break;
        }
        page.rows.push(row);
        expected = if rising { expected + 1 } else { expected - 1 };
    }
    let whole = page.rows.len() == rows || used > size;
    let end = if rising {
        expected == at.head + 1
    } else {
        expected + 1 == at.floor
    };
    if !whole && !end {
        holes.fetch_add(1, Ordering::Relaxed);
        tracing::error!("a stream has a hole; run `chatty-relay doctor --streams`");
    }
    if !rising {
        page.rows.reverse();
    }
    Ok(page)
}

const RISING: &str = "
    SELECT m.seq, m.kind, u.id, d.id, m.n, m.t,
           CASE m.kind WHEN 2 THEN (SELECT bytes FROM clog WHERE conv=m.conv AND ls=-m.n) ELSE m.body END
    FROM msg m JOIN dev d ON d.no=m.dev JOIN user u ON u.no=d.user_no
    WHERE m.conv=?1 AND m.seq>=?2 AND m.seq>=?3 ORDER BY m.seq LIMIT ?4";
const FALLING: &str = "
    SELECT m.seq, m.kind, u.id, d.id, m.n, m.t,
           CASE m.kind WHEN 2 THEN (SELECT bytes FROM clog WHERE conv=m.conv AND ls=-m.n) ELSE m.body END
    FROM msg m JOIN dev d ON d.no=m.dev JOIN user u ON u.no=d.user_no
    WHERE m.conv=?1 AND m.seq<=?2 AND m.seq>=?3 ORDER BY m.seq DESC LIMIT ?4";

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredRow> {
    let kind: i64 = row.get(1)?;
    Ok(StoredRow {
        seq: uint(row, 0)?,
        kind: match kind {
            MESSAGE => RowKind::Message,
            LOG => RowKind::Log,
            _ => RowKind::Void,
        },
        user: num::user(row, 2)?,
        device: num::device(row, 3)?,
        n: row.get(4)?,
        time: uint(row, 5)?,
        body: bytes(row, 6)?,
    })
}

/// Streams that were appended to since a time, newest first. Row ids rise with time, so this
/// walks back from the newest row.
pub(super) fn recent(
    conn: &Connection,
    partitions: &RangeInclusive<u16>,
    since: u64,
    limit: usize,
) -> StoreResult<Vec<(ConvId, u64)>> {
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::new();
    let mut statement = conn.prepare_cached("SELECT conv, seq, t FROM msg ORDER BY id DESC")?;
    let mut id = conn.prepare_cached("SELECT id FROM conv WHERE no=?1")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if uint(row, 2)? < since || found.len() == limit {
            break;
        }
        let no: i64 = row.get(0)?;
        if !seen.insert(no) {
            continue;
        }
        let conv = id.query_row((no,), |row| num::conv(row, 0))?;
        if partitions.contains(&partition(&conv)) {
            found.push((conv, uint(row, 1)?));
        }
    }
    Ok(found)
}

/// Membership entries.
pub(super) fn log(
    conn: &Connection,
    conv: &ConvId,
    from: u64,
    limit: usize,
) -> StoreResult<Vec<LogRow>> {
    let Some(no) = conv_no(conn, conv)? else {
        return Ok(Vec::new());
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(
        "SELECT ls, seq, bytes FROM clog WHERE conv=?1 AND ls>=?2 ORDER BY ls LIMIT ?3",
    )?;
    let rows = statement.query_map((no, sql(from), limit), |row| {
        Ok(LogRow {
            log_seq: uint(row, 0)?,
            seq: uint(row, 1)?,
            bytes: bytes(row, 2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Newest message of a device per conversation.
pub(super) fn own(
    conn: &Connection,
    device: &DeviceId,
    convs: &[ConvId],
) -> StoreResult<Vec<(u64, u64)>> {
    let Some(dev) = device_no(conn, device)? else {
        return Ok(vec![(0, 0); convs.len()]);
    };
    let mut statement = conn.prepare_cached(
        "SELECT s.last_seq, s.last_n FROM sender s JOIN conv c ON c.no=s.conv
         WHERE c.id=?1 AND s.dev=?2",
    )?;
    convs
        .iter()
        .map(|conv| {
            Ok(statement
                .query_row((conv.as_ref(), dev), |row| {
                    Ok((uint(row, 0)?, uint(row, 1)?))
                })
                .optional()?
                .unwrap_or_default())
        })
        .collect()
}

/// Marks of a conversation.
pub(super) fn marks(conn: &Connection, conv: &ConvId, since: u64) -> StoreResult<Vec<StoredMark>> {
    let Some(no) = conv_no(conn, conv)? else {
        return Ok(Vec::new());
    };
    let mut statement = conn.prepare_cached(
        "SELECT u.id, d.id, m.t, m.body
         FROM mark m JOIN dev d ON d.no=m.dev JOIN user u ON u.no=d.user_no
         WHERE m.conv=?1 AND m.t>=?2 ORDER BY m.t",
    )?;
    let rows = statement.query_map((no, sql(since)), |row| {
        Ok(StoredMark {
            user: num::user(row, 0)?,
            device: num::device(row, 1)?,
            time: uint(row, 2)?,
            body: bytes(row, 3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
