//! `JobStore` on SQLite. A lease moves `run_at` forward: when it runs out, the job is due again.

use async_trait::async_trait;
use bytes::Bytes;

use super::SqliteStore;
use super::num::{bytes, sql, uint};
use crate::store::StoreResult;
use crate::store::job::{JOB_TRIES, Job, JobStore};

#[async_trait]
impl JobStore for SqliteStore {
    async fn job_put(
        &self,
        kind: &'static str,
        key: String,
        run_at: u64,
        payload: Bytes,
    ) -> StoreResult<bool> {
        self.grow(move |tx| {
            let added = tx
                .conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO job(kind, key, run_at, payload) VALUES(?1, ?2, ?3, ?4)",
                )?
                .execute((kind, &key, sql(run_at), payload.as_ref()))?;
            Ok(added == 1)
        })
        .await
    }

    async fn job_lease(
        &self,
        kind: &'static str,
        limit: usize,
        now: u64,
        until: u64,
    ) -> StoreResult<Vec<Job>> {
        self.change(move |tx| {
            tx.conn
                .prepare_cached(
                    "UPDATE job SET state=1 WHERE kind=?1 AND state=0 AND run_at<=?2 AND tries>=?3",
                )?
                .execute((kind, sql(now), JOB_TRIES))?;
            let mut statement = tx.conn.prepare_cached(
                "UPDATE job SET tries=tries+1, run_at=?3 WHERE id IN (
                     SELECT id FROM job WHERE kind=?1 AND state=0 AND run_at<=?2
                     ORDER BY run_at LIMIT ?4)
                 RETURNING id, kind, key, tries, payload",
            )?;
            let rows =
                statement.query_map((kind, sql(now), sql(until), sql(limit as u64)), |row| {
                    Ok(Job {
                        id: uint(row, 0)?,
                        kind: row.get(1)?,
                        key: row.get(2)?,
                        tries: row.get(3)?,
                        payload: bytes(row, 4)?,
                    })
                })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn job_update(&self, id: u64, payload: Bytes) -> StoreResult<()> {
        self.change(move |tx| {
            tx.conn
                .prepare_cached("UPDATE job SET payload=?2 WHERE id=?1")?
                .execute((sql(id), payload.as_ref()))?;
            Ok(())
        })
        .await
    }

    async fn job_done(&self, id: u64) -> StoreResult<()> {
        self.change(move |tx| {
            tx.conn
                .prepare_cached("DELETE FROM job WHERE id=?1")?
                .execute((sql(id),))?;
            Ok(())
        })
        .await
    }

    async fn job_fail(&self, id: u64, run_at: u64) -> StoreResult<()> {
        self.change(move |tx| {
            tx.conn
                .prepare_cached(
                    "UPDATE job SET run_at=?2, state=CASE WHEN tries>=?3 THEN 1 ELSE state END
                     WHERE id=?1",
                )?
                .execute((sql(id), sql(run_at), JOB_TRIES))?;
            Ok(())
        })
        .await
    }
}
