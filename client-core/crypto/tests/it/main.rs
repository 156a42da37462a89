//! Integration tests of the crypto crate: simulated devices over an in-memory store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
mod wire;
mod wycheproof;

mod approval;
mod approval_attack;
mod attack_form;
mod attack_history;
mod attack_routing;
mod content;
mod conversation;
mod conversation_attack;
mod device_log;
mod forge;
mod key_share;
mod keys;
mod large;
mod megolm;
mod olm;
mod olm_attack;
mod olm_session_attack;
mod recovery;
mod room;
mod sharing;
mod to_device;
mod trust;
mod vectors;
mod world;
