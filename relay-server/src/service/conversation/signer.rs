//! Device logs as the relay judges signers by them: verified once, kept until the head moves.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use chatty_protocol::conversation_log::{ConvEntry, ConvOp, cuts_of};
use chatty_protocol::device_log::{Class, DeviceEntry, DeviceLog};
use chatty_protocol::sign::{SignContext, Signed};
use chatty_protocol::{ErrorCode, UserId};
use lru::LruCache;

use super::EntryRefusal;
use crate::store::{Store, StoreError};

/// Device logs kept in memory.
const LOGS: NonZeroUsize = match NonZeroUsize::new(4_096) {
    Some(n) => n,
    None => NonZeroUsize::MIN,
};

/// Verified device logs.
pub struct Signers {
    store: Arc<dyn Store>,
    logs: Mutex<LruCache<UserId, Arc<DeviceLog>>>,
}

impl Signers {
    /// Nothing in memory yet.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            logs: Mutex::new(LruCache::new(LOGS)),
        }
    }

    /// The device log of a user at its newest head.
    pub async fn log(&self, user: &UserId) -> Result<Option<Arc<DeviceLog>>, StoreError> {
        let Some(at) = self.store.device_log_head(*user).await? else {
            return Ok(None);
        };
        let known = {
            let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
            logs.get(user).cloned()
        };
        if let Some(log) = known.filter(|log| log.head == at.head && log.branch == at.branch) {
            return Ok(Some(log));
        }
        let entries = self.store.device_log_whole(*user).await?;
        let log = Arc::new(replay(&entries)?);
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        logs.put(*user, Arc::clone(&log));
        Ok(Some(log))
    }

    /// Checks that the entry is signed by a device of its actor which is live at `actor_head` and
    /// now, and that the devices it cuts belong to whom it cuts. Returns whether the device is
    /// of class full.
    pub async fn verify(
        &self,
        entry: &ConvEntry,
        signed: &Signed<ConvEntry>,
    ) -> Result<bool, EntryRefusal> {
        let Some(log) = self.log(&entry.actor).await? else {
            return Err(EntryRefusal::new(ErrorCode::UnknownDevice, "no such actor"));
        };
        let full = verify(&log, entry, signed)?;
        self.verify_cuts(&entry.actor, &entry.op).await?;
        Ok(full)
    }

    async fn verify_cuts(&self, actor: &UserId, op: &ConvOp) -> Result<(), EntryRefusal> {
        let Some((owner, cuts)) = cuts_of(actor, op) else {
            return Ok(());
        };
        let log = self.log(&owner).await?;
        let owned = |device| {
            let devices = log.as_ref().map(|log| &log.devices);
            devices.is_some_and(|devices| devices.contains_key(device))
        };
        if cuts.iter().all(|cut| owned(&cut.device)) {
            Ok(())
        } else {
            Err(EntryRefusal::new(
                ErrorCode::UnknownDevice,
                "a cut names a device of somebody else",
            ))
        }
    }
}

fn replay(entries: &[bytes::Bytes]) -> Result<DeviceLog, StoreError> {
    let damaged = |what: String| StoreError::Corrupt(format!("device log: {what}"));
    let mut log: Option<DeviceLog> = None;
    for bytes in entries {
        let signed = Signed::<DeviceEntry>::from_bytes(bytes);
        let signed = signed.map_err(|error| damaged(error.to_string()))?;
        match &mut log {
            None => {
                let first = DeviceLog::init(&signed);
                log = Some(first.map_err(|error| damaged(error.to_string()))?);
            }
            Some(log) => {
                log.apply(&signed)
                    .map_err(|error| damaged(error.to_string()))?;
            }
        }
    }
    log.ok_or_else(|| damaged("empty".into()))
}

fn verify(
    log: &DeviceLog,
    entry: &ConvEntry,
    signed: &Signed<ConvEntry>,
) -> Result<bool, EntryRefusal> {
    let refuse = |code, detail| Err(EntryRefusal::new(code, detail));
    if !log.devices.contains_key(&entry.device) {
        return refuse(
            ErrorCode::UnknownDevice,
            "the device is not in the actor's log",
        );
    }
    let Some(record) = log.live(&entry.device) else {
        return refuse(ErrorCode::DeviceRevoked, "the device was revoked");
    };
    if !log.contains(&entry.actor_head) {
        return refuse(ErrorCode::Conflict, "actor_head is not on the actor's log");
    }
    if log.live_at(&entry.device, entry.actor_head.seq).is_none() {
        return refuse(ErrorCode::UnknownDevice, "not live at actor_head");
    }
    if !signed.verified_by(&record.ed25519, SignContext::ConvLog) {
        return refuse(ErrorCode::InvalidSignature, "the signature does not verify");
    }
    Ok(record.class == Class::Full)
}
