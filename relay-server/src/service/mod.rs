//! What the relay does, without HTTP and without SQL. One verb, one file.

pub mod account;
pub mod conversation;
pub mod device;
pub mod hasher;
pub mod lookup;
pub mod mark;
pub mod message;
pub mod prekey;
mod refused;
pub mod session;
pub mod to_device;
pub mod token;

pub use refused::{Refused, Served};
