//! One way out for every refusal: problem+json with a code of the closed list.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chatty_protocol::rest::HeadBody;
use chatty_protocol::sign::Head;
use chatty_protocol::{DecodeError, ErrorBody, ErrorCode};

/// A refusal on its way to the caller.
#[derive(Debug, Clone)]
pub struct ApiError(pub Box<ErrorBody>);

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A refusal with only its code.
    pub fn new(code: ErrorCode) -> Self {
        Self(Box::new(ErrorBody::new(code)))
    }

    /// The code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Adds what is wrong with this very request; never user data.
    #[must_use]
    pub fn detail(mut self, detail: &'static str) -> Self {
        self.0.detail = Some(detail.to_owned());
        self
    }

    /// Adds the time to wait.
    #[must_use]
    pub fn retry_after(mut self, ms: u64) -> Self {
        self.0.retry_after_ms = Some(ms);
        self
    }

    /// Adds the head that won.
    #[must_use]
    pub fn head(mut self, head: Head) -> Self {
        self.0.head = Some(HeadBody::from(head));
        self
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<DecodeError> for ApiError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Malformed(what) => Self::new(ErrorCode::Malformed).detail(what),
            DecodeError::NeedsUpdate(what) => Self::new(ErrorCode::NeedsUpdate).detail(what),
        }
    }
}

impl From<crate::clock::RandomError> for ApiError {
    fn from(_: crate::clock::RandomError) -> Self {
        Self::new(ErrorCode::Internal)
    }
}

/// Shortest wait that an overloaded relay asks for.
const DEFAULT_RETRY_MS: u64 = 1_000;

impl IntoResponse for ApiError {
    fn into_response(mut self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        let waits = matches!(status.as_u16(), 429 | 503);
        if waits && self.0.retry_after_ms.is_none() {
            self.0.retry_after_ms = Some(DEFAULT_RETRY_MS);
        }
        let retry_s = self.0.retry_after_ms.map(|ms| ms.div_ceil(1_000));
        let mut response = (status, Json(*self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<crate::store::StoreError> for ApiError {
    fn from(error: crate::store::StoreError) -> Self {
        let code = error.code();
        if code == ErrorCode::Internal {
            // The text names tables and causes, never rows of a user.
            tracing::error!(%error, "store");
        }
        Self::new(code)
    }
}
