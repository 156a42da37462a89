//! The append-only, hash-chained log of an account's devices (protocol.md §8).

mod apply;
mod entry;
mod entry_codec;
mod state;
mod verify;

pub use entry::{Class, DeviceEntry, DeviceOp, RevokeReason};
pub use state::{DeviceLog, DeviceRecord};
pub use verify::{LogError, Verdict, aik_accept_bytes};
