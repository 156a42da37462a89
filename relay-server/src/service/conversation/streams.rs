//! The streams in memory: loaded from the log on demand, forgotten when unused for long.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chatty_protocol::conversation_log::{ConvState, Denied, authorize};
use chatty_protocol::sign::Signed;
use chatty_protocol::{ConvId, DeviceId, ErrorCode, limits};
use lru::LruCache;
use tokio::sync::Notify;

use super::stream::{Pending, Stream};
use crate::store::{Store, StoreError};

/// Streams kept in memory; a pair takes about a kilobyte.
const STREAMS: NonZeroUsize = match NonZeroUsize::new(20_000) {
    Some(n) => n,
    None => NonZeroUsize::MIN,
};

/// Why a stream could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored entry does not pass the rule that let it in: the database was changed by hand.
    #[error("stored entry {0} of a conversation is not valid: {1}")]
    Damaged(u64, Denied),
}

impl LoadError {
    /// What a client is told.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Store(error) => error.code(),
            Self::Damaged(..) => ErrorCode::Internal,
        }
    }
}

/// All streams of this node.
pub struct Streams {
    store: Arc<dyn Store>,
    cached: Mutex<LruCache<ConvId, Arc<Stream>>>,
    /// Streams with something to append.
    ready: Mutex<Vec<Arc<Stream>>>,
    /// Rings the appender.
    pub(super) work: Notify,
}

impl Streams {
    /// No stream in memory yet.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            cached: Mutex::new(LruCache::new(STREAMS)),
            ready: Mutex::default(),
            work: Notify::new(),
        }
    }

    fn cached(&self) -> MutexGuard<'_, LruCache<ConvId, Arc<Stream>>> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The stream, if it is in memory.
    pub fn peek(&self, conv: &ConvId) -> Option<Arc<Stream>> {
        self.cached().get(conv).cloned()
    }

    /// The stream of an existing conversation.
    pub async fn get(&self, conv: &ConvId) -> Result<Option<Arc<Stream>>, LoadError> {
        if let Some(stream) = self.peek(conv) {
            return Ok(stream.state().is_some().then_some(stream));
        }
        let heads = self.store.heads(vec![*conv]).await?;
        let Some(at) = heads.into_iter().next().flatten() else {
            return Ok(None);
        };
        let (state, hidden) = self.read_log(conv).await?;
        // Entries that were appended while we read would leave head and state apart; the state
        // of an uncached stream cannot change under us, because appends go through the cache.
        let stream = Arc::new(Stream::new(*conv, at.head, state, hidden));
        Ok(Some(self.insert(stream)))
    }

    /// The stream, also when the conversation does not exist yet.
    pub async fn get_or_new(&self, conv: &ConvId) -> Result<Arc<Stream>, LoadError> {
        if let Some(stream) = self.get(conv).await? {
            return Ok(stream);
        }
        let fresh = Arc::new(Stream::new(*conv, 0, None, BTreeSet::new()));
        Ok(self.insert(fresh))
    }

    /// Puts a loaded stream in, unless another task was first.
    fn insert(&self, stream: Arc<Stream>) -> Arc<Stream> {
        let mut cached = self.cached();
        if let Some(first) = cached.get(&stream.conv) {
            return Arc::clone(first);
        }
        if let Some((_, old)) = cached.push(stream.conv, Arc::clone(&stream)) {
            let mut inner = old.lock();
            if inner.scheduled || !inner.queue.is_empty() {
                // A busy stream must stay the only one of its conversation: make room instead.
                let room = cached.cap().saturating_add(1);
                cached.resize(room);
                drop(inner);
                cached.push(old.conv, old);
            } else {
                inner.dead = true;
            }
        }
        stream
    }

    async fn read_log(
        &self,
        conv: &ConvId,
    ) -> Result<(Option<Arc<ConvState>>, BTreeSet<chatty_protocol::UserId>), LoadError> {
        let mut state: Option<ConvState> = None;
        loop {
            let from = state.as_ref().map_or(0, |state| state.head.seq + 1);
            let page = self.store.log(*conv, from, limits::PAGE).await?;
            let count = page.len();
            for row in page {
                state = Some(replay(state.as_ref(), row.log_seq, &row.bytes)?);
            }
            if count < limits::PAGE {
                break;
            }
        }
        let hidden = self.store.hidden(*conv).await?;
        Ok((state.map(Arc::new), hidden.into_iter().collect()))
    }

    /// Loads the last n of a device that was not seen here since the start.
    pub async fn know_sender(&self, stream: &Stream, device: DeviceId) -> Result<(), StoreError> {
        if stream.knows(&device) {
            return Ok(());
        }
        let own = self.store.own(device, vec![stream.conv]).await?;
        let last_n = own.first().map_or(0, |(_, n)| *n);
        stream.learn(device, last_n);
        Ok(())
    }

    /// Queues something for the stream; gives it back when the stream left the cache meanwhile.
    pub fn submit(&self, stream: &Arc<Stream>, pending: Pending) -> Option<Pending> {
        let mut inner = stream.lock();
        if inner.dead {
            return Some(pending);
        }
        inner.queue.push_back(pending);
        if !inner.scheduled {
            inner.scheduled = true;
            drop(inner);
            self.make_ready(Arc::clone(stream));
        }
        None
    }

    /// Puts a scheduled stream into the ready list.
    pub(super) fn make_ready(&self, stream: Arc<Stream>) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.push(stream);
        drop(ready);
        self.work.notify_one();
    }

    /// Takes the ready list.
    pub(super) fn take_ready(&self) -> Vec<Arc<Stream>> {
        std::mem::take(&mut *self.ready.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets a stream whose memory may differ from the store.
    pub(super) fn forget(&self, stream: &Stream) {
        stream.lock().dead = true;
        self.cached().pop(&stream.conv);
    }

    /// Forgets a stream that was made for a conversation which was not created after all.
    pub(super) fn forget_uncreated(&self, stream: &Stream) {
        let mut cached = self.cached();
        let mut inner = stream.lock();
        if inner.state.is_none() && inner.queue.is_empty() && !inner.scheduled {
            inner.dead = true;
            cached.pop(&stream.conv);
        }
    }
}

/// Applies one stored entry; signatures were checked when it came in.
fn replay(state: Option<&ConvState>, log_seq: u64, bytes: &[u8]) -> Result<ConvState, LoadError> {
    let damaged = |reason| {
        LoadError::Damaged(
            log_seq,
            Denied {
                code: ErrorCode::Internal,
                reason,
            },
        )
    };
    let signed = Signed::from_bytes(bytes).map_err(|_| damaged("envelope"))?;
    let entry = signed.open().map_err(|_| damaged("entry"))?;
    authorize(state, &signed, &entry, true).map_err(|denied| LoadError::Damaged(log_seq, denied))
}
