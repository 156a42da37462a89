//! What a member's device put inside a Megolm message: payload, content, title.
#![no_main]

use chatty_crypto::content::meta::MetaContent;
use chatty_crypto::content::{Content, Payload};
use chatty_protocol::codec::{decode_exact, encode};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(payload) = decode_exact::<Payload>(bytes) {
        assert_eq!(encode(&payload), bytes);
    }
    if let Ok(content) = Content::from_bytes(bytes) {
        assert_eq!(content.to_bytes(), bytes);
        let _texts = (content.check(), content.fallback());
    }
    let _title = MetaContent::from_bytes(bytes);
});
