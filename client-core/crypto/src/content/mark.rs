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

    /// Whether a row at `seq` counts as delivered (or read, with `read`).
    pub fn covers(&self, seq: u64, read: bool) -> bool {
        let position = if read { &self.read } else { &self.delivered };
        position.as_ref().is_some_and(|row| seq <= row.seq) && !self.missing.contains(&seq)
    }
}

/// What is known of one device: receipts only ever move forward.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Positions {
    /// Newest delivered row.
    pub delivered: Option<Row>,
    /// Newest read row.
    pub read: Option<Row>,
}

impl Positions {
    /// Merges a receipt by maximum; `known` answers whether a row, as far as this device has it,
    /// names that device and message (`None`: only void, purged, or not here: it counts).
    /// Returns whether anything moved.
    pub fn merge(
        &mut self,
        receipt: &Receipt,
        mut known: impl FnMut(&Row) -> Option<bool>,
    ) -> bool {
        let mut moved = false;
        for (mine, theirs) in [
            (&mut self.delivered, &receipt.delivered),
            (&mut self.read, &receipt.read),
        ] {
            let Some(row) = theirs else { continue };
            let newer = mine.as_ref().is_none_or(|old| old.seq < row.seq);
            if newer && known(row) != Some(false) {
                *mine = Some(row.clone());
                moved = true;
            }
        }
        moved
    }
}
