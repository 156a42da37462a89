//! Which web pages may use the API and its socket (D14). Programs send no `Origin` and are not held
//! back.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chatty_protocol::ErrorCode;

use super::error::ApiError;
use crate::state::{App, SharedApp};

/// Turns every call of a foreign page away before it is read.
pub async fn guard(State(app): State<SharedApp>, request: Request, next: Next) -> Response {
    match allowed(&app, request.headers()) {
        true => next.run(request).await,
        false => ApiError::new(ErrorCode::NotAllowed)
            .detail("origin not allowed")
            .into_response(),
    }
}

/// Whether the request's `Origin`, if it has one, is the relay's own or on the list.
pub fn allowed(app: &App, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let mut known = app.config.listen.allowed_origins.iter();
    origin == app.origin || known.any(|allowed| allowed == origin)
}
