//! REST: extractors in, one service call, one answer or one problem+json out.

mod about;
mod accounts;
pub mod conversations;
pub mod error;
pub mod extract;
mod keys;
mod limit;
mod links;
pub mod openapi;
pub mod origin;
pub mod route;
mod router;
pub mod routes;
mod serve;
mod sessions;
mod tls;
mod trace;
pub mod ui;
mod users;

pub use router::router;
pub use serve::serve;
pub use tls::{Tls, TlsError};
