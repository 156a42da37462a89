//! `/healthz` and `/readyz`.

use axum::extract::State;
use axum::http::StatusCode;

use crate::state::SharedApp;

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether people should be sent here: the store reads and writes.
pub async fn readyz(State(app): State<SharedApp>) -> (StatusCode, &'static str) {
    let stats = app.store.stats();
    if stats.read_only {
        return (StatusCode::SERVICE_UNAVAILABLE, "the store is read-only\n");
    }
    if stats.full {
        return (StatusCode::SERVICE_UNAVAILABLE, "the disk is full\n");
    }
    if app.store.meta_get("ready").await.is_err() {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n",
        );
    }
    (StatusCode::OK, "ready\n")
}
