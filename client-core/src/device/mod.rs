//! The account's devices: list, labels, approval, removal, pins.

pub mod approve;
pub mod label;
pub mod list;
pub mod pins;
pub mod revoke;
pub mod run;
pub mod waiting;
