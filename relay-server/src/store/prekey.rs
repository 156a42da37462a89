//! Published one-time and fallback keys.

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::DeviceId;

use super::StoreResult;

/// A validated key record to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Fallback, else one-time.
    pub fallback: bool,
    /// Number, unique per (device, kind). A fallback with a higher number replaces the one before.
    pub id: u64,
    /// The signed record.
    pub bytes: Bytes,
}

/// Keys of a device at the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeyCount {
    /// One-time keys that nobody claimed.
    pub one_time_left: u64,
    /// The fallback key was given away (or there is none).
    pub fallback_used: bool,
}

/// A device to claim a key of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimTarget {
    /// The device.
    pub device: DeviceId,
    /// A request ticket only: never a one-time key.
    pub fallback_only: bool,
    /// Only what this claim got before; nothing new.
    pub repeat_only: bool,
}

/// Answer for one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The signed record; none when the device is not live or has no key.
    pub key: Option<Bytes>,
    /// Keys of the target after this claim; none when this is a repeat (nobody needs telling).
    pub left: Option<KeyCount>,
}

/// Published keys.
#[async_trait]
pub trait PrekeyStore: Send + Sync {
    /// Publishes keys; the same bytes again are harmless, also when claimed meanwhile (a claimed
    /// key never returns to the pool). The same id with other bytes → `Conflict`, nothing stored.
    /// `max_one_time` unclaimed keys at most, else `Invalid`. A third fallback key within
    /// `FALLBACK_MIN_MS` → `TooSoon`: an upload may be late, so that two come close together.
    async fn keys_put(
        &self,
        device: DeviceId,
        keys: Vec<NewKey>,
        max_one_time: usize,
        now: u64,
    ) -> StoreResult<KeyCount>;

    /// How many are left.
    async fn key_count(&self, device: DeviceId) -> StoreResult<KeyCount>;

    /// Claims one key per target, in one transaction: each one-time key once, the fallback when
    /// none is left. The same (claimer, claim_id) since `repeat_since` gives the same keys.
    /// Answers in the order of the targets (≤ 256).
    async fn claim(
        &self,
        claimer: DeviceId,
        claim_id: [u8; 16],
        targets: Vec<ClaimTarget>,
        now: u64,
        repeat_since: u64,
    ) -> StoreResult<Vec<Claimed>>;
}
