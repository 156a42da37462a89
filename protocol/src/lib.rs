//! What the relay and every client share: ids, the canonical codec, signed structures, both
//! logs with their rules, frames, REST bodies, error codes and limits.
//!
//! The normative text is `docs/protocol.md`. Nothing here does I/O, reads a clock or draws
//! randomness, and nothing here can name a plaintext: the relay links this crate and no other.
#![deny(missing_docs)]

pub mod certificate;
pub mod codec;
pub mod conversation_log;
pub mod curve;
pub mod device_log;
pub mod envelope;
pub mod error;
pub mod frame;
pub mod handle;
pub mod id;
pub mod limits;
pub mod origin;
pub mod prekey;
pub mod proof;
pub mod rest;
pub mod sign;
pub mod statement;

pub use codec::{DecodeError, Ext};
pub use error::{ErrorBody, ErrorCode};
pub use id::{ConvId, DeviceId, IdError, MsgId, UserId};
pub use sign::{Hash32, Head, Key, Signed};

/// Version of the wire format that this crate speaks; the first element of every signed structure.
pub const PROTOCOL_VERSION: u64 = 1;
/// The only cipher suite of version 1: X25519, Ed25519, Olm v1, Megolm v1, SHA-256.
pub const SUITE_1: u64 = 1;
