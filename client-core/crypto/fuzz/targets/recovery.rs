//! A recovery key as a person types it, a link frame as a relay passes it, a passphrase wrap.
#![no_main]

use chatty_crypto::approval::LinkFrame;
use chatty_crypto::recovery::{RecoverySecret, WrappedSecret};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(secret) = RecoverySecret::from_text(text)
    {
        let printed = secret.to_text();
        let again = RecoverySecret::from_text(&printed);
        assert!(again.is_ok_and(|again| again.as_bytes() == secret.as_bytes()));
    }
    if let Ok(frame) = LinkFrame::from_bytes(bytes) {
        assert_eq!(frame.to_bytes(), bytes);
    }
    if let Ok(wrap) = WrappedSecret::from_bytes(bytes) {
        assert_eq!(wrap.to_bytes(), bytes);
    }
});
