//! The Olm and Megolm machine of a Chatty device: no I/O, no clock, no async.
//!
//! Every function takes a [`tx::Tx`]: it reads stored rows through a [`view::View`], collects
//! what must be written in one [`changes::Changes`] bag, and is given the time and the random
//! source. The core commits the bag together with its own rows in one database transaction.
//! Nothing is kept in memory between two inputs, so an error simply drops the transaction and
//! leaves no half-advanced ratchet behind.
#![deny(missing_docs)]

pub mod approval;
pub mod changes;
pub mod content;
pub mod conversation;
pub mod device_log;
pub mod dispatch;
pub mod error;
pub mod identity;
pub mod keys;
pub mod megolm;
pub mod olm;
pub mod padding;
pub mod profile;
pub mod recovery;
mod rows;
pub mod self_test;
pub mod trust;
pub mod tx;
pub mod view;

pub use error::CryptoError;
