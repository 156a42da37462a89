//! Device logs, the own device list, statements, link mailboxes.

use serde::{Deserialize, Serialize};

use super::{B64, HeadBody};
use crate::{DeviceId, UserId};

/// One row of `GET /devices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnDevice {
    /// The device.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub device: DeviceId,
    /// `live`, `revoked` or `pending`.
    pub state: String,
    /// Unix ms, to the hour.
    pub last_seen_ms: u64,
}

/// Answer to `GET /devices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnDevices {
    /// Live and revoked devices.
    pub devices: Vec<OwnDevice>,
}

/// Answer to `GET /users/by-handle/{handle}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundUser {
    /// Who has the handle.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub user: UserId,
    /// Their device-log head.
    pub head: HeadBody,
}

/// Answer to `GET /users/{id}/log`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogPage {
    /// Newest entry of the branch.
    pub head: HeadBody,
    /// Branch of the entries.
    pub branch: u64,
    /// Signed entries in order.
    pub entries: Vec<B64>,
}

/// `POST /users/heads`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeadsQuery {
    /// At most 500.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub users: Vec<UserId>,
}

/// One row of the answer to [`HeadsQuery`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserHead {
    /// Account.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub user: UserId,
    /// Newest branch.
    pub branch: u64,
    /// Newest number on it.
    pub seq: u64,
}

/// Answer to [`HeadsQuery`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserHeads {
    /// Known users only.
    pub heads: Vec<UserHead>,
}

/// `POST /users/me/log`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppendDeviceEntry {
    /// Signed entry.
    pub entry: B64,
    /// Number of the new entry.
    pub expect_seq: u64,
}

/// Answer to [`AppendDeviceEntry`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceEntryAppended {
    /// Newest entry now.
    pub head: HeadBody,
    /// Its branch.
    pub branch: u64,
}

/// `GET` and `PUT /users/{id}/statement`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementBody {
    /// Signed head statement.
    pub statement: B64,
}

/// `POST /links`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenLink {
    /// First message of the approval.
    pub m1: B64,
}

/// Answer to [`OpenLink`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkOpened {
    /// The mailbox.
    pub id: B64,
}

/// One row of `GET /links`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkRow {
    /// The mailbox.
    pub id: B64,
    /// First message of the approval.
    pub m1: B64,
    /// Unix ms.
    pub created_ms: u64,
}

/// Answer to `GET /links`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Links {
    /// Open ones of this account.
    pub links: Vec<LinkRow>,
}

/// `POST /links/{id}/frames`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutFrame {
    /// CBOR `[step, bytes]`, at most 4 KiB.
    pub frame: B64,
}

/// Answer to `GET /links/{id}/frames`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Frames {
    /// All frames in order.
    pub frames: Vec<B64>,
}
