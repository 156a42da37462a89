//! What the relay says of itself to anybody.

use axum::Json;
use axum::extract::State;
use chatty_protocol::PROTOCOL_VERSION;
use chatty_protocol::rest::{Limits, Version, WellKnown};

use crate::state::SharedApp;

/// `GET /version`
pub async fn version(State(app): State<SharedApp>) -> Json<Version> {
    Json(Version {
        program: concat!("chatty-relay ", env!("CARGO_PKG_VERSION")).to_owned(),
        versions: vec![PROTOCOL_VERSION],
        open_signup: app.config.open_signup_without_mail,
    })
}

/// `GET /limits`
pub async fn limits(State(app): State<SharedApp>) -> Json<Limits> {
    Json(Limits {
        limits: app.config.limits.differing(),
    })
}

/// `/.well-known/chatty`
pub async fn well_known(State(app): State<SharedApp>) -> Json<WellKnown> {
    Json(WellKnown {
        origin: app.origin.clone(),
        versions: vec![PROTOCOL_VERSION],
    })
}
