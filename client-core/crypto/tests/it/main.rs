//! Integration tests of the crypto crate: simulated devices over an in-memory store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
mod wycheproof;

mod approval;
mod content;
mod conversation;
mod device_log;
mod figures;
mod forge;
mod key_share;
mod keys;
mod megolm;
mod megolm_attack;
mod olm;
mod olm_attack;
mod recovery;
mod room;
mod to_device;
mod trust;
mod world;
