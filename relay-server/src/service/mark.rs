//! Lane 2 (receipts: one durable row per device, replaced) and lane 3 (typing: never stored).

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chatty_protocol::conversation_log::ConvState;
use chatty_protocol::envelope::Send;
use chatty_protocol::sign::sha256;
use chatty_protocol::{ConvId, DeviceId, ErrorCode, UserId, limits};
use lru::LruCache;

use super::conversation::{Actor, Conversations, Refusal};
use super::message::check_shape;
use crate::bus::Bus;
use crate::gateway::encode;
use crate::store::StoreError;

/// Pairs whose last mark or flash is remembered.
const PACED: NonZeroUsize = match NonZeroUsize::new(50_000) {
    Some(n) => n,
    None => NonZeroUsize::MIN,
};

/// Least time between two marks of a device, and between two flashes of a user.
pub struct Pace {
    marks: Mutex<LruCache<(DeviceId, ConvId), u64>>,
    flashes: Mutex<LruCache<(UserId, ConvId), u64>>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            marks: Mutex::new(LruCache::new(PACED)),
            flashes: Mutex::new(LruCache::new(PACED)),
        }
    }
}

/// Passes when `gap_ms` went by since the last pass, else says how long to wait.
fn pass<K: std::hash::Hash + Eq>(
    last: &Mutex<LruCache<K, u64>>,
    key: K,
    gap_ms: u64,
    now_ms: u64,
) -> Result<(), u64> {
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(at) = last.get(&key) {
        let since = now_ms.saturating_sub(*at);
        if since < gap_ms {
            return Err(gap_ms - since);
        }
    }
    last.put(key, now_ms);
    Ok(())
}

/// An accepted mark.
pub struct Marked {
    /// 34 for the sender.
    pub answer: Bytes,
}

impl Conversations {
    /// Members of the conversation when this user may mark or flash in it now.
    async fn lively(&self, actor: Actor, send: &Send) -> Result<Arc<ConvState>, Refusal> {
        check_shape(send)?;
        let stream = self.streams.get(&send.conv).await;
        let stream = stream.map_err(|error| Refusal::new(error.code()))?;
        let stream = stream.ok_or(Refusal::new(ErrorCode::NotFound))?;
        let (head, state) = stream.at();
        let state = state.ok_or(Refusal::new(ErrorCode::NotFound))?;
        if !state.may_send(&actor.user) {
            let known =
                state.member(&actor.user).is_some() || state.removed_at.contains_key(&actor.user);
            let code = if known {
                ErrorCode::NotMember
            } else {
                ErrorCode::NotFound
            };
            return Err(Refusal::new(code));
        }
        if send.log_seq > state.head.seq {
            return Err(Refusal::new(ErrorCode::Conflict));
        }
        if send.log_seq < state.head.seq {
            return Err(Refusal {
                code: ErrorCode::StaleLog,
                retry_ms: 0,
                heads: Some((state.head.seq, head)),
            });
        }
        if state.members.len() > limits::RECEIPT_MEMBERS {
            return Err(Refusal::new(ErrorCode::NotAllowed));
        }
        Ok(state)
    }

    /// Users of the conversation that did not block the sender.
    async fn hearers(&self, state: &ConvState, from: &UserId) -> Result<Vec<UserId>, StoreError> {
        let mut users = Vec::with_capacity(state.members.len());
        for user in state.entitled() {
            // Everybody that is here matters only; a block is one indexed row.
            if user == from || !self.store.blocked(*user, *from).await?.0 {
                users.push(*user);
            }
        }
        Ok(users)
    }

    /// Replaces the device's mark and tells who is here.
    pub async fn mark(
        &self,
        actor: Actor,
        send: Send,
        bytes: Bytes,
        bus: &dyn Bus,
    ) -> Result<Marked, Refusal> {
        let state = self.lively(actor, &send).await?;
        let time = self.clock.now_ms();
        let key = (actor.device, send.conv);
        pass(&self.pace.marks, key, limits::RECEIPT_MS, time).map_err(|retry_ms| Refusal {
            code: ErrorCode::RateLimited,
            retry_ms,
            heads: None,
        })?;
        let failed = |error: StoreError| Refusal::new(error.code());
        let put = self
            .store
            .mark_put(send.conv, actor.user, actor.device, time, bytes.clone());
        put.await.map_err(failed)?;
        let users = self.hearers(&state, &actor.user).await.map_err(failed)?;
        let frame = encode::mark(42, &send.conv, &actor.user, &actor.device, time, &bytes);
        bus.mark(&send.conv, &actor.device, &users, &frame);
        Ok(Marked {
            answer: encode::accepted(&send.msg, &send.conv, 0, time, &sha256(&send.ct.0)),
        })
    }

    /// Passes a flash on to sockets that have the conversation open; whatever is wrong with it,
    /// it is dropped unanswered.
    pub async fn flash(&self, actor: Actor, send: Send, bytes: Bytes, bus: &dyn Bus) {
        let Ok(state) = self.lively(actor, &send).await else {
            return;
        };
        let time = self.clock.now_ms();
        let key = (actor.user, send.conv);
        if pass(&self.pace.flashes, key, limits::TYPING_MS, time).is_err() {
            return;
        }
        let Ok(users) = self.hearers(&state, &actor.user).await else {
            return;
        };
        let frame = encode::mark(39, &send.conv, &actor.user, &actor.device, time, &bytes);
        bus.flash(&send.conv, &actor.device, &users, &frame);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_within_the_gap_waits() {
        let pace = Pace::default();
        let key = (UserId::from_rest([1; 32]), ConvId::from_rest([2; 32]));
        assert_eq!(pass(&pace.flashes, key, 3_000, 10_000), Ok(()));
        assert_eq!(pass(&pace.flashes, key, 3_000, 12_000), Err(1_000));
        assert_eq!(pass(&pace.flashes, key, 3_000, 13_000), Ok(()));
    }
}
