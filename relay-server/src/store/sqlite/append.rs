//! The hot path: rows of streams. Nothing here allocates per row but the outcome's slot.

use std::sync::Arc;

use bytes::Bytes;
use chatty_protocol::{DeviceId, MsgId};
use rusqlite::{Connection, OptionalExtension, Statement, params};
use tokio::sync::oneshot;

use super::append_log;
use super::cache::{Sender, Stream};
use super::num::{bytes, sql, uint};
use super::tails::Tails;
use super::task::{Task, Tx};
use crate::store::stream::{Append, Appended, NewBody, NewRow, RowKind, StoredRow};
use crate::store::{StoreError, StoreResult};

/// Row kinds as stored; 3 is a purged message.
pub(super) const MESSAGE: i64 = 1;
/// A membership entry.
pub(super) const LOG: i64 = 2;
/// Steps back through a device's rows before a repeat counts as stale.
const WALK: usize = 256;

/// Statements that live as long as the connection.
pub(super) struct Hot<'c> {
    insert: Statement<'c>,
    sender: Statement<'c>,
    timer: Statement<'c>,
    walk: Statement<'c>,
}

impl<'c> Hot<'c> {
    /// Prepares them.
    pub(super) fn prepare(conn: &'c Connection) -> StoreResult<Self> {
        Ok(Self {
            insert: conn.prepare(
                "INSERT INTO msg(conv, seq, kind, dev, n, prev, t, x, mid, body)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?,
            sender: conn.prepare(
                "INSERT INTO sender(conv, dev, last_n, last_seq) VALUES(?1, ?2, ?3, ?4)
                 ON CONFLICT(conv, dev) DO UPDATE SET last_n=?3, last_seq=?4",
            )?,
            timer: conn.prepare("INSERT OR IGNORE INTO timer(at, conv, seq) VALUES(?1, ?2, ?3)")?,
            walk: conn.prepare("SELECT n, mid, prev, t, body FROM msg WHERE conv=?1 AND seq=?2")?,
        })
    }
}

/// Rows to append, of one or more streams.
pub(super) struct AppendTask {
    groups: Vec<Append>,
    out: Vec<Vec<Appended>>,
    /// Floor of each group's stream, for the tails.
    floors: Vec<u64>,
    tails: Arc<Tails>,
    reply: oneshot::Sender<StoreResult<Vec<Vec<Appended>>>>,
}

impl AppendTask {
    pub(super) fn new(
        groups: Vec<Append>,
        tails: Arc<Tails>,
    ) -> (Self, oneshot::Receiver<StoreResult<Vec<Vec<Appended>>>>) {
        let (reply, receiver) = oneshot::channel();
        let task = Self {
            groups,
            out: Vec::new(),
            floors: Vec::new(),
            tails,
            reply,
        };
        (task, receiver)
    }

    /// Rows become readable from memory only now, when they are durable.
    fn publish(&self) {
        for ((group, outcomes), floor) in self.groups.iter().zip(&self.out).zip(&self.floors) {
            for (row, outcome) in group.rows.iter().zip(outcomes) {
                if let Appended::Accepted { seq } = outcome {
                    self.tails.push(group.conv, *floor, stored(row, *seq));
                }
            }
        }
    }
}

fn stored(row: &NewRow, seq: u64) -> StoredRow {
    let (kind, n, body) = match &row.body {
        NewBody::Message { n, body, .. } => (RowKind::Message, sql(*n), body),
        NewBody::Log(change) => (RowKind::Log, -sql(change.log_seq), &change.bytes),
    };
    StoredRow {
        seq,
        kind,
        user: row.user,
        device: row.device,
        n,
        time: row.time,
        body: body.clone(),
    }
}

impl Task for AppendTask {
    fn apply(&mut self, tx: &mut Tx<'_, '_>) -> StoreResult<()> {
        self.out.clear();
        self.floors.clear();
        for group in &self.groups {
            let (outcomes, floor) = append_group(tx, group)?;
            self.out.push(outcomes);
            self.floors.push(floor);
        }
        Ok(())
    }

    fn answer(self: Box<Self>, committed: StoreResult<()>) {
        let mut this = *self;
        if committed.is_ok() {
            this.publish();
        }
        let result = committed.map(|()| std::mem::take(&mut this.out));
        // The caller may have gone away; the rows stay.
        let _gone = this.reply.send(result);
    }

    fn weight(&self) -> (usize, usize) {
        self.groups.iter().fold((0, 0), |(rows, bytes), group| {
            (rows + group.rows.len(), bytes + group_bytes(group))
        })
    }

    fn grows(&self) -> bool {
        true
    }
}

/// Body bytes of a group.
pub(super) fn group_bytes(group: &Append) -> usize {
    group
        .rows
        .iter()
        .map(|row| match &row.body {
            NewBody::Message { body, .. } => body.len(),
            NewBody::Log(change) => change.bytes.len(),
        })
        .sum()
}

/// Where an append stands while its rows are looked at.
struct Cursor<'a> {
    group: &'a Append,
    stream: Option<Stream>,
    /// New rows find the stream elsewhere than they were validated on.
    moved: bool,
    /// Devices with a refused row in this call.
    refused: Vec<DeviceId>,
}

fn append_group(tx: &mut Tx<'_, '_>, group: &Append) -> StoreResult<(Vec<Appended>, u64)> {
    let stream = tx.cache.stream(tx.conn, &group.conv)?;
    let head = stream.map_or(0, |stream| stream.head);
    let mut cursor = Cursor {
        group,
        stream,
        moved: head != group.base_head,
        refused: Vec::new(),
    };
    let mut outcomes = Vec::with_capacity(group.rows.len());
    for row in &group.rows {
        let outcome = append_row(tx, &mut cursor, row)?;
        match outcome {
            Appended::Cloned | Appended::Stale => {
                cursor.refused.push(row.device);
                // What follows an entry was validated on the state after it.
                cursor.moved |= matches!(row.body, NewBody::Log(_));
            }
            Appended::Retry { .. } => cursor.moved = true,
            _ => {}
        }
        outcomes.push(outcome);
    }
    if let Some(stream) = cursor.stream {
        tx.cache.put_stream(&group.conv, stream);
    }
    Ok((outcomes, cursor.stream.map_or(1, |stream| stream.floor)))
}

fn append_row(tx: &mut Tx<'_, '_>, cursor: &mut Cursor<'_>, row: &NewRow) -> StoreResult<Appended> {
    if !cursor.refused.is_empty() && cursor.refused.contains(&row.device) {
        return Ok(Appended::Behind);
    }
    match &row.body {
        NewBody::Message {
            msg,
            n,
            body,
            expires,
        } => append_message(tx, cursor, row, (msg, *n, body, *expires)),
        NewBody::Log(change) => {
            if let Some(stream) = cursor.stream
                && let Some(known) = append_log::known(tx.conn, &stream, change)?
            {
                return Ok(known);
            }
            if cursor.moved || change.log_seq != cursor.stream.map_or(0, |stream| stream.next_log())
            {
                return Ok(retry(cursor));
            }
            let mut stream = match cursor.stream {
                Some(stream) => stream,
                None => append_log::create(tx.conn, &cursor.group.conv, change.direct, row.time)?,
            };
            let dev = tx.cache.device(tx.conn, &row.device, &row.user)?;
            let seq = stream.head + 1;
            let n = -sql(change.log_seq);
            tx.hot.insert.execute(params![
                stream.no,
                sql(seq),
                LOG,
                dev,
                n,
                None::<i64>,
                sql(row.time),
                None::<i64>,
                None::<&[u8]>,
                None::<&[u8]>
            ])?;
            append_log::apply(tx, &stream, seq, change)?;
            stream.head = seq;
            stream.log = Some(change.log_seq);
            cursor.stream = Some(stream);
            Ok(Appended::Accepted { seq })
        }
    }
}

fn append_message(
    tx: &mut Tx<'_, '_>,
    cursor: &mut Cursor<'_>,
    row: &NewRow,
    (msg, n, body, expires): (&MsgId, u64, &Bytes, Option<u64>),
) -> StoreResult<Appended> {
    let Some(stream) = cursor.stream.as_mut() else {
        return Ok(retry(cursor));
    };
    let dev = tx.cache.device(tx.conn, &row.device, &row.user)?;
    let sender = tx.cache.sender(tx.conn, stream.no, dev)?;
    if n <= sender.last_n {
        return find_message(tx, stream.no, sender, n, msg);
    }
    if cursor.moved {
        return Ok(Appended::Retry { head: stream.head });
    }
    let seq = stream.head + 1;
    let prev = (sender.last_seq > 0).then(|| sql(sender.last_seq));
    tx.hot.insert.execute(params![
        stream.no,
        sql(seq),
        MESSAGE,
        dev,
        sql(n),
        prev,
        sql(row.time),
        expires.map(sql),
        msg.as_ref() as &[u8],
        body.as_ref()
    ])?;
    tx.hot
        .sender
        .execute(params![stream.no, dev, sql(n), sql(seq)])?;
    if let Some(at) = expires {
        tx.hot
            .timer
            .execute(params![sql(at), stream.no, sql(seq)])?;
    }
    stream.head = seq;
    tx.cache.put_sender(
        stream.no,
        dev,
        Sender {
            last_n: n,
            last_seq: seq,
        },
    );
    Ok(Appended::Accepted { seq })
}

fn retry(cursor: &Cursor<'_>) -> Appended {
    Appended::Retry {
        head: cursor.stream.map_or(0, |stream| stream.head),
    }
}

/// Walks a device's rows back until n: same message, another one, or none.
fn find_message(
    tx: &mut Tx<'_, '_>,
    conv: i64,
    sender: Sender,
    n: u64,
    msg: &MsgId,
) -> StoreResult<Appended> {
    let mut at = sender.last_seq;
    for _ in 0..WALK {
        let found = tx
            .hot
            .walk
            .query_row((conv, sql(at)), |row| {
                let there = uint(row, 0)?;
                if there != n {
                    let prev: Option<i64> = row.get(2)?;
                    return Ok((there, false, prev, 0, Bytes::new()));
                }
                let same = row.get_ref(1)?.as_blob_or_null()? == Some(msg.as_ref());
                Ok((there, same, None, uint(row, 3)?, bytes(row, 4)?))
            })
            .optional()?;
        let Some((there, same, prev, time, body)) = found else {
            break;
        };
        if there == n {
            return Ok(match same {
                true => Appended::Original {
                    seq: at,
                    time,
                    body,
                },
                false => Appended::Cloned,
            });
        }
        match prev {
            Some(prev) if there > n => at = prev.cast_unsigned(),
            _ => break,
        }
    }
    Ok(Appended::Stale)
}

/// Refuses calls that break the bounds of the contract.
pub(super) fn check(groups: &[Append]) -> StoreResult<()> {
    use crate::store::stream::{APPEND_BYTES, APPEND_ROWS};
    for group in groups {
        if group.rows.len() > APPEND_ROWS || group_bytes(group) > APPEND_BYTES {
            return Err(StoreError::Invalid("too much for one append"));
        }
        let n_ok = group.rows.iter().all(|row| match &row.body {
            NewBody::Message { n, .. } => (1..=chatty_protocol::limits::UINT_MAX).contains(n),
            NewBody::Log(change) => change.log_seq <= chatty_protocol::limits::UINT_MAX,
        });
        if !n_ok {
            return Err(StoreError::Invalid("a number out of range"));
        }
    }
    Ok(())
}
