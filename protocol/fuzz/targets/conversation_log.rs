//! Conversation entries: decode, and judge them as a first entry and after one.
#![no_main]

use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::conversation_log::{ConvEntry, authorize};
use chatty_protocol::sign::Signed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(entry) = decode_exact::<ConvEntry>(bytes) {
        assert_eq!(encode(&entry), bytes);
        let signed = Signed::from_parts(bytes.to_vec(), [0; 64]);
        if let Ok(state) = authorize(None, &signed, &entry, true) {
            assert_eq!(state.state_hash(), entry.state);
            let _next = authorize(Some(&state), &signed, &entry, false);
        }
    }
});
