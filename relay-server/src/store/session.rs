//! Refresh-token families: one per sign-in, one live token each.

use async_trait::async_trait;
use chatty_protocol::{DeviceId, UserId};

use super::StoreResult;

/// Id of a family; the `sid` of its tokens.
pub type FamilyId = [u8; 16];

/// A session to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFamily {
    /// Random id.
    pub family: FamilyId,
    /// Whose.
    pub user: UserId,
    /// Device that proved itself; none = scope `pending`.
    pub device: Option<DeviceId>,
    /// SHA-256 of the first refresh token.
    pub hash: [u8; 32],
    /// Unix ms.
    pub created: u64,
    /// Unix ms; each refresh moves it.
    pub expires: u64,
}

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Its id.
    pub family: FamilyId,
    /// Whose.
    pub user: UserId,
    /// Device; none = scope `pending`.
    pub device: Option<DeviceId>,
    /// How many times it was refreshed.
    pub counter: u64,
    /// Unix ms.
    pub created: u64,
    /// Unix ms.
    pub expires: u64,
    /// Not revoked.
    pub live: bool,
}

/// A refresh: the successor token is derived from (family, counter + 1) by the caller, so that a
/// repeat can be answered with the same one.
#[derive(Debug, Clone)]
pub struct Refresh {
    /// Which family.
    pub family: FamilyId,
    /// Counter that the caller read; the successor has the next one.
    pub counter: u64,
    /// SHA-256 of the token that came.
    pub presented: [u8; 32],
    /// SHA-256 of the successor.
    pub successor: [u8; 32],
    /// Now, Unix ms.
    pub now: u64,
    /// New end of life, Unix ms.
    pub expires: u64,
    /// A proof came with it: the token before may come again within this time, ms; 0 = no proof.
    pub retry_ms: u64,
    /// Scope to rise to: a pending session that proved a live device.
    pub device: Option<DeviceId>,
}

/// Outcome of a refresh: exactly one winner per token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// The successor is live.
    Rotated,
    /// The token was rotated moments ago: give the token of this counter again.
    Repeat {
        /// Counter of the live token.
        counter: u64,
    },
    /// Another refresh won since the caller read the counter: read again.
    Raced,
    /// An old token came again; the whole family is dead now.
    Reused,
    /// Revoked, too old, or never there.
    Dead,
}

/// Refresh families.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Keeps a new family; the same one again is harmless.
    async fn family_put(&self, family: NewFamily) -> StoreResult<()>;

    /// One family.
    async fn family(&self, family: FamilyId) -> StoreResult<Option<Family>>;

    /// Live families of a user.
    async fn families(&self, user: UserId) -> StoreResult<Vec<Family>>;

    /// Conditional rotation.
    async fn refresh(&self, refresh: Refresh) -> StoreResult<Refreshed>;

    /// Revokes one family of a user; `false` when the user has no such live family.
    async fn family_revoke(&self, user: UserId, family: FamilyId) -> StoreResult<bool>;

    /// Revokes all families of a user but `keep`; returns the revoked ones.
    async fn families_revoke(
        &self,
        user: UserId,
        keep: Option<FamilyId>,
    ) -> StoreResult<Vec<FamilyId>>;
}
