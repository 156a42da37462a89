//! Signed containers and what is inside them.
#![no_main]

use chatty_protocol::certificate::{self, Certificate};
use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::prekey::KeyRecord;
use chatty_protocol::sign::Signed;
use chatty_protocol::statement::Statement;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(signed) = Signed::<Certificate>::from_bytes(bytes) {
        assert_eq!(signed.to_bytes(), bytes);
        let _checked = certificate::check(&signed);
    }
    if let Ok(record) = decode_exact::<KeyRecord>(bytes) {
        assert_eq!(encode(&record), bytes);
    }
    if let Ok(statement) = decode_exact::<Statement>(bytes) {
        assert_eq!(encode(&statement), bytes);
    }
});
