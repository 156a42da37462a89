//! What the relay may know of a message, a mark, a flash and a to-device item (protocol.md §11, §13).

use crate::codec::{Bytes, Ext, Fixed};
use crate::sign::Key;
use crate::{ConvId, DeviceId, MsgId, wire_array};

/// Lane of durable, ordered content.
pub const LANE_LOG: u64 = 1;
/// Lane of receipts: durable, one row per device, replaced.
pub const LANE_MARK: u64 = 2;
/// Lane of typing: never stored.
pub const LANE_FLASH: u64 = 3;
/// Item `kind` of an Olm pre-key message.
pub const ITEM_PRE_KEY: u64 = 0;
/// Item `kind` of a normal Olm message.
pub const ITEM_NORMAL: u64 = 1;
/// Odd extension key of an item that asks for a wake.
pub const ITEM_EXT_WAKE: u64 = 1;

wire_array! {
    /// A Megolm message on its way: `send` of protocol.md §13.
    pub struct Send {
        /// Conversation.
        pub conv: ConvId,
        /// Message id, unique per sender device.
        pub msg: MsgId,
        /// Megolm session id (its Ed25519 key).
        pub session: Key,
        /// Log head of the conversation as the sender knew it.
        pub log_seq: u64,
        /// 1 log, 2 mark, 3 flash.
        pub lane: u64,
        /// dev_seq in lane 1, else 0.
        pub n: u64,
        /// Ciphertext.
        pub ct: Bytes,
        /// Extensions.
        pub ext: Ext,
    }
}

wire_array! {
    /// An Olm message on its way: `item` of protocol.md §11.
    pub struct Item {
        /// Random id, the same as in the payload.
        pub id: Fixed<16>,
        /// Recipient device.
        pub to: DeviceId,
        /// Suite of the Olm message.
        pub suite: u64,
        /// 0 pre-key, 1 normal.
        pub kind: u64,
        /// First 8 bytes of the session id.
        pub hint: Fixed<8>,
        /// Olm ciphertext.
        pub olm: Bytes,
        /// The relay drops the item after this time, Unix ms.
        pub expires: u64,
        /// Extensions; 1 = wake.
        pub ext: Ext,
    }
}
