//! The client engine and the one API that every shell uses.
//!
//! A tour, outside in: a shell holds an [`api::Handle`] and sends the methods of
//! [`api::methods`]; the engine (one actor on one thread) owns the [`store::Store`] and asks the
//! [`platform::Platform`] for everything that is not computation: time, randomness, network,
//! files. What a shell may see is in [`api`]; what is kept on disk, and how it is encrypted, is
//! in [`store`] and [`vault`]. Nothing here knows tokio, threads or a target architecture.

mod account;
pub mod api;
mod conversation;
mod device;
pub mod engine;
mod message;
mod outbox;
pub mod platform;
pub mod store;
mod sync;
pub mod vault;
