//! One way out for every refusal: problem+json with a code of the closed list.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chatty_protocol::rest::HeadBody;
use chatty_protocol::{ErrorBody, ErrorCode};

use crate::service::Refused;

/// A refusal on its way to the caller.
pub type ApiError = Refused;

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// Shortest wait that an overloaded relay asks for.
const DEFAULT_RETRY_MS: u64 = 1_000;

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut body = ErrorBody::new(self.code);
        body.detail = self.detail.map(str::to_owned);
        body.head = self.head.map(HeadBody::from);
        let waits = matches!(body.status, 429 | 503);
        body.retry_after_ms = self.retry_after_ms.or(waits.then_some(DEFAULT_RETRY_MS));
        let status = StatusCode::from_u16(body.status).unwrap_or(StatusCode::BAD_REQUEST);
        let retry_s = body.retry_after_ms.map(|ms| ms.div_ceil(1_000));
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(self.code, ErrorCode::Unauthorised | ErrorCode::TokenExpired) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
