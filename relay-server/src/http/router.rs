//! Every route of the relay, one list to read aloud.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use chatty_protocol::{ErrorCode, limits};

use super::error::ApiError;
use crate::state::SharedApp;

/// The whole HTTP surface of one relay.
pub fn router(app: SharedApp) -> Router {
    let v1 = Router::new()
        .route("/ws", get(crate::gateway::upgrade))
        .merge(super::conversations::routes());
    Router::new()
        .nest("/v1", v1)
        .fallback(|| async { ApiError::new(ErrorCode::NotFound) })
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .with_state(app)
}
