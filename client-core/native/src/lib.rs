//! The platform of the core on desktop and server systems: threads, tokio, files.
//!
//! [`start`] takes a home folder to a running engine: one process per home ([`lock`]), the vault
//! opened ([`vault_store`]), the database open, the engine on a thread of its own. Everything the
//! engine asks of the machine goes through [`platform::Native`].

mod failure;
pub mod files;
mod http;
pub mod kill;
pub mod lock;
mod open;
pub mod platform;
mod socket;
mod start;
pub mod vault_store;

pub use failure::StartError;
pub use start::{Engine, EngineStart, Options, start, start_with};
