//! Bodies of the REST API (protocol.md §17): snake_case, ids in text form, other binary base64url
//! without padding, heads as `[seq, hash]`.

mod account;
mod binary;
mod conversation;
mod device;
mod key;
mod service;

pub use account::*;
pub use binary::{B64, HeadBody};
pub use conversation::*;
pub use device::*;
pub use key::*;
pub use service::*;
