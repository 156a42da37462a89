//! What the writer does: tasks that run inside one commit and are answered after it.

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::append::Hot;
use super::cache::Cache;
use crate::store::{StoreError, StoreResult};

/// How urgent a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Appends, acknowledgements, accounts.
    Now,
    /// To-device bulk: at most a quarter of a commit while others wait.
    Bulk,
    /// Purge: when nothing else waits, or every tenth commit.
    Purge,
}

/// What a task sees of the open transaction.
pub(super) struct Tx<'a, 'c> {
    pub conn: &'c Connection,
    pub hot: &'a mut Hot<'c>,
    pub cache: &'a mut Cache,
}

/// A unit of work. `apply` may run again when a commit is repeated without growing tasks.
pub(super) trait Task: Send {
    /// Runs inside the transaction. An error spoils the whole transaction.
    fn apply(&mut self, tx: &mut Tx<'_, '_>) -> StoreResult<()>;
    /// Tells the caller, after the commit or its failure.
    fn answer(self: Box<Self>, committed: StoreResult<()>);
    /// Rows and bytes, so that a commit stays small.
    fn weight(&self) -> (usize, usize);
    /// Whether it needs room: refused while the disk is full.
    fn grows(&self) -> bool;
}

/// A task made of a closure; runs in a savepoint, so that its own failure harms no other task.
pub(super) struct Call<F, T> {
    run: F,
    out: Option<StoreResult<T>>,
    reply: oneshot::Sender<StoreResult<T>>,
    rows: usize,
    grows: bool,
}

impl<F, T> Call<F, T>
where
    F: FnMut(&mut Tx<'_, '_>) -> StoreResult<T> + Send,
    T: Send,
{
    pub(super) fn new(
        rows: usize,
        grows: bool,
        run: F,
    ) -> (Self, oneshot::Receiver<StoreResult<T>>) {
        let (reply, receiver) = oneshot::channel();
        let call = Self {
            run,
            out: None,
            reply,
            rows,
            grows,
        };
        (call, receiver)
    }
}

impl<F, T> Task for Call<F, T>
where
    F: FnMut(&mut Tx<'_, '_>) -> StoreResult<T> + Send,
    T: Send,
{
    fn apply(&mut self, tx: &mut Tx<'_, '_>) -> StoreResult<()> {
        tx.conn.prepare_cached("SAVEPOINT task")?.execute([])?;
        let result = (self.run)(tx);
        if let Err(error) = &result {
            if error.is_fatal() {
                return Err(error.clone());
            }
            // What the closure put into the cache is not in the database any more.
            tx.cache.clear();
            tx.conn.prepare_cached("ROLLBACK TO task")?.execute([])?;
        }
        tx.conn.prepare_cached("RELEASE task")?.execute([])?;
        self.out = Some(result);
        Ok(())
    }

    fn answer(self: Box<Self>, committed: StoreResult<()>) {
        let result = match (committed, self.out) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(StoreError::Closed),
            (Err(error), _) => Err(error),
        };
        // The caller may have gone away; the effect stays.
        let _gone = self.reply.send(result);
    }

    fn weight(&self) -> (usize, usize) {
        (self.rows, self.rows * 256)
    }

    fn grows(&self) -> bool {
        self.grows
    }
}
