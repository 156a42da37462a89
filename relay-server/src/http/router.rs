//! Mounts the route list.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use chatty_protocol::{ErrorCode, limits};
use tower_http::catch_panic::CatchPanicLayer;

use super::error::ApiError;
use super::trace::{panicked, trace};
use super::{about, openapi, origin, routes, ui};
use crate::ops::{health, metrics};
use crate::state::SharedApp;

/// The whole HTTP surface of one relay.
pub fn router(app: SharedApp) -> Router {
    let mut v1 = Router::new().route("/ws", get(crate::gateway::upgrade));
    for route in routes::v1() {
        v1 = v1.route(route.path, route.handler);
    }
    let v1 = v1.layer(from_fn_with_state(app.clone(), origin::guard));
    Router::new()
        .nest("/v1", v1)
        .route("/openapi.json", get(openapi::openapi))
        .route("/.well-known/chatty", get(about::well_known))
        .route("/.well-known/chatty/ui-hashes.json", get(ui::hashes))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .fallback(ui::fallback)
        .method_not_allowed_fallback(not_found)
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), trace))
        .with_state(app)
}

async fn not_found() -> ApiError {
    ErrorCode::NotFound.into()
}
