//! Mark lane: receipts.

use chatty_protocol::codec::DecodeError;
use chatty_protocol::{DeviceId, MsgId, limits, wire_array};

wire_array! {
    /// A message row of the stream, named so that a relay cannot move the position elsewhere.
    pub struct Row {
        /// Stream number.
        pub seq: u64,
        /// Sender device.
        pub device: DeviceId,
        /// Message id.
        pub msg: MsgId,
    }
}

wire_array! {
    /// 5: everything up to a row, except the rows named as missing.
    pub struct Receipt {
        /// Newest row that arrived.
        pub delivered: Option<Row>,
        /// Newest row that was read.
        pub read: Option<Row>,
        /// Stream numbers below that this device could not read; at most 16, rising.
        pub missing: Vec<u64>,
    }
}

impl Receipt {
    /// Not empty, and a bounded list of rising numbers.
    pub fn check(&self) -> Result<(), DecodeError> {
        if self.delivered.is_none() && self.read.is_none() {
            return Err(DecodeError::Malformed("empty receipt"));
        }
        if self.missing.len() > limits::RECEIPT_MISSING {
            return Err(DecodeError::Malformed("too many missing rows"));
        }
        if !self.missing.is_sorted_by(|a, b| a < b) {
            return Err(DecodeError::Malformed("missing rows do not rise"));
        }
        Ok(())
    }
}
