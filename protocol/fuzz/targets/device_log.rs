//! Device-log entries from a hostile relay: decode, start a log, apply to it.
#![no_main]

use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::device_log::{DeviceEntry, DeviceLog};
use chatty_protocol::sign::Signed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(entry) = decode_exact::<DeviceEntry>(bytes) {
        assert_eq!(encode(&entry), bytes);
        let signed = Signed::from_parts(bytes.to_vec(), [0; 64]);
        // Nobody signed it, so no log can begin with it.
        assert!(DeviceLog::init(&signed).is_err());
    }
});
