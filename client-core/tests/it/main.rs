//! Integration tests of the core: one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, in its helper functions too"
)]

mod api;
mod spans;
mod store;
mod vault;
