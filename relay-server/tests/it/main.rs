//! The relay from outside: REST and sockets against a real one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod conversations;
mod document;
mod gateway;
mod kit;
mod limits;
mod ops;
mod routes;
mod store;
