//! To-device items: batches in, inboxes out.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use chatty_protocol::codec::encode as canonical;
use chatty_protocol::envelope::{ITEM_NORMAL, Item};
use chatty_protocol::{DeviceId, ErrorCode, SUITE_1, UserId, limits};
use lru::LruCache;

use super::conversation::{Actor, Refusal};
use crate::bus::Bus;
use crate::clock::SharedClock;
use crate::gateway::Hub;
use crate::store::inbox::{InboxPage, ItemPut, NewBatch, NewItem};
use crate::store::{Store, StoreError};

/// Recipients that are remembered.
const DEVICES: NonZeroUsize = match NonZeroUsize::new(50_000) {
    Some(n) => n,
    None => NonZeroUsize::MIN,
};

/// What is remembered of a recipient: whose it is, last seen and looked up when (Unix ms).
#[derive(Debug, Clone, Copy)]
struct Recipient {
    user: UserId,
    seen_ms: u64,
    at_ms: u64,
}

/// Inboxes of devices.
pub struct Inboxes {
    store: Arc<dyn Store>,
    clock: SharedClock,
    hub: Arc<Hub>,
    bus: Arc<dyn Bus>,
    recipients: Mutex<LruCache<DeviceId, Recipient>>,
}

impl Inboxes {
    /// Nothing in memory yet.
    pub fn new(
        store: Arc<dyn Store>,
        clock: SharedClock,
        hub: Arc<Hub>,
        bus: Arc<dyn Bus>,
    ) -> Self {
        Self {
            store,
            clock,
            hub,
            bus,
            recipients: Mutex::new(LruCache::new(DEVICES)),
        }
    }

    /// Stores a batch and rings its recipients; (index, code) of the items that were refused.
    pub async fn put(
        &self,
        sender: Actor,
        n0: u64,
        items: Vec<Item>,
    ) -> Result<Vec<(u64, ErrorCode)>, Refusal> {
        check_batch(n0, &items)?;
        let now = self.clock.now_ms();
        let mut rows = Vec::with_capacity(items.len());
        for item in &items {
            let known = self.recipient(&item.to, now).await;
            let known = known.map_err(|error| Refusal::new(error.code()))?;
            rows.push(NewItem {
                to: item.to,
                body: canonical(item).into(),
                expires: item.expires.min(now + limits::INBOX_MS),
                own: known.is_some_and(|recipient| recipient.user == sender.user),
                refused: known.is_some_and(|recipient| self.is_dormant(&item.to, recipient, now)),
            });
        }
        let batch = NewBatch {
            user: sender.user,
            device: sender.device,
            n0,
            items: rows,
            now,
        };
        let puts = self.store.inbox_put(batch).await.map_err(|error| Refusal {
            code: error.code(),
            retry_ms: 1_000,
            heads: None,
        })?;
        let stored: Vec<DeviceId> = (items.iter().zip(&puts))
            .filter(|(_, put)| **put == ItemPut::Stored)
            .map(|(item, _)| item.to)
            .collect();
        self.bus.inbox(&stored);
        Ok(refused(&puts))
    }

    /// No connection for 30 days: the owner keeps the key until the device asks.
    fn is_dormant(&self, device: &DeviceId, recipient: Recipient, now: u64) -> bool {
        let away = now.saturating_sub(recipient.seen_ms) > limits::INBOX_MS;
        away && self.hub.device(device).is_none()
    }

    async fn recipient(
        &self,
        device: &DeviceId,
        now: u64,
    ) -> Result<Option<Recipient>, StoreError> {
        let known = {
            let mut known = self
                .recipients
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            known.get(device).copied()
        };
        if let Some(known) = known.filter(|known| now.saturating_sub(known.at_ms) < limits::HOUR_MS)
        {
            return Ok(Some(known));
        }
        let Some(row) = self.store.device(*device).await? else {
            return Ok(None);
        };
        let fresh = Recipient {
            user: row.user,
            seen_ms: row.last_seen.max(row.added),
            at_ms: now,
        };
        let mut known = self
            .recipients
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.put(*device, fresh);
        Ok(Some(fresh))
    }

    /// Waiting items behind `after`.
    pub async fn take(
        &self,
        device: DeviceId,
        after: u64,
        count: usize,
        bytes: usize,
    ) -> Result<InboxPage, StoreError> {
        let now = self.clock.now_ms();
        self.store
            .inbox_take(device, after, count, bytes, now)
            .await
    }

    /// Deletes what the device committed; returns how many items went.
    pub async fn ack(
        &self,
        device: DeviceId,
        upto: Vec<(DeviceId, u64)>,
    ) -> Result<u64, StoreError> {
        self.store.inbox_ack(device, upto).await
    }
}

/// The batch as a whole: numbers, sizes, shapes, one item per recipient.
fn check_batch(n0: u64, items: &[Item]) -> Result<(), Refusal> {
    let malformed = Err(Refusal::new(ErrorCode::Malformed));
    if n0 == 0 || items.is_empty() || items.len() > limits::BATCH_ITEMS {
        return malformed;
    }
    let mut recipients: Vec<&DeviceId> = items.iter().map(|item| &item.to).collect();
    recipients.sort_unstable();
    recipients.dedup();
    if recipients.len() != items.len() {
        return malformed;
    }
    for item in items {
        if item.suite != SUITE_1 || item.kind > ITEM_NORMAL {
            return malformed;
        }
        if item.ext.has_critical() {
            return Err(Refusal::new(ErrorCode::NeedsUpdate));
        }
    }
    let sizes = items.iter().map(|item| item.olm.0.len());
    let (largest, total) = sizes.fold((0, 0), |(max, sum), size| (size.max(max), sum + size));
    if largest > limits::ITEM_BYTES || total > limits::BATCH_BYTES {
        return Err(Refusal::new(ErrorCode::TooLarge));
    }
    Ok(())
}

fn refused(puts: &[ItemPut]) -> Vec<(u64, ErrorCode)> {
    let code = |put: &ItemPut| match put {
        ItemPut::Stored => None,
        ItemPut::Full | ItemPut::Refused => Some(ErrorCode::InboxFull),
        ItemPut::Unknown => Some(ErrorCode::UnknownDevice),
    };
    let numbered = puts.iter().zip(0u64..);
    numbered
        .filter_map(|(put, index)| code(put).map(|code| (index, code)))
        .collect()
}
