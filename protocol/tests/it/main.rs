//! Tests of the contract that relay and clients share; one binary, one module a subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod canonical;
mod cddl;
mod conversation_log;
mod device_log;
mod document;
mod foreign;
mod ids;
mod kit;
mod model;
mod round_trip;
mod snapshots;
mod vectors;
