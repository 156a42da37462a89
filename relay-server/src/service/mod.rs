//! What the relay does, without HTTP and without SQL.

pub mod hasher;
pub mod token;
