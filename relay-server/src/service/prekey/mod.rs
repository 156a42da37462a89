//! One-time and fallback keys.

mod claim;
mod count;
mod put;

pub use claim::{Claimer, claim};
pub use count::count;
pub use put::put_keys;
