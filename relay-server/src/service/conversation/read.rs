//! `GET /conversations/{id}/log`, `/rows`, `/marks`.

use bytes::Bytes;
use chatty_protocol::conversation_log::ConvEntry;
use chatty_protocol::sign::{Head, Signed};
use chatty_protocol::{ConvId, ErrorCode, UserId, limits};

use super::{Conversations, EntryRefusal, Readable};
use crate::gateway::encode;
use crate::store::stream::{LogRow, ReadFrom as Way};

/// Where a page of rows begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsFrom {
    /// Rising, behind this number.
    After(u64),
    /// Falling, below this number.
    Before(u64),
    /// The newest rows.
    Newest,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsView {
    /// Rows below are purged or not this user's.
    pub floor: u64,
    /// Newest number that this user may read.
    pub head: u64,
    /// Numbers with frames 36, 41, 49, rising.
    pub rows: Vec<(u64, Bytes)>,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogView {
    /// Newest entry that this user may read.
    pub head: Head,
    /// In order.
    pub entries: Vec<LogRow>,
}

fn unknown() -> EntryRefusal {
    EntryRefusal::new(ErrorCode::NotFound, "no such conversation")
}

impl Conversations {
    async fn must_read(&self, conv: &ConvId, user: &UserId) -> Result<Readable, EntryRefusal> {
        let readable = self.readable(conv, user).await?;
        if readable.is_empty() {
            return Err(unknown());
        }
        Ok(readable)
    }

    /// Rows of one stay; the next page goes on in the next one.
    pub async fn rows(
        &self,
        conv: &ConvId,
        user: &UserId,
        from: RowsFrom,
        limit: usize,
        bytes: usize,
    ) -> Result<RowsView, EntryRefusal> {
        let readable = self.must_read(conv, user).await?;
        let end = match from {
            RowsFrom::Before(before) => before,
            RowsFrom::After(_) | RowsFrom::Newest => u64::MAX,
        };
        let stay = match from {
            RowsFrom::After(after) => readable.stay_after(after),
            RowsFrom::Before(_) | RowsFrom::Newest => readable.stay_before(end),
        };
        let (first, last) = stay.unwrap_or((u64::MAX, Some(0)));
        let way = match from {
            RowsFrom::After(after) => Way::After(after.max(first.saturating_sub(1))),
            _ => Way::Before(
                last.map_or(end, |last| end.min(last + 1))
                    .min(limits::UINT_MAX),
            ),
        };
        let limit = limit.clamp(1, limits::PAGE);
        let page = self.store.read(*conv, way, limit, bytes).await?;
        let mine = |seq: u64| seq >= first && last.is_none_or(|last| seq <= last);
        Ok(RowsView {
            floor: page.floor.max(readable.first()),
            head: readable.head(page.head),
            rows: (page.rows.iter().filter(|row| mine(row.seq)))
                .map(|row| (row.seq, encode::row(conv, row)))
                .collect(),
        })
    }

    /// Entries from number `from` on.
    pub async fn log(
        &self,
        conv: &ConvId,
        user: &UserId,
        from: u64,
        limit: usize,
    ) -> Result<LogView, EntryRefusal> {
        let readable = self.must_read(conv, user).await?;
        let limit = limit.clamp(1, limits::PAGE);
        let mut entries = self.store.log(*conv, from, limit).await?;
        if readable.is_open() {
            let stream = self.streams.get(conv).await?.ok_or_else(unknown)?;
            let head = stream.state().ok_or_else(unknown)?.head;
            // An entry that came between the two reads belongs to the next page.
            entries.retain(|row| row.log_seq <= head.seq);
            return Ok(LogView { head, entries });
        }
        let last = readable.head(u64::MAX);
        entries.retain(|row| row.seq <= last);
        let head = self.head_at(conv, last).await?.ok_or_else(unknown)?;
        Ok(LogView { head, entries })
    }

    /// Newest entry at or before a stream number.
    async fn head_at(&self, conv: &ConvId, last: u64) -> Result<Option<Head>, EntryRefusal> {
        let mut newest: Option<LogRow> = None;
        loop {
            let from = newest.as_ref().map_or(0, |row| row.log_seq + 1);
            let page = self.store.log(*conv, from, limits::PAGE).await?;
            let whole = page.len() == limits::PAGE;
            let ended = page.iter().any(|row| row.seq > last);
            newest = page.into_iter().rfind(|row| row.seq <= last).or(newest);
            if ended || !whole {
                break;
            }
        }
        let Some(row) = newest else { return Ok(None) };
        let damaged = |_| EntryRefusal::new(ErrorCode::Internal, "stored entry");
        let signed = Signed::<ConvEntry>::from_bytes(&row.bytes).map_err(damaged)?;
        Ok(Some(Head {
            seq: row.log_seq,
            hash: ConvEntry::hash_of(&signed),
        }))
    }

    /// Marks at or after `since` as frames 42, for somebody who is in the conversation now.
    /// Those of people whom the user blocked are left out.
    pub async fn marks(
        &self,
        conv: &ConvId,
        user: &UserId,
        since: u64,
    ) -> Result<Vec<Bytes>, EntryRefusal> {
        let readable = self.must_read(conv, user).await?;
        if !readable.is_open() {
            return Ok(Vec::new());
        }
        let marks = self.store.marks(*conv, since).await?;
        let blocked = self.store.blocks(*user).await?;
        let wanted = marks.iter().filter(|mark| !blocked.contains(&mark.user));
        Ok(wanted.map(|mark| encode::stored_mark(conv, mark)).collect())
    }
}
