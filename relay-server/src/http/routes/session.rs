//! Sessions and what the relay says of itself.

use axum::routing::{delete, get, post};
use chatty_protocol::ErrorCode as C;
use chatty_protocol::rest::{Challenge, Limits, LogIn, LoggedIn, Refresh, Ticket, Tokens, Version};
use utoipa::openapi::path::HttpMethod::{Delete, Get, Post};

use crate::http::route::Access::{Anyone, Session, Verified};
use crate::http::route::{Route, route};
use crate::http::{about, sessions};

/// Log-in, refresh, log-out, tickets.
pub(super) fn all() -> Vec<Route> {
    vec![
        route(
            Get,
            "/challenge",
            Anyone,
            get(sessions::challenge),
            "A nonce for a login-proof",
        )
        .gives::<Challenge>(200),
        route(Post, "/sessions", Anyone, post(sessions::log_in), "Log in")
            .takes::<LogIn>()
            .gives::<LoggedIn>(200)
            .refuses(&[C::Unauthorised, C::ProofRequired]),
        route(
            Post,
            "/sessions/refresh",
            Anyone,
            post(sessions::refresh),
            "The next tokens",
        )
        .takes::<Refresh>()
        .gives::<Tokens>(200)
        .refuses(&[
            C::Unauthorised,
            C::ProofRequired,
            C::TokenReused,
            C::TokenExpired,
        ]),
        route(
            Delete,
            "/sessions/{sid}",
            Session,
            delete(sessions::log_out),
            "Log out",
        )
        .done(),
        route(
            Post,
            "/tickets",
            Verified,
            post(sessions::ticket),
            "A socket ticket",
        )
        .gives::<Ticket>(200),
    ]
}

/// Limits and version.
pub(super) fn relay() -> Vec<Route> {
    vec![
        route(
            Get,
            "/limits",
            Anyone,
            get(about::limits),
            "Limits that differ",
        )
        .gives::<Limits>(200),
        route(
            Get,
            "/version",
            Anyone,
            get(about::version),
            "Program and versions",
        )
        .gives::<Version>(200),
    ]
}
