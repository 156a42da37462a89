//! What another device put inside an Olm message: first byte the type, then the body.
#![no_main]

use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::olm::Payload;
use chatty_protocol::codec::{Any, decode_exact, encode};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(payload) = decode_exact::<Payload>(bytes) {
        assert_eq!(encode(&payload), bytes);
    }
    if let Some((kind, body)) = bytes.split_first() {
        let body = Any(body.to_vec());
        if let Ok(read) = ToDeviceBody::from_body(u64::from(*kind), &body) {
            assert_eq!(read.to_body(), body);
        }
    }
});
