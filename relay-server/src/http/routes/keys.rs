//! One-time and fallback keys.

use axum::routing::{get, post, put};
use chatty_protocol::ErrorCode as C;
use chatty_protocol::rest::{ClaimKeys, ClaimedKeys, KeyCount, PutKeys};
use utoipa::openapi::path::HttpMethod::{Get, Post, Put};

use crate::http::keys;
use crate::http::route::Access::{Device, Verified};
use crate::http::route::{Route, route};

/// Upload, count, claim.
pub(super) fn all() -> Vec<Route> {
    vec![
        route(Put, "/keys", Device, put(keys::put), "Publish keys")
            .takes::<PutKeys>()
            .gives::<KeyCount>(200)
            .refuses(&[C::KeyReused, C::Quota, C::NeedsUpdate]),
        route(
            Get,
            "/keys/count",
            Device,
            get(keys::count),
            "Keys that are left",
        )
        .gives::<KeyCount>(200),
        route(
            Post,
            "/keys/claim",
            Verified,
            post(keys::claim),
            "One key per device",
        )
        .takes::<ClaimKeys>()
        .gives::<ClaimedKeys>(200),
    ]
}
