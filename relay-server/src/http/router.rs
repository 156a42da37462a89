//! Every route of the relay, one list to read aloud.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};
use chatty_protocol::{ErrorCode, limits};
use tower_http::catch_panic::CatchPanicLayer;

use super::error::ApiError;
use super::trace::{panicked, trace};
use super::{about, accounts, keys, links, sessions, users};
use crate::ops::{health, metrics};
use crate::state::SharedApp;

/// The whole HTTP surface of one relay.
pub fn router(app: SharedApp) -> Router {
    Router::new()
        .nest("/v1", v1())
        .route("/.well-known/chatty", get(about::well_known))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .fallback(not_found)
        .method_not_allowed_fallback(not_found)
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), trace))
        .with_state(app)
}

fn v1() -> Router<SharedApp> {
    Router::new()
        .route("/accounts", post(accounts::sign_up))
        .route("/account", get(accounts::me).delete(accounts::delete))
        .route("/account/password", put(accounts::change_password))
        .route("/account/reset", post(accounts::request_reset))
        .route("/account/reset/confirm", post(accounts::confirm_reset))
        .route("/account/identity", put(accounts::replace_identity))
        .route("/account/replace-aik", put(accounts::replace_aik))
        .route("/account/waits", get(accounts::waits))
        .route("/account/waits/{kind}", delete(accounts::veto))
        .route("/email/verify", post(accounts::verify_email))
        .route("/email/resend", post(accounts::resend_email))
        .route("/challenge", get(sessions::challenge))
        .route("/sessions", post(sessions::log_in))
        .route("/sessions/refresh", post(sessions::refresh))
        .route("/sessions/{sid}", delete(sessions::log_out))
        .route("/tickets", post(sessions::ticket))
        .route("/devices", get(users::devices))
        .route("/users/by-handle/{handle}", get(users::by_handle))
        .route("/users/heads", post(users::heads))
        .route("/users/me/log", post(users::append_log))
        .route("/users/{user}/log", get(users::read_log))
        .route(
            "/users/{user}/statement",
            get(users::statement).put(users::put_statement),
        )
        .route("/keys", put(keys::put))
        .route("/keys/count", get(keys::count))
        .route("/keys/claim", post(keys::claim))
        .route("/links", post(links::open).get(links::list))
        .route(
            "/links/{id}/frames",
            post(links::put_frame).get(links::frames),
        )
        .route("/limits", get(about::limits))
        .route("/version", get(about::version))
        .route("/ws", get(crate::gateway::upgrade))
        .merge(super::conversations::routes())
}

async fn not_found() -> ApiError {
    ErrorCode::NotFound.into()
}
