//! Accounts, sessions, e-mail codes, passwords, waits.

use serde::{Deserialize, Serialize};

use super::{B64, HeadBody};
use crate::{DeviceId, UserId};

/// `POST /accounts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignUp {
    /// Handle without `@`.
    pub handle: String,
    /// Contact address; never names an identity.
    pub email: String,
    /// Password; the relay keeps an Argon2id hash.
    pub password: String,
    /// Signed device-log entry 0 (`init`).
    pub entry: B64,
}

/// Session of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// Id of the session, for `DELETE /sessions/{sid}`.
    pub sid: String,
    /// JWT, at most 10 minutes.
    pub access_token: String,
    /// Life of the access token.
    pub expires_in_ms: u64,
    /// Opaque, one use.
    pub refresh_token: String,
    /// `pending` or `device`.
    pub scope: String,
}

/// Answer to [`SignUp`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedUp {
    /// The account.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub user: UserId,
    /// Session of the sign-up device.
    pub tokens: Tokens,
    /// Whether the account may be used already (open sign-up without mail).
    pub verified: bool,
}

/// A live device's signature over a nonce of this relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proof {
    /// From `GET /challenge`.
    pub nonce: B64,
    /// Device that signs.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub device: DeviceId,
    /// Claimed time, Unix ms.
    pub time: u64,
    /// Ed25519 signature for `login-proof`.
    pub sig: B64,
}

/// Answer to `GET /challenge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// One use, 60 s.
    pub nonce: B64,
}

/// `POST /sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogIn {
    /// Handle or e-mail address.
    pub login: String,
    /// Password.
    pub password: String,
    /// Gives scope `device`; purpose `login`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// Answer to [`LogIn`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedIn {
    /// The account.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub user: UserId,
    /// Its device-log head.
    pub head: HeadBody,
    /// The session.
    pub tokens: Tokens,
}

/// `POST /sessions/refresh`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refresh {
    /// The newest one of the family.
    pub refresh_token: String,
    /// Purpose `refresh`; required unless the scope is `pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// `POST /email/verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerifyEmail {
    /// Six digits.
    pub code: String,
}

/// `PUT /account/password`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePassword {
    /// Present password.
    pub old: String,
    /// New password.
    pub new: String,
}

/// `POST /account/reset`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetPassword {
    /// Address of the account; the answer is the same for every address.
    pub email: String,
}

/// `POST /account/reset/confirm`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmReset {
    /// From the mail.
    pub token: String,
    /// New password.
    pub password: String,
}

/// `DELETE /account`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteAccount {
    /// Deletes after 7 days that any live device may veto.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Purpose `close`; with `entry` deletes at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// Signed device-log entry `close`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<B64>,
}

/// `PUT /account/identity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewIdentity {
    /// Signed `init` of the new identity.
    pub entry: B64,
}

/// `PUT /account/replace-aik`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplaceAik {
    /// Purpose `replace-aik`.
    pub proof: Proof,
}

/// An announced change that a live device may veto.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wait {
    /// `identity`, `replace-aik` or `close`.
    pub kind: String,
    /// When it takes effect, Unix ms.
    pub due_ms: u64,
}

/// Answer to `GET /account/waits`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waits {
    /// All open ones.
    pub waits: Vec<Wait>,
}

/// Answer to `POST /tickets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// Goes into `hello`; one use, 30 s.
    pub ticket: String,
}

/// Answer to `GET /account`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The account.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub user: UserId,
    /// Its handle.
    pub handle: String,
    /// Whether the address was verified.
    pub verified_email: bool,
    /// Scope of this session.
    pub scope: String,
}
