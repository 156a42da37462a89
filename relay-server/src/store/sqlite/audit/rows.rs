//! Rows of one stream: contiguous, readable, and behind their senders' newest numbers.

use std::collections::BTreeMap;

use chatty_protocol::codec::decode_exact;
use chatty_protocol::envelope::Send;
use rusqlite::{Connection, Row};

use super::super::append::{LOG, MESSAGE};
use super::super::num::uint;
use super::{Conv, Fault};
use crate::store::StoreResult;

/// Entries of a stream by their row: stream number → log number.
pub(super) type Entries = BTreeMap<u64, u64>;

/// Newest message of each device, as the rows say: device → (n, seq).
type Newest = BTreeMap<i64, (i64, u64)>;

/// Looks at every row; returns the rows that hold entries.
pub(super) fn check(
    conn: &Connection,
    conv: &Conv,
    faults: &mut Vec<Fault>,
) -> StoreResult<Entries> {
    let mut statement = conn.prepare_cached(
        "SELECT m.seq, m.kind, m.n, m.dev, d.no IS NOT NULL AND u.no IS NOT NULL, m.mid, m.body
         FROM msg m LEFT JOIN dev d ON d.no=m.dev LEFT JOIN user u ON u.no=d.user_no
         WHERE m.conv=?1 ORDER BY m.seq",
    )?;
    let mut rows = statement.query((conv.no,))?;
    let (mut entries, mut newest) = (Entries::new(), Newest::new());
    let mut expected = conv.floor;
    while let Some(row) = rows.next()? {
        let (seq, kind) = (uint(row, 0)?, row.get::<_, i64>(1)?);
        if kind == LOG {
            entries.insert(seq, row.get::<_, i64>(2)?.unsigned_abs());
        } else {
            newest.insert(row.get(3)?, (row.get(2)?, seq));
        }
        if seq < expected {
            // Below the floor only entries stay; nobody reads there.
            continue;
        }
        if seq > expected {
            faults.push(hole(conv, expected, seq - 1));
        }
        expected = seq + 1;
        if !is_readable(row, conv, kind)? {
            faults.push(Fault::Row { conv: conv.id, seq });
        }
    }
    let top = check_senders(conn, conv, newest, faults)?;
    if top >= expected {
        faults.push(hole(conv, expected, top));
    }
    Ok(entries)
}

fn hole(conv: &Conv, from: u64, to: u64) -> Fault {
    Fault::Hole {
        conv: conv.id,
        from,
        to,
    }
}

fn is_readable(row: &Row<'_>, conv: &Conv, kind: i64) -> StoreResult<bool> {
    if !row.get::<_, bool>(4)? {
        return Ok(false);
    }
    if kind != MESSAGE {
        return Ok(true);
    }
    let (n, mid) = (row.get::<_, i64>(2)?, row.get_ref(5)?.as_blob_or_null());
    let Ok(Some(body)) = row.get_ref(6)?.as_blob_or_null() else {
        return Ok(false);
    };
    Ok(decode_exact::<Send>(body).is_ok_and(|send| {
        let same = mid.is_ok_and(|mid| mid == Some(send.msg.as_ref()));
        same && send.conv == conv.id && send.n.cast_signed() == n
    }))
}

/// Holds what is remembered of senders against the rows; returns the newest number that sender or
/// log know of.
fn check_senders(
    conn: &Connection,
    conv: &Conv,
    mut newest: Newest,
    faults: &mut Vec<Fault>,
) -> StoreResult<u64> {
    let mut statement =
        conn.prepare_cached("SELECT dev, last_n, last_seq FROM sender WHERE conv=?1")?;
    let mut rows = statement.query((conv.no,))?;
    let mut top = 0;
    while let Some(row) = rows.next()? {
        let (dev, last_n, last_seq) = (row.get(0)?, row.get::<_, i64>(1)?, uint(row, 2)?);
        top = top.max(last_seq);
        if let Some((n, seq)) = newest.get(&dev)
            && *n <= last_n
            && *seq <= last_seq
        {
            newest.remove(&dev);
        }
    }
    // A row that a repair filled in for an unknown message has n = 0 and no sender.
    let behind = newest.into_iter().filter(|(_, (n, _))| *n > 0);
    faults.extend(behind.map(|(dev, _)| Fault::Sender { conv: conv.id, dev }));
    let logged: i64 = conn
        .prepare_cached("SELECT ifnull(max(seq), 0) FROM clog WHERE conv=?1")?
        .query_row((conv.no,), |row| row.get(0))?;
    Ok(top.max(logged.unsigned_abs()))
}

/// Read markers that cannot be handed out.
pub(super) fn check_marks(
    conn: &Connection,
    conv: &Conv,
    faults: &mut Vec<Fault>,
) -> StoreResult<()> {
    let mut statement = conn.prepare_cached(
        "SELECT m.id, d.no IS NOT NULL, m.body FROM mark m LEFT JOIN dev d ON d.no=m.dev
         WHERE m.conv=?1",
    )?;
    let mut rows = statement.query((conv.no,))?;
    while let Some(row) = rows.next()? {
        let known: bool = row.get(1)?;
        let whole = row
            .get_ref(2)?
            .as_blob()
            .is_ok_and(|body| decode_exact::<Send>(body).is_ok_and(|send| send.conv == conv.id));
        if !known || !whole {
            faults.push(Fault::Mark {
                conv: conv.id,
                id: row.get(0)?,
            });
        }
    }
    Ok(())
}
