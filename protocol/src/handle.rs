//! Handles: the public names of logins, `[a-z][a-z0-9_]{2,31}`.

use crate::limits::HANDLE_CHARS;

/// Names that would pass for the service itself.
const RESERVED: [&str; 24] = [
    "abuse",
    "account",
    "admin",
    "administrator",
    "api",
    "chatty",
    "contact",
    "help",
    "hostmaster",
    "info",
    "mail",
    "me",
    "moderator",
    "noreply",
    "official",
    "postmaster",
    "relay",
    "root",
    "security",
    "server",
    "service",
    "support",
    "system",
    "webmaster",
];

/// Whether the text has the form of a handle (without `@`).
pub fn is_well_formed(handle: &str) -> bool {
    let (min, max) = HANDLE_CHARS;
    (min..=max).contains(&handle.len())
        && handle.starts_with(|c: char| c.is_ascii_lowercase())
        && handle
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether nobody may sign up with it.
pub fn is_reserved(handle: &str) -> bool {
    RESERVED.contains(&handle)
}
