//! Jobs: work that must be done at least once, also after a crash.

use async_trait::async_trait;
use bytes::Bytes;

use super::StoreResult;

/// Attempts before a job is dead.
pub const JOB_TRIES: u32 = 20;

/// A leased job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// What to do, e.g. `mail`.
    pub kind: String,
    /// Unique per kind.
    pub key: String,
    /// Which attempt this is, from 1.
    pub tries: u32,
    /// The caller's bytes.
    pub payload: Bytes,
}

/// Jobs.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Puts a job; `false` when (kind, key) is there already, also when it is dead.
    async fn job_put(
        &self,
        kind: &'static str,
        key: String,
        run_at: u64,
        payload: Bytes,
    ) -> StoreResult<bool>;

    /// Leases up to `limit` due jobs until `until`; a lease that runs out is offered again. The
    /// attempt after [`JOB_TRIES`] is not made: the job is dead.
    async fn job_lease(
        &self,
        kind: &'static str,
        limit: usize,
        now: u64,
        until: u64,
    ) -> StoreResult<Vec<Job>>;

    /// Replaces the payload of a leased job (its inner state), keeping the lease.
    async fn job_update(&self, id: u64, payload: Bytes) -> StoreResult<()>;

    /// Done: the row goes.
    async fn job_done(&self, id: u64) -> StoreResult<()>;

    /// Failed: again at `run_at`.
    async fn job_fail(&self, id: u64, run_at: u64) -> StoreResult<()>;
}
