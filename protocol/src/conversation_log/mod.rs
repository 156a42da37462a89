//! The signed, hash-chained membership log of a conversation (protocol.md §10).

mod apply;
mod authorize;
mod entry;
mod entry_codec;
mod state;

pub use authorize::{Denied, authorize, cuts_of, propose, propose_create};
pub use entry::{ConvEntry, ConvOp, Cut, Meta, Mode, Policy, Role};
pub use state::{ConvState, Member, Status};
