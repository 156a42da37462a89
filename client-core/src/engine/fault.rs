//! Why a piece of the engine's work did not happen, before it becomes an answer of the API.

use chatty_crypto::CryptoError;
use chatty_protocol::{ErrorBody, ErrorCode};

use crate::api::{ApiError, LocalCode};
use crate::platform::NetError;
use crate::store::StoreError;

/// Reasons, each with what the caller may do about it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// The relay cannot be reached, or the connection broke before the answer.
    #[error(transparent)]
    Network(#[from] NetError),
    /// The relay answered with an error code.
    #[error("the server refused: {}", .0.code)]
    Refused(Box<ErrorBody>),
    /// The relay answered something that is not in the protocol.
    #[error("the server does not keep to the protocol: {0}")]
    BadRelay(&'static str),
    /// The local database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The Olm and Megolm machine.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// A rule forbids it; the answer is ready.
    #[error(transparent)]
    Rule(#[from] Box<ApiError>),
    /// Something that cannot be unless this program is wrong.
    #[error("fault of this program: {0}")]
    Bug(&'static str),
}

impl Fault {
    /// A rule forbids it.
    pub fn rule(code: LocalCode, message: impl Into<String>) -> Self {
        Self::Rule(Box::new(ApiError::new(code, message)))
    }

    /// A rule that the relay also has forbids it.
    pub fn refused(code: ErrorCode) -> Self {
        Self::Refused(Box::new(ErrorBody::new(code)))
    }

    /// The relay's code, if it was the relay that refused.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(body) => Some(body.code),
            _ => None,
        }
    }

    /// Whether the relay answered exactly this.
    pub fn is(&self, code: ErrorCode) -> bool {
        self.code() == Some(code)
    }

    /// Whether the same call may work later without anything else changing.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Network(_) => true,
            Self::Refused(body) => is_passing(body.code),
            _ => false,
        }
    }

    /// Whether the relay cannot be reached at all.
    pub fn is_network(&self) -> bool {
        matches!(self, Self::Network(_))
    }

    /// Whether there is no relay to ask now: none answers, something else does, or it has no time.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::BadRelay(_)) || self.is_passing()
    }

    /// Whether the local store failed: the engine must not go on as if nothing was. A row that
    /// breaks a rule of the schema is the fault of what came, and only that is dropped.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Store(error) => !matches!(error, StoreError::Rule(_)),
            Self::Crypto(CryptoError::Store(_) | CryptoError::Corrupt(_)) => true,
            _ => false,
        }
    }

    /// How long the relay asks to wait, ms.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Refused(body) => body.retry_after_ms,
            _ => None,
        }
    }
}

/// Codes that pass by themselves.
pub fn is_passing(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::RateLimited
            | ErrorCode::Busy
            | ErrorCode::Draining
            | ErrorCode::Maintenance
            | ErrorCode::StorageFull
            | ErrorCode::Internal
    )
}

impl From<chatty_crypto::view::ViewError> for Fault {
    fn from(error: chatty_crypto::view::ViewError) -> Self {
        Self::Crypto(error.into())
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Network(error) => {
                Self::new(LocalCode::NotReachable, error.to_string()).hint(hint_of_network(error))
            }
            Fault::Refused(body) => of_relay(&body),
            Fault::BadRelay(why) => {
                Self::new(LocalCode::BadAnswer, why).hint("Check the address of the server.")
            }
            Fault::Store(error) => of_store(&error),
            Fault::Crypto(error) => of_crypto(&error),
            Fault::Rule(error) => *error,
            Fault::Bug(why) => Self::new(LocalCode::Fault, why),
        }
    }
}

fn hint_of_network(error: NetError) -> &'static str {
    match error {
        NetError::Certificate => {
            "Check the address and this machine's clock; go on only when the certificate is right."
        }
        NetError::Secure => "Check whether the address begins with https:// or http://.",
        _ => "Check the network and the address of the server.",
    }
}

fn of_relay(body: &ErrorBody) -> ApiError {
    let message = match &body.detail {
        Some(detail) => format!("The server refused: {} ({detail}).", body.title),
        None => format!("The server refused: {}.", body.title),
    };
    let error = ApiError::new(body.code, message).hint(hint_of(body.code));
    match body.retry_after_ms {
        Some(ms) => error.retry_after(ms),
        None => error,
    }
}

fn hint_of(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::HandleTaken => "Choose another handle.",
        ErrorCode::NotVerified => "Type the code of the mail: chatty verify-email CODE.",
        ErrorCode::CodeWrong => "Look at the newest mail and type its six digits.",
        ErrorCode::CodeExpired => "Ask for another mail.",
        ErrorCode::RateLimited | ErrorCode::Busy => "Wait and try again.",
        ErrorCode::Scope => "Approve this device on another one first.",
        ErrorCode::DeviceRevoked => "This device was removed from its account: log in again.",
        ErrorCode::DeviceCloned => {
            "Two copies of this home are in use. Delete this one and log in from a new home."
        }
        ErrorCode::NeedsUpdate => "Update this program.",
        _ => "",
    }
}

fn of_store(error: &StoreError) -> ApiError {
    let code = match error {
        StoreError::Full => LocalCode::DiskFull,
        StoreError::Damaged | StoreError::WrongKey | StoreError::ReadOnly => {
            LocalCode::StoreDamaged
        }
        StoreError::TooNew { .. } => LocalCode::StoreTooNew,
        StoreError::Busy => LocalCode::HomeInUse,
        StoreError::Rule(_) => LocalCode::Fault,
        _ => LocalCode::Storage,
    };
    let hint = match code {
        LocalCode::DiskFull => "Free some space and try again.",
        LocalCode::StoreDamaged => "Put chatty.db back from a copy, or log in from a new home.",
        LocalCode::Storage => "Look at the disk and at who may write in the home.",
        _ => "",
    };
    ApiError::new(code, error.to_string()).hint(hint)
}

fn of_crypto(error: &CryptoError) -> ApiError {
    let code = match error {
        CryptoError::Store(_) => LocalCode::Storage,
        CryptoError::Corrupt(_) => LocalCode::StoreDamaged,
        CryptoError::NoIdentity => LocalCode::NotSignedIn,
        CryptoError::IdentityExists => LocalCode::AlreadySignedIn,
        CryptoError::NotLive => LocalCode::DeviceWaiting,
        CryptoError::RecoveryGone => LocalCode::RecoveryErased,
        CryptoError::UnknownUser(_) => LocalCode::NoSuchPerson,
        CryptoError::UnknownDevice(_) => LocalCode::NoSuchDevice,
        CryptoError::UnknownConversation(_) => LocalCode::NoSuchChat,
        CryptoError::Denied(denied) => return ApiError::new(denied.code, denied.reason),
        CryptoError::NotAllowed(why) => {
            return ApiError::new(ErrorCode::NotAllowed, *why);
        }
        CryptoError::Decode(_) | CryptoError::Log(_) => LocalCode::Invalid,
        CryptoError::NoSession(_) | CryptoError::Refused(_) => LocalCode::Fault,
    };
    ApiError::new(code, error.to_string())
}
