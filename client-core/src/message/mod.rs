//! Messages: written, received, changed, read.

pub mod change;
pub mod draft;
pub mod expire;
pub mod get;
pub mod list;
pub mod read;
pub mod receipts;
pub mod receive;
pub mod search;
pub mod send;
pub mod show;
pub mod typing;
pub mod versions;
