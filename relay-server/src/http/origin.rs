//! Which web pages may open a socket (D14). Programs send no `Origin` and are not held back.

use axum::http::{HeaderMap, header};

use crate::state::App;

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
