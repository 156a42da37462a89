//! Padding of decrypted bytes: what unpads is what was padded, to the byte.
#![no_main]

use chatty_crypto::padding::{pad, unpad};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(inner) = unpad(bytes) {
        assert_eq!(pad(inner).as_deref(), Ok(bytes));
    }
    if let Ok(padded) = pad(bytes) {
        assert_eq!(unpad(&padded), Ok(bytes));
    }
});
