//! What a relay says of itself.

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

/// `/.well-known/chatty`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WellKnown {
    /// Canonical origin.
    pub origin: String,
    /// Protocol versions spoken.
    pub versions: Vec<u64>,
}

/// Answer to `GET /limits`: only what differs from `protocol::limits`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Name of the constant in lower case → value.
    pub limits: BTreeMap<String, u64>,
}

/// Answer to `GET /version`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// `chatty-relay x.y.z`.
    pub program: String,
    /// Protocol versions spoken.
    pub versions: Vec<u64>,
    /// Whether sign-up needs no mail.
    pub open_signup: bool,
}
