//! One-time and fallback keys.

use serde::{Deserialize, Serialize};

use super::B64;
use crate::{DeviceId, UserId};

/// `PUT /keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutKeys {
    /// Signed key records, at most 200; the same bytes may come again.
    pub keys: Vec<B64>,
}

/// Answer to [`PutKeys`] and `GET /keys/count`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyCount {
    /// One-time keys at the relay.
    pub one_time_left: u64,
    /// Whether the fallback key was given away.
    pub fallback_used: bool,
}

/// A device to claim a key of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimTarget {
    /// Its account.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub user: UserId,
    /// The device.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub device: DeviceId,
}

/// `POST /keys/claim`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimKeys {
    /// 16 random bytes; the same id within 10 min gives the same keys.
    pub claim_id: B64,
    /// At most 256.
    pub targets: Vec<ClaimTarget>,
}

/// One row of the answer to [`ClaimKeys`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimedKey {
    /// The device.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub device: DeviceId,
    /// Signed key record; none when refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<B64>,
    /// Why none: `claim_refused`, `unknown_device`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<crate::ErrorCode>,
}

/// Answer to [`ClaimKeys`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimedKeys {
    /// In the order of the targets.
    pub keys: Vec<ClaimedKey>,
}
