//! One line per request and nothing of a user in it: method, route pattern, status, time, number.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::SharedApp;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Numbers of requests since the start; they say nothing about who asked.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Counts, times and logs a request.
pub async fn trace(State(app): State<SharedApp>, request: Request, next: Next) -> Response {
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let begun = Instant::now();
    let method = request.method().clone();
    // The pattern: a filled path holds ids and handles.
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let elapsed = begun.elapsed();
    let status = response.status().as_u16();
    app.metrics
        .answered(method.as_str(), &route, status, elapsed.as_secs_f64());
    let us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(id, %method, route, status, us, "answered");
    } else {
        tracing::debug!(id, %method, route, status, us, "answered");
    }
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    response
}

/// A panic of a handler becomes an answer; what it said stays in the log of the process.
pub fn panicked(_what: Box<dyn std::any::Any + Send>) -> Response {
    use axum::response::IntoResponse;
    tracing::error!("a handler panicked");
    super::error::ApiError::new(chatty_protocol::ErrorCode::Internal).into_response()
}
