//! The relay: stores and orders ciphertext, never holds a key that opens it.
//!
//! [`build`] starts one in-process; `main.rs` only reads settings and calls it. `http` and
//! `gateway` translate, `service` decides, `store` keeps, and none of them can name a plaintext.

pub mod bus;
pub mod cache;
pub mod clock;
pub mod config;
pub mod gateway;
pub mod http;
pub mod job;
pub mod lifecycle;
pub mod mail;
pub mod notice;
pub mod ops;
pub mod service;
pub mod state;
pub mod store;

pub use lifecycle::{BuildError, Deps, Relay, build};
