//! The closed list of error codes and the problem+json body that carries one (RFC 9457).

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal;)*) => {
        /// Every way in which the relay refuses, the same on REST and WebSocket.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl ErrorCode {
            /// Every code, in the order of protocol.md §22.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it stands on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// HTTP status of the REST answer.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }
        }
    };
}

codes! {
    /// Not decodable, or not in canonical form.
    Malformed = "malformed", 400;
    /// Larger than a limit allows.
    TooLarge = "too_large", 413;
    /// Made by a newer program.
    NeedsUpdate = "needs_update", 400;
    /// No or a wrong credential.
    Unauthorised = "unauthorised", 401;
    /// The access or refresh token is too old.
    TokenExpired = "token_expired", 401;
    /// A refresh token came twice; its family is dead.
    TokenReused = "token_reused", 401;
    /// The session's scope does not reach this.
    Scope = "scope", 403;
    /// The account's e-mail address is not verified yet.
    NotVerified = "not_verified", 403;
    /// A device proof is missing or wrong.
    ProofRequired = "proof_required", 401;
    /// Too many calls; wait.
    RateLimited = "rate_limited", 429;
    /// A quota is used up.
    Quota = "quota", 429;
    /// There is none, or it may not be seen.
    NotFound = "not_found", 404;
    /// Collides with what is stored.
    Conflict = "conflict", 409;
    /// Another entry was first.
    StaleSeq = "stale_seq", 409;
    /// The sender's log head is older than the relay's.
    StaleLog = "stale_log", 409;
    /// Not a member of the conversation.
    NotMember = "not_member", 403;
    /// The role does not allow it.
    NotAllowed = "not_allowed", 403;
    /// Two devices write under one identity.
    DeviceCloned = "device_cloned", 409;
    /// A message number that was passed already.
    StaleCounter = "stale_counter", 409;
    /// A signature does not verify.
    InvalidSignature = "invalid_signature", 403;
    /// The device is in no device log.
    UnknownDevice = "unknown_device", 403;
    /// The device was removed from its account.
    DeviceRevoked = "device_revoked", 403;
    /// The account has its maximum of devices.
    DeviceLimit = "device_limit", 429;
    /// The group has its maximum of members.
    GroupLimit = "group_limit", 429;
    /// The recipient device takes no more items.
    InboxFull = "inbox_full", 429;
    /// No key for this claimer.
    ClaimRefused = "claim_refused", 429;
    /// A key id or session came with other content.
    KeyReused = "key_reused", 409;
    /// The handle belongs to somebody.
    HandleTaken = "handle_taken", 409;
    /// The code is wrong.
    CodeWrong = "code_wrong", 422;
    /// The code is too old or was tried too often.
    CodeExpired = "code_expired", 422;
    /// Blocked, or there is no such user.
    BlockedOrUnknown = "blocked_or_unknown", 403;
    /// Was there and is no more.
    Gone = "gone", 410;
    /// Too much to do; try again.
    Busy = "busy", 503;
    /// The relay is stopping; connect again.
    Draining = "draining", 503;
    /// The relay was restored and takes lost entries first.
    Maintenance = "maintenance", 503;
    /// The relay's disk is full.
    StorageFull = "storage_full", 503;
    /// A fault of the relay.
    Internal = "internal", 500;
}

// By hand: the derive does not see names that a macro puts in.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ErrorCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let names = Self::ALL.iter().map(|code| code.as_str());
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .enum_values(Some(names))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for ErrorCode {}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ErrorCode {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == text)
            .ok_or(())
    }
}

/// Body of every REST error, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// Always `about:blank`: the code says more than a page would.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// The code, from the closed list.
    pub code: ErrorCode,
    /// What is wrong with this very request, for a developer; never user data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Wait at least this long before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The head that won, with `stale_seq` and `conflict`: `[seq, hash base64url]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<crate::rest::HeadBody>,
}

impl ErrorBody {
    /// A body with only the code.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            kind: "about:blank".into(),
            title: code.as_str().replace('_', " "),
            status: code.status(),
            code,
            detail: None,
            retry_after_ms: None,
            head: None,
        }
    }
}
