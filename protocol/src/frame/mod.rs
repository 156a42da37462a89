//! WebSocket frames (protocol.md §16): one CBOR array per binary message, its number first.

mod client;
mod row;
mod server;
mod server_decode;
mod server_encode;

pub use client::{Ack, ClientFrame, Hello, Known};
pub use row::{Changed, MarkRow, RowFrame};
pub use server::{Doorbell, Ready, ServerFrame, StaleHeads, TdItem};

/// Version in `hello`; another one is answered with `bye needs_update`.
pub const SOCKET_VERSION: u64 = 1;
