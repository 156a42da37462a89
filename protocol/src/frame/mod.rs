//! WebSocket frames (wire.md §9): one CBOR array per binary message, its number first.

mod client;
mod server;

pub use client::{Ack, ClientFrame, Hello, Known};
pub use server::{Changed, Doorbell, MarkRow, Ready, RowFrame, ServerFrame, StaleHeads, TdItem};

/// Version in `hello`; another one is answered with `bye needs_update`.
pub const SOCKET_VERSION: u64 = 1;
