//! Everything that talks to the browser. Lives on the worker's one thread.

mod clock;
mod copy;
mod database;
mod epoch_file;
mod failure;
mod http;
mod idb;
mod js;
mod key_wrap;
#[cfg(debug_assertions)]
mod old_store;
mod platform;
mod socket;
pub mod worker;
