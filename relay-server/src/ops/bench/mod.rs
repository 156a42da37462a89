//! Figures of `chatty-relay bench`.

pub mod store;
