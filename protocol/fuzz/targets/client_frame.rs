//! The relay reads these bytes from anybody: no panic, and what decodes encodes to itself.
#![no_main]

use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::frame::ClientFrame;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(frame) = decode_exact::<ClientFrame>(bytes) {
        assert_eq!(encode(&frame), bytes);
    }
});
