//! Every frame survives encode and decode, and no frame decodes as another.

use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::frame::{ClientFrame, ServerFrame};

use crate::snapshots::{client_frames, server_frames};

#[test]
fn frames_round_trip() {
    for (name, frame) in client_frames() {
        assert_eq!(
            decode_exact::<ClientFrame>(&encode(&frame)),
            Ok(frame),
            "{name}"
        );
    }
    for (name, frame) in server_frames() {
        assert_eq!(
            decode_exact::<ServerFrame>(&encode(&frame)),
            Ok(frame),
            "{name}"
        );
    }
}

#[test]
fn a_frame_with_one_byte_more_or_less_is_malformed() {
    for (name, frame) in server_frames() {
        let bytes = encode(&frame);
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(decode_exact::<ServerFrame>(&longer).is_err(), "{name}");
        assert!(
            decode_exact::<ServerFrame>(&bytes[..bytes.len() - 1]).is_err(),
            "{name}"
        );
        assert!(
            decode_exact::<ClientFrame>(&bytes).is_err(),
            "{name} read as a client frame"
        );
    }
}
