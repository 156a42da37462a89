//! The account's devices: list, labels, approval, removal, pins.

pub mod approve;
pub mod class;
pub mod label;
pub mod list;
pub mod pins;
pub mod revoke;
pub mod run;
pub mod setting;
pub mod waiting;
