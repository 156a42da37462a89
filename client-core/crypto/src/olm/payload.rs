//! What is inside an Olm message, and what binds it to two devices (A9, A15).

use chatty_protocol::codec::{Any, Bytes, Ext, Fixed, V1, encode};
use chatty_protocol::sign::{Hash32, hash};
use chatty_protocol::{SUITE_1, wire_array};

use super::PairKeys;

wire_array! {
    /// The padded plaintext of every to-device message.
    pub struct Payload {
        /// Always 1.
        pub version: V1,
        /// [`bind`] of sender and recipient.
        pub bind: Hash32,
        /// Sender's signed certificate; required in a pre-key message.
        pub cert: Option<Bytes>,
        /// Type of the body.
        pub kind: u64,
        /// From 1 per (sender device, recipient device), outlives sessions.
        pub pair_ctr: u64,
        /// Same as the item's id.
        pub id: Fixed<16>,
        /// Same as the item's expiry, Unix ms.
        pub expires: u64,
        /// One CBOR item; its shape follows from `kind`.
        pub body: Any,
        /// Extensions.
        pub ext: Ext,
    }
}

/// Hash over user, device and both keys of sender and recipient, and the suite.
pub fn bind(from: &PairKeys, to: &PairKeys) -> Hash32 {
    let input = (
        from.peer.user,
        from.peer.device,
        from.ed25519,
        from.curve25519,
        to.peer.user,
        to.peer.device,
        to.ed25519,
        to.curve25519,
        SUITE_1,
    );
    hash("olm-bind", &encode(&input))
}
