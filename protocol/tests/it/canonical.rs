//! The decoder takes the one canonical form and nothing else (protocol.md §3, A29).

use chatty_protocol::DecodeError;
use chatty_protocol::codec::{Any, decode_exact, encode};
use chatty_protocol::envelope::Send;
use chatty_protocol::frame::ClientFrame;
use proptest::prelude::*;

fn refused(hex: &str) {
    let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
    let answer = decode_exact::<Any>(&bytes);
    assert!(
        matches!(answer, Err(DecodeError::Malformed(_))),
        "{hex}: {answer:?}"
    );
}

#[test]
fn every_other_spelling_is_malformed() {
    refused(""); // nothing
    refused("1800"); // 0 in two bytes
    refused("190017"); // 23 in three bytes
    refused("1b0020000000000000"); // 2^53
    refused("20"); // negative
    refused("9f00ff"); // indefinite array
    refused("5f4100ff"); // indefinite bytes
    refused("c000"); // tag
    refused("f7"); // undefined
    refused("f93c00"); // float
    refused("f800"); // simple value in two bytes
    refused("61ff"); // text that is not UTF-8
    refused("8200"); // cut off
    refused("0000"); // trailing
    refused("81818181818181818100"); // depth 9 counted from the outermost array
}

#[test]
fn depth_eight_is_the_last_that_decodes() {
    let eight = data_encoding::HEXLOWER
        .decode(b"818181818181818100")
        .unwrap();
    assert!(decode_exact::<Any>(&eight[1..]).is_ok());
}

#[test]
fn map_keys_are_sorted_and_unique() {
    for (hex, ok) in [
        ("a2010002 00", true),
        ("a202000100", false),
        ("a201000100", false),
    ] {
        let bytes = data_encoding::HEXLOWER
            .decode(hex.replace(' ', "").as_bytes())
            .unwrap();
        assert_eq!(
            decode_exact::<chatty_protocol::Ext>(&bytes).is_ok(),
            ok,
            "{hex}"
        );
    }
}

#[test]
fn a_huge_length_is_refused_before_it_is_believed() {
    let bytes = data_encoding::HEXLOWER
        .decode(b"9b001fffffffffffff")
        .unwrap();
    assert!(decode_exact::<Vec<u64>>(&bytes).is_err());
    let bytes = data_encoding::HEXLOWER
        .decode(b"5b001fffffffffffff00")
        .unwrap();
    assert!(decode_exact::<Any>(&bytes).is_err());
}

proptest! {
    #[test]
    fn rubbish_never_panics_and_what_decodes_encodes_to_itself(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(frame) = decode_exact::<ClientFrame>(&bytes) {
            prop_assert_eq!(encode(&frame), bytes.clone());
        }
        if let Ok(send) = decode_exact::<Send>(&bytes) {
            prop_assert_eq!(encode(&send), bytes);
        }
    }
}
