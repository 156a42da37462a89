//! Why a service did not do what it was asked: a code of the closed list with what helps.

use chatty_protocol::device_log::LogError;
use chatty_protocol::sign::Head;
use chatty_protocol::{DecodeError, ErrorCode};

use super::hasher::HashError;
use super::token::TokenError;
use crate::clock::RandomError;
use crate::store::StoreError;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The code.
    pub code: ErrorCode,
    /// What is wrong with this very request; never user data.
    pub detail: Option<&'static str>,
    /// Time to wait.
    pub retry_after_ms: Option<u64>,
    /// The head that won.
    pub head: Option<Head>,
}

/// What a service answers.
pub type Served<T> = Result<T, Refused>;

/// A full queue of password hashes is worked off in about this time.
const QUEUE_RETRY_MS: u64 = 2_000;

impl Refused {
    /// A refusal with only its code.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            detail: None,
            retry_after_ms: None,
            head: None,
        }
    }

    /// Adds what is wrong; never user data.
    #[must_use]
    pub fn detail(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Adds the time to wait.
    #[must_use]
    pub fn retry_after(mut self, ms: u64) -> Self {
        self.retry_after_ms = Some(ms);
        self
    }

    /// Adds the head that won.
    #[must_use]
    pub fn head(mut self, head: Head) -> Self {
        self.head = Some(head);
        self
    }

    /// Too many of something; wait.
    pub fn rate_limited(ms: u64) -> Self {
        Self::new(ErrorCode::RateLimited).retry_after(ms)
    }
}

impl From<ErrorCode> for Refused {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<DecodeError> for Refused {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Malformed(what) => Self::new(ErrorCode::Malformed).detail(what),
            DecodeError::NeedsUpdate(what) => Self::new(ErrorCode::NeedsUpdate).detail(what),
        }
    }
}

impl From<LogError> for Refused {
    fn from(error: LogError) -> Self {
        let not_allowed = |detail| Self::new(ErrorCode::NotAllowed).detail(detail);
        match error {
            LogError::Decode(error) => error.into(),
            LogError::WrongSeq { .. } | LogError::WrongPrev => ErrorCode::StaleSeq.into(),
            LogError::BadSignature => ErrorCode::InvalidSignature.into(),
            LogError::Closed => ErrorCode::Gone.into(),
            LogError::WrongUser => not_allowed("entry of another account"),
            LogError::WrongSigner => not_allowed("signer may not do this"),
            LogError::Rule("too many devices") => ErrorCode::DeviceLimit.into(),
            LogError::Rule(rule) => not_allowed(rule),
        }
    }
}

impl From<HashError> for Refused {
    fn from(error: HashError) -> Self {
        match error {
            HashError::QueueFull => Self::rate_limited(QUEUE_RETRY_MS),
            HashError::Internal => ErrorCode::Internal.into(),
        }
    }
}

impl From<RandomError> for Refused {
    fn from(_: RandomError) -> Self {
        ErrorCode::Internal.into()
    }
}

impl From<TokenError> for Refused {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid => ErrorCode::Unauthorised.into(),
            TokenError::Expired => ErrorCode::TokenExpired.into(),
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        let code = error.code();
        if code == ErrorCode::Internal {
            // The text names tables and causes, never rows of a user.
            tracing::error!(%error, "store");
        }
        Self::new(code)
    }
}
