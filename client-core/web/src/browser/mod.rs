//! Everything that talks to the browser. Lives on the worker's one thread.

mod clock;
mod database;
mod epoch_file;
mod failure;
mod http;
mod idb;
mod js;
mod key_wrap;
mod lock;
mod platform;
mod socket;
pub mod worker;
