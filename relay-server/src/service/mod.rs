//! What the relay does, without HTTP and without SQL.

pub mod conversation;
pub mod hasher;
pub mod mark;
pub mod message;
pub mod to_device;
pub mod token;
