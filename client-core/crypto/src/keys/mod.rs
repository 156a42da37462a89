//! Signed one-time and fallback keys: written down before they are uploaded, byte-identical on
//! every retry (A16, A18).

mod fallback;
mod row;
mod upload;

pub use fallback::{drained, tidy};
pub(crate) use row::{consumed, is_own};
pub use upload::{invalidate, to_upload, uploaded};
