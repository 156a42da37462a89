//! Mends what was found. A lost row cannot be brought back: its place is taken by an empty row, so
//! that the stream goes on and every device sees that something is gone.

use chatty_protocol::ConvId;
use chatty_protocol::conversation_log::ConvEntry;
use chatty_protocol::sign::Signed;
use rusqlite::{Connection, OptionalExtension};

use super::super::append::LOG;
use super::super::num::{conv_no, device_no, sql};
use super::Fault;
use crate::store::{StoreError, StoreResult};

/// A row without content.
const VOID: i64 = 3;

/// Mends one fault, inside the transaction of them all.
pub(super) fn one(conn: &Connection, fault: &Fault, now: u64) -> StoreResult<()> {
    match fault {
        Fault::Hole { conv, from, to } => {
            let no = number(conn, conv)?;
            (*from..=*to).try_for_each(|seq| fill(conn, no, seq, now))
        }
        Fault::Row { conv, seq } => empty(conn, number(conn, conv)?, *seq),
        Fault::Sender { conv, dev } => {
            conn.prepare_cached(
                "INSERT OR REPLACE INTO sender(conv, dev, last_n, last_seq)
                 SELECT ?1, ?2, max(max(n), ifnull((SELECT last_n FROM sender WHERE conv=?1 AND dev=?2), 0)),
                        max(seq)
                 FROM msg WHERE conv=?1 AND dev=?2 AND kind<>2 HAVING count(*)>0",
            )?
            .execute((number(conn, conv)?, dev))?;
            Ok(())
        }
        Fault::Mark { id, .. } => delete(conn, "DELETE FROM mark WHERE id=?1", *id),
        Fault::Item { place } => delete(conn, "DELETE FROM inbox WHERE id=?1", *place),
        Fault::Log { .. } => Ok(()),
    }
}

fn number(conn: &Connection, conv: &ConvId) -> StoreResult<i64> {
    conv_no(conn, conv)?.ok_or(StoreError::NotFound("conversation"))
}

fn delete(conn: &Connection, statement: &'static str, id: i64) -> StoreResult<()> {
    conn.prepare_cached(statement)?.execute((id,))?;
    Ok(())
}

/// Puts the row of an entry back, or an empty row.
fn fill(conn: &Connection, conv: i64, seq: u64, now: u64) -> StoreResult<()> {
    let (kind, dev, n, prev) = match entry_at(conn, conv, seq)? {
        Some((log_seq, dev)) => (LOG, dev, -log_seq, None),
        None => {
            let (dev, n) = lost_message(conn, conv, seq)?;
            (VOID, dev, n, previous(conn, conv, dev, seq)?)
        }
    };
    let time: i64 = conn
        .prepare_cached("SELECT ifnull(max(t), ?3) FROM msg WHERE conv=?1 AND seq<?2")?
        .query_row((conv, sql(seq), sql(now)), |row| row.get(0))?;
    conn.prepare_cached(
        "INSERT INTO msg(conv, seq, kind, dev, n, prev, t) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((conv, sql(seq), kind, dev, n, prev, time))?;
    Ok(())
}

/// Log number and device of the entry that stood there.
fn entry_at(conn: &Connection, conv: i64, seq: u64) -> StoreResult<Option<(i64, i64)>> {
    let found: Option<(i64, Vec<u8>)> = conn
        .prepare_cached("SELECT ls, bytes FROM clog WHERE conv=?1 AND seq=?2")?
        .query_row((conv, sql(seq)), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((log_seq, bytes)) = found else {
        return Ok(None);
    };
    let entry = Signed::<ConvEntry>::from_bytes(&bytes).and_then(|signed| signed.open());
    let Ok(entry) = entry else { return Ok(None) };
    let dev = device_no(conn, &entry.device)?;
    Ok(dev.map(|dev| (log_seq, dev)))
}

/// Device and number of a lost message, as far as the rows around it tell; n = 0 when they do not.
fn lost_message(conn: &Connection, conv: i64, seq: u64) -> StoreResult<(i64, i64)> {
    let newest: Option<(i64, i64)> = conn
        .prepare_cached("SELECT dev, last_n FROM sender WHERE conv=?1 AND last_seq=?2")?
        .query_row((conv, sql(seq)), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some(newest) = newest {
        return Ok(newest);
    }
    // The sender's next row names this one as the one before it.
    let next: Option<(i64, i64)> = conn
        .prepare_cached("SELECT dev, n FROM msg WHERE conv=?1 AND prev=?2 AND kind<>2")?
        .query_row((conv, sql(seq)), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((dev, next)) = next else {
        return Ok((creator(conn, conv)?, 0));
    };
    let before: i64 = conn
        .prepare_cached(
            "SELECT ifnull(max(n), 0) FROM msg WHERE conv=?1 AND dev=?2 AND seq<?3 AND kind<>2",
        )?
        .query_row((conv, dev, sql(seq)), |row| row.get(0))?;
    let n = if next == before + 2 { before + 1 } else { 0 };
    Ok((dev, n))
}

fn previous(conn: &Connection, conv: i64, dev: i64, seq: u64) -> StoreResult<Option<i64>> {
    Ok(conn
        .prepare_cached("SELECT max(seq) FROM msg WHERE conv=?1 AND dev=?2 AND seq<?3 AND kind<>2")?
        .query_row((conv, dev, sql(seq)), |row| row.get(0))?)
}

/// The device that made the conversation: somebody must stand at an empty row.
fn creator(conn: &Connection, conv: i64) -> StoreResult<i64> {
    conn.prepare_cached(
        "SELECT m.dev FROM msg m JOIN dev d ON d.no=m.dev WHERE m.conv=?1 ORDER BY m.seq LIMIT 1",
    )?
    .query_row((conv,), |row| row.get(0))
    .optional()?
    .ok_or(StoreError::NotFound("a row of the conversation"))
}

/// Empties a row that cannot be read; an entry keeps its kind, its bytes stand in the log.
fn empty(conn: &Connection, conv: i64, seq: u64) -> StoreResult<()> {
    let creator = creator(conn, conv)?;
    conn.prepare_cached(
        "UPDATE msg SET kind=CASE kind WHEN 2 THEN 2 ELSE 3 END, body=NULL, x=NULL,
                n=CASE WHEN kind=2 OR dev IN (SELECT no FROM dev) THEN n ELSE 0 END,
                dev=CASE WHEN dev IN (SELECT d.no FROM dev d JOIN user u ON u.no=d.user_no)
                         THEN dev ELSE ?3 END
         WHERE conv=?1 AND seq=?2",
    )?
    .execute((conv, sql(seq), creator))?;
    Ok(())
}
