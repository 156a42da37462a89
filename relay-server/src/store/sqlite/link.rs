//! `LinkStore` on SQLite.

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::UserId;
use rusqlite::{OptionalExtension, Row};

use super::SqliteStore;
use super::num::{self, bytes, fixed, sql, uint};
use super::task::Tx;
use crate::store::StoreResult;
use crate::store::link::{FramePut, Link, LinkOpened, LinkStore, NewLink};

/// What [`link_row`] reads; the caller adds a condition.
macro_rules! select_link {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, u.id, v.id, l.m1, l.created, l.expires
             FROM link l JOIN user u ON u.no=l.user_no JOIN dev v ON v.no=l.dev ",
            $rest
        )
    };
}

fn link_row(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        id: fixed(row, 0)?,
        user: num::user(row, 1)?,
        device: num::device(row, 2)?,
        m1: bytes(row, 3)?,
        created: uint(row, 4)?,
        expires: uint(row, 5)?,
    })
}

#[async_trait]
impl LinkStore for SqliteStore {
    async fn link_open(&self, link: NewLink) -> StoreResult<LinkOpened> {
        self.grow(move |tx| open(tx, &link)).await
    }

    async fn links(&self, user: UserId, now: u64) -> StoreResult<Vec<Link>> {
        self.readers
            .read(move |conn| {
                let mut statement = conn.prepare_cached(select_link!(
                    "WHERE u.id=?1 AND l.expires>?2 ORDER BY l.created"
                ))?;
                let rows = statement.query_map((user.as_ref(), sql(now)), link_row)?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    async fn link_frames(
        &self,
        user: UserId,
        id: [u8; 16],
        now: u64,
    ) -> StoreResult<Option<(Link, Vec<Bytes>)>> {
        self.readers
            .read(move |conn| {
                let link = conn
                    .prepare_cached(select_link!("WHERE l.id=?1 AND u.id=?2 AND l.expires>?3"))?
                    .query_row((id.as_slice(), user.as_ref(), sql(now)), link_row)
                    .optional()?;
                let Some(link) = link else { return Ok(None) };
                let mut statement =
                    conn.prepare_cached("SELECT bytes FROM link_frame WHERE link=?1 ORDER BY no")?;
                let frames = statement
                    .query_map((id.as_slice(),), |row| bytes(row, 0))?
                    .collect::<Result<_, _>>()?;
                Ok(Some((link, frames)))
            })
            .await
    }

    async fn link_put(
        &self,
        user: UserId,
        id: [u8; 16],
        frame: Bytes,
        max: usize,
        now: u64,
    ) -> StoreResult<FramePut> {
        self.grow(move |tx| put_frame(tx, &user, &id, &frame, max, now))
            .await
    }
}

fn open(tx: &mut Tx<'_, '_>, link: &NewLink) -> StoreResult<LinkOpened> {
    let user = tx.cache.user(tx.conn, &link.user)?;
    let dev = tx.cache.device(tx.conn, &link.device, &link.user)?;
    let known: Option<(i64, i64)> = tx
        .conn
        .prepare_cached("SELECT state, user_no FROM device WHERE dev_no=?1")?
        .query_row((dev,), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if known.is_some_and(|(state, owner)| state != 0 || owner != user) {
        return Ok(LinkOpened::DeviceKnown);
    }
    let open: Option<[u8; 16]> = tx
        .conn
        .prepare_cached("SELECT id FROM link WHERE user_no=?1 AND dev=?2 AND m1=?3 AND expires>?4")?
        .query_row((user, dev, link.m1.as_ref(), sql(link.now)), |row| {
            fixed(row, 0)
        })
        .optional()?;
    if let Some(id) = open {
        return Ok(LinkOpened::Opened(id));
    }
    let others: usize = tx
        .conn
        .prepare_cached(
            "SELECT count(*) FROM device
             WHERE user_no=?1 AND state=0 AND pending_until>?2 AND dev_no<>?3",
        )?
        .query_row((user, sql(link.now), dev), |row| {
            Ok(usize::try_from(uint(row, 0)?).unwrap_or(usize::MAX))
        })?;
    if others >= link.max_pending {
        return Ok(LinkOpened::TooMany);
    }
    tx.conn
        .prepare_cached(
            "INSERT INTO device(dev_no, user_no, cert, class, state, expires, pending_until, added)
             VALUES(?1, ?2, x'', 0, 0, 0, ?3, ?4)
             ON CONFLICT(dev_no) DO UPDATE SET pending_until=?3",
        )?
        .execute((dev, user, sql(link.pending_until), sql(link.now)))?;
    tx.conn
        .prepare_cached(
            "INSERT INTO link(id, user_no, dev, m1, created, expires)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            link.id.as_slice(),
            user,
            dev,
            link.m1.as_ref(),
            sql(link.now),
            sql(link.expires),
        ))?;
    Ok(LinkOpened::Opened(link.id))
}

fn put_frame(
    tx: &mut Tx<'_, '_>,
    user: &UserId,
    id: &[u8; 16],
    frame: &Bytes,
    max: usize,
    now: u64,
) -> StoreResult<FramePut> {
    let user = tx.cache.user(tx.conn, user)?;
    let found: Option<(u64, bool)> = tx
        .conn
        .prepare_cached(
            "SELECT (SELECT count(*) FROM link_frame WHERE link=id),
                    EXISTS(SELECT 1 FROM link_frame WHERE link=id AND bytes=?4)
             FROM link WHERE id=?1 AND user_no=?2 AND expires>?3",
        )?
        .query_row((id.as_slice(), user, sql(now), frame.as_ref()), |row| {
            Ok((uint(row, 0)?, row.get(1)?))
        })
        .optional()?;
    match found {
        None => Ok(FramePut::Gone),
        Some((_, true)) => Ok(FramePut::Stored),
        Some((count, _)) if count >= max as u64 => Ok(FramePut::Full),
        Some((count, _)) => {
            tx.conn
                .prepare_cached("INSERT INTO link_frame(link, no, bytes) VALUES(?1, ?2, ?3)")?
                .execute((id.as_slice(), sql(count), frame.as_ref()))?;
            Ok(FramePut::Stored)
        }
    }
}
