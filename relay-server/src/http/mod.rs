//! REST: extractors in, one service call, one answer or one problem+json out.

pub mod conversations;
pub mod error;
pub mod extract;
pub mod origin;
mod router;

pub use router::router;
