//! `DeviceStore` on SQLite.

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::{DeviceId, UserId};
use rusqlite::{OptionalExtension, Row};

use super::num::{self, bytes, sql, uint, user_no};
use super::{SqliteStore, device_log};
use crate::store::device::{
    DeviceAppended, DeviceLogPage, DeviceRow, DeviceState, DeviceStore, LogHead, NewDeviceEntry,
};
use crate::store::{StoreError, StoreResult};

/// What [`device_row`] reads; the caller adds a condition.
macro_rules! select_device {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, u.id, d.cert, d.class, d.state, d.expires, d.added, d.last_seen
             FROM device d JOIN dev v ON v.no=d.dev_no JOIN user u ON u.no=d.user_no ",
            $rest
        )
    };
}

fn device_row(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    let state: i64 = row.get(4)?;
    Ok(DeviceRow {
        device: num::device(row, 0)?,
        user: num::user(row, 1)?,
        cert: bytes(row, 2)?,
        class: row.get(3)?,
        state: match state {
            0 => DeviceState::Pending,
            1 => DeviceState::Live,
            _ => DeviceState::Revoked,
        },
        expires: uint(row, 5)?,
        added: uint(row, 6)?,
        last_seen: uint(row, 7)?,
    })
}

#[async_trait]
impl DeviceStore for SqliteStore {
    async fn device_log_append(&self, entry: NewDeviceEntry) -> StoreResult<DeviceAppended> {
        self.grow(move |tx| device_log::append(tx, &entry)).await
    }

    async fn device_log_head(&self, user: UserId) -> StoreResult<Option<LogHead>> {
        self.readers
            .read(move |conn| match user_no(conn, &user)? {
                Some(user) => device_log::head(conn, user),
                None => Ok(None),
            })
            .await
    }

    async fn device_log_heads(&self, users: Vec<UserId>) -> StoreResult<Vec<(UserId, LogHead)>> {
        self.readers
            .read(move |conn| {
                let mut heads = Vec::with_capacity(users.len());
                for user in users {
                    let head = match user_no(conn, &user)? {
                        Some(no) => device_log::head(conn, no)?,
                        None => None,
                    };
                    heads.extend(head.map(|head| (user, head)));
                }
                Ok(heads)
            })
            .await
    }

    async fn device_log(
        &self,
        user: UserId,
        branch: Option<u64>,
        from: u64,
        limit: usize,
    ) -> StoreResult<Option<DeviceLogPage>> {
        self.readers
            .read(move |conn| device_log::page(conn, &user, branch, from, limit))
            .await
    }

    async fn device_log_whole(&self, user: UserId) -> StoreResult<Vec<Bytes>> {
        self.readers
            .read(move |conn| device_log::whole(conn, &user))
            .await
    }

    async fn device(&self, device: DeviceId) -> StoreResult<Option<DeviceRow>> {
        self.readers
            .read(move |conn| {
                Ok(conn
                    .prepare_cached(select_device!("WHERE v.id=?1"))?
                    .query_row((device.as_ref(),), device_row)
                    .optional()?)
            })
            .await
    }

    async fn devices(&self, user: UserId) -> StoreResult<Vec<DeviceRow>> {
        self.readers
            .read(move |conn| {
                let mut statement = conn
                    .prepare_cached(select_device!("WHERE u.id=?1 ORDER BY d.added, d.dev_no"))?;
                let rows = statement.query_map((user.as_ref(),), device_row)?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    async fn device_seen(&self, device: DeviceId, time: u64) -> StoreResult<()> {
        self.change(move |tx| {
            let dev = tx
                .cache
                .known_device(tx.conn, &device)?
                .ok_or(StoreError::NotFound("device"))?;
            tx.conn
                .prepare_cached("UPDATE device SET last_seen=max(last_seen, ?2) WHERE dev_no=?1")?
                .execute((dev, sql(time)))?;
            Ok(())
        })
        .await
    }

    async fn statement_put(&self, user: UserId, bytes: Bytes, now: u64) -> StoreResult<()> {
        self.grow(move |tx| {
            let user = tx.cache.user(tx.conn, &user)?;
            tx.conn
                .prepare_cached(
                    "INSERT OR REPLACE INTO statement(user_no, t, bytes) VALUES(?1, ?2, ?3)",
                )?
                .execute((user, sql(now), bytes.as_ref()))?;
            Ok(())
        })
        .await
    }

    async fn statement(&self, user: UserId) -> StoreResult<Option<(Bytes, u64)>> {
        self.readers
            .read(move |conn| {
                Ok(conn
                    .prepare_cached(
                        "SELECT s.bytes, s.t FROM statement s JOIN user u ON u.no=s.user_no
                         WHERE u.id=?1",
                    )?
                    .query_row((user.as_ref(),), |row| Ok((bytes(row, 0)?, uint(row, 1)?)))
                    .optional()?)
            })
            .await
    }
}
