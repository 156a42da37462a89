//! `StreamStore` on SQLite.

use std::ops::RangeInclusive;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::{ConvId, DeviceId, UserId, limits};

use super::append::{AppendTask, check};
use super::num::sql;
use super::task::Class;
use super::{SqliteStore, read};
use crate::store::stream::{
    Append, Appended, LogRow, Page, ReadFrom, StoredMark, StreamHead, StreamStore,
};
use crate::store::{StoreError, StoreResult};

#[async_trait]
impl StreamStore for SqliteStore {
    async fn append(&self, append: Append) -> StoreResult<Vec<Appended>> {
        let mut outcomes = self.append_groups(vec![append]).await?;
        outcomes.pop().ok_or(StoreError::Closed)
    }

    async fn append_groups(&self, groups: Vec<Append>) -> StoreResult<Vec<Vec<Appended>>> {
        check(&groups)?;
        let (task, receiver) = AppendTask::new(groups, Arc::clone(&self.tails));
        self.shared.queue.put(Class::Now, Box::new(task))?;
        receiver.await.map_err(|_| StoreError::Closed)?
    }

    async fn read(
        &self,
        conv: ConvId,
        from: ReadFrom,
        rows: usize,
        bytes: usize,
    ) -> StoreResult<Page> {
        let rows = rows.min(limits::PAGE);
        let bytes = bytes.min(limits::PAGE_BYTES);
        if let ReadFrom::After(after) = from
            && let Some(page) = self.tails.after(&conv, after, rows, bytes)
        {
            return Ok(page);
        }
        let shared = Arc::clone(&self.shared);
        self.readers
            .read(move |conn| read::page(conn, &conv, from, rows, bytes, &shared.holes))
            .await
    }

    async fn heads(&self, convs: Vec<ConvId>) -> StoreResult<Vec<Option<StreamHead>>> {
        self.readers
            .read(move |conn| convs.iter().map(|conv| read::head(conn, conv)).collect())
            .await
    }

    async fn recent(
        &self,
        partitions: RangeInclusive<u16>,
        since: u64,
        limit: usize,
    ) -> StoreResult<Vec<(ConvId, u64)>> {
        self.readers
            .read(move |conn| read::recent(conn, &partitions, since, limit))
            .await
    }

    async fn log(&self, conv: ConvId, from: u64, limit: usize) -> StoreResult<Vec<LogRow>> {
        self.readers
            .read(move |conn| read::log(conn, &conv, from, limit.min(limits::PAGE)))
            .await
    }

    async fn own(&self, device: DeviceId, convs: Vec<ConvId>) -> StoreResult<Vec<(u64, u64)>> {
        self.readers
            .read(move |conn| read::own(conn, &device, &convs))
            .await
    }

    async fn mark_put(
        &self,
        conv: ConvId,
        user: UserId,
        device: DeviceId,
        time: u64,
        body: Bytes,
    ) -> StoreResult<()> {
        self.grow(move |tx| {
            let stream = tx
                .cache
                .stream(tx.conn, &conv)?
                .ok_or(StoreError::NotFound("conversation"))?;
            let dev = tx.cache.device(tx.conn, &device, &user)?;
            tx.conn
                .prepare_cached(
                    "INSERT INTO mark(conv, dev, t, body) VALUES(?1, ?2, ?3, ?4)
                     ON CONFLICT(conv, dev) DO UPDATE SET t=?3, body=?4",
                )?
                .execute((stream.no, dev, sql(time), body.as_ref()))?;
            Ok(())
        })
        .await
    }

    async fn marks(&self, conv: ConvId, since: u64) -> StoreResult<Vec<StoredMark>> {
        self.readers
            .read(move |conn| read::marks(conn, &conv, since))
            .await
    }
}
