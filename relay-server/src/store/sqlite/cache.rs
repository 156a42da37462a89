//! What the writer remembers between commits. Dropped whole after any failed commit, because it
//! then describes rows that do not exist.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chatty_protocol::{ConvId, DeviceId, UserId};
use rusqlite::{Connection, OptionalExtension};

use super::num::{int, uint};
use crate::store::StoreResult;

/// Entries of one map before the cache starts anew.
const ENTRIES: usize = 100_000;

/// A stream as the writer knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stream {
    pub no: i64,
    /// Newest seq.
    pub head: u64,
    /// Rows below are purged.
    pub floor: u64,
    /// Newest log number; none before the first entry.
    pub log: Option<u64>,
}

impl Stream {
    /// Number that the next entry must have.
    pub(super) fn next_log(&self) -> u64 {
        self.log.map_or(0, |head| head + 1)
    }
}

/// Newest message of a device in a stream.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sender {
    pub last_n: u64,
    pub last_seq: u64,
}

/// What waits in an inbox.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    pub items: usize,
    pub bytes: usize,
    /// (items, bytes) per sender device number.
    pub pairs: HashMap<i64, (usize, usize)>,
}

/// Everything that is remembered.
#[derive(Debug, Default)]
pub(super) struct Cache {
    users: HashMap<UserId, i64>,
    devices: HashMap<DeviceId, i64>,
    streams: HashMap<ConvId, Stream>,
    senders: HashMap<(i64, i64), Sender>,
    pub inboxes: HashMap<i64, Inbox>,
}

impl Cache {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.users.clear();
        self.devices.clear();
        self.streams.clear();
        self.senders.clear();
        self.inboxes.clear();
    }

    /// Starts anew when a map has grown too large; called between commits.
    pub(super) fn trim(&mut self) {
        let sizes = [
            self.users.len(),
            self.devices.len(),
            self.streams.len(),
            self.senders.len(),
            self.inboxes.len(),
        ];
        if sizes.iter().any(|size| *size > ENTRIES) {
            self.clear();
        }
    }

    /// Number of a user, made on first sight.
    pub(super) fn user(&mut self, conn: &Connection, user: &UserId) -> StoreResult<i64> {
        if let Some(no) = self.users.get(user) {
            return Ok(*no);
        }
        let no = match find(conn, "SELECT no FROM user WHERE id=?1", user.as_ref())? {
            Some(no) => no,
            None => conn
                .prepare_cached("INSERT INTO user(id) VALUES(?1)")?
                .insert((user.as_ref(),))?,
        };
        self.users.insert(*user, no);
        Ok(no)
    }

    /// Number of a device, made on first sight.
    pub(super) fn device(
        &mut self,
        conn: &Connection,
        device: &DeviceId,
        user: &UserId,
    ) -> StoreResult<i64> {
        if let Some(no) = self.devices.get(device) {
            return Ok(*no);
        }
        let no = match find(conn, "SELECT no FROM dev WHERE id=?1", device.as_ref())? {
            Some(no) => no,
            None => {
                let user_no = self.user(conn, user)?;
                conn.prepare_cached("INSERT INTO dev(id, user_no) VALUES(?1, ?2)")?
                    .insert((device.as_ref(), user_no))?
            }
        };
        self.devices.insert(*device, no);
        Ok(no)
    }

    /// Number of a device that is known already.
    pub(super) fn known_device(
        &mut self,
        conn: &Connection,
        device: &DeviceId,
    ) -> StoreResult<Option<i64>> {
        if let Some(no) = self.devices.get(device) {
            return Ok(Some(*no));
        }
        let found = find(conn, "SELECT no FROM dev WHERE id=?1", device.as_ref())?;
        if let Some(no) = found {
            self.devices.insert(*device, no);
        }
        Ok(found)
    }

    /// A stream, read on first sight; none when there is no such conversation.
    pub(super) fn stream(
        &mut self,
        conn: &Connection,
        conv: &ConvId,
    ) -> StoreResult<Option<Stream>> {
        if let Some(stream) = self.streams.get(conv) {
            return Ok(Some(*stream));
        }
        let found: Option<Stream> = conn
            .prepare_cached(
                "SELECT no, max(floor - 1, ifnull((SELECT max(seq) FROM msg WHERE conv=no), 0)),
                        (SELECT max(ls) FROM clog WHERE conv=no), floor
                 FROM conv WHERE id=?1",
            )?
            .query_row((conv.as_ref(),), |row| {
                let log: Option<i64> = row.get(2)?;
                Ok(Stream {
                    no: row.get(0)?,
                    head: uint(row, 1)?,
                    floor: uint(row, 3)?,
                    log: log.map(i64::cast_unsigned),
                })
            })
            .optional()?;
        if let Some(stream) = found {
            self.streams.insert(*conv, stream);
        }
        Ok(found)
    }

    /// Remembers how far a stream has come.
    pub(super) fn put_stream(&mut self, conv: &ConvId, stream: Stream) {
        self.streams.insert(*conv, stream);
    }

    /// Newest message of a device in a stream; zeros if none.
    pub(super) fn sender(&mut self, conn: &Connection, conv: i64, dev: i64) -> StoreResult<Sender> {
        if let Some(sender) = self.senders.get(&(conv, dev)) {
            return Ok(*sender);
        }
        let found = conn
            .prepare_cached("SELECT last_n, last_seq FROM sender WHERE conv=?1 AND dev=?2")?
            .query_row((conv, dev), |row| {
                Ok(Sender {
                    last_n: uint(row, 0)?,
                    last_seq: uint(row, 1)?,
                })
            })
            .optional()?
            .unwrap_or_default();
        self.senders.insert((conv, dev), found);
        Ok(found)
    }

    /// Remembers the newest message of a device.
    pub(super) fn put_sender(&mut self, conv: i64, dev: i64, sender: Sender) {
        self.senders.insert((conv, dev), sender);
    }

    /// What waits for a device, counted on first sight by one scan of its inbox.
    pub(super) fn inbox(&mut self, conn: &Connection, rcpt: i64) -> StoreResult<&mut Inbox> {
        match self.inboxes.entry(rcpt) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(count_inbox(conn, rcpt)?)),
        }
    }
}

fn count_inbox(conn: &Connection, rcpt: i64) -> StoreResult<Inbox> {
    let mut inbox = Inbox::default();
    let mut statement = conn.prepare_cached(
        "SELECT snd, count(*), sum(length(body)) FROM inbox WHERE rcpt=?1 GROUP BY snd",
    )?;
    let mut rows = statement.query((rcpt,))?;
    while let Some(row) = rows.next()? {
        let pair = (usize_of(row, 1)?, usize_of(row, 2)?);
        inbox.items += pair.0;
        inbox.bytes += pair.1;
        inbox.pairs.insert(row.get(0)?, pair);
    }
    Ok(inbox)
}

fn usize_of(row: &rusqlite::Row<'_>, index: usize) -> rusqlite::Result<usize> {
    Ok(usize::try_from(uint(row, index)?).unwrap_or(usize::MAX))
}

fn find(conn: &Connection, sql: &'static str, id: &[u8]) -> StoreResult<Option<i64>> {
    Ok(conn
        .prepare_cached(sql)?
        .query_row((id,), |row| int(row, 0))
        .optional()?)
}
