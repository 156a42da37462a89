//! Integration tests of the core: one binary.

mod api;
mod store;
mod vault;
