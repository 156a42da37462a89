//! A client reads these bytes from a hostile relay.
#![no_main]

use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::frame::{RowFrame, ServerFrame};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(frame) = decode_exact::<ServerFrame>(bytes) {
        assert_eq!(encode(&frame), bytes);
    }
    if let Ok(row) = decode_exact::<RowFrame>(bytes) {
        assert_eq!(encode(&row), bytes);
    }
});
