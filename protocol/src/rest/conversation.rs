//! Conversations: create, list, log, rows, marks, requests, blocks.

use serde::{Deserialize, Serialize};

use super::{B64, HeadBody};
use crate::{ConvId, UserId};

/// `POST /conversations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateConversation {
    /// Signed entry 0.
    pub create: B64,
}

/// Answer to [`CreateConversation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationCreated {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub conv: ConvId,
    /// Stream number of the entry.
    pub seq: u64,
}

/// One row of `GET /conversations`: as `changed` without rows and marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationRow {
    /// Conversation.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub conv: ConvId,
    /// Newest stream number.
    pub stream_head: u64,
    /// Newest log number.
    pub log_seq: u64,
    /// Rows below are purged or not this user's.
    pub floor: u64,
    /// Stream number of this device's last accepted message; 0 if none.
    pub own_seq: u64,
    /// Its dev_seq.
    pub own_n: u64,
}

/// Answer to `GET /conversations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversations {
    /// At most 500.
    pub conversations: Vec<ConversationRow>,
    /// Ask again with it for more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// One entry of a conversation log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogRow {
    /// Stream number.
    pub seq: u64,
    /// Signed entry.
    pub entry: B64,
}

/// Answer to `GET /conversations/{id}/log`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationLog {
    /// Newest entry of the log.
    pub head: HeadBody,
    /// In order, at most 500.
    pub entries: Vec<LogRow>,
}

/// `POST /conversations/{id}/log`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppendConvEntry {
    /// Signed entry.
    pub entry: B64,
    /// log_seq of the new entry.
    pub expect_seq: u64,
}

/// Answer to [`AppendConvEntry`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryAppended {
    /// Stream number.
    pub seq: u64,
}

/// Answer to `GET /conversations/{id}/rows`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rows {
    /// Rows below are purged or not this user's.
    pub floor: u64,
    /// Stream head.
    pub head: u64,
    /// Frames 36, 41, 49, rising.
    pub rows: Vec<B64>,
}

/// Answer to `GET /conversations/{id}/marks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Marks {
    /// Frames 42.
    pub marks: Vec<B64>,
}

/// Answer to `GET /blocks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Blocks {
    /// Whom this user blocked.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub users: Vec<UserId>,
}

/// Answer to `GET /to-device`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToDevicePage {
    /// Frames 37, rising n per sender.
    pub items: Vec<B64>,
    /// How many wait in all.
    pub pending: u64,
}
