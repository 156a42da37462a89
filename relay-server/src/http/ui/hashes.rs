//! What is served, as hashes: for people who compare it with a build of their own.
//!
//! A relay that gives somebody other files can also give them other hashes, so this proves nothing
//! to a page; it lets anybody outside look without downloading everything.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chatty_protocol::ErrorCode;
use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::http::error::ApiError;
use crate::state::SharedApp;

const ABOUT: &str = "What this relay serves, for audit: compare it with a build of the same \
     version. It says nothing about what somebody else was served.";

#[derive(Serialize)]
struct Hashes<'a> {
    about: &'static str,
    version: &'static str,
    algorithm: &'static str,
    /// Path below the origin to the hash of the file as it was built, uncompressed.
    files: &'a BTreeMap<String, String>,
}

/// `/.well-known/chatty/ui-hashes.json`
pub async fn hashes(State(app): State<SharedApp>) -> Response {
    if app.ui.hashes.is_empty() {
        return ApiError::from(ErrorCode::NotFound).into_response();
    }
    Json(Hashes {
        about: ABOUT,
        version: env!("CARGO_PKG_VERSION"),
        algorithm: "sha-256",
        files: &app.ui.hashes,
    })
    .into_response()
}

/// SHA-256 in hex, as `sha256sum` prints it.
pub fn of(content: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(content))
}
