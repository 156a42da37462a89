//! Title and description of a conversation under a key of their own.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chatty_crypto::content::meta::MetaContent;
use chatty_crypto::content::to_device::{ConvMeta, ToDeviceBody};
use chatty_crypto::megolm;
use chatty_protocol::ConvId;
use chatty_protocol::codec::{Bytes, Fixed, encode};
use chatty_protocol::conversation_log::Meta;
use serde_json::{Value, json};

use super::{bytes, hex, kept};
use crate::kit::note;
use crate::room::{A0, B0, Room};

const LOG_SEQ: u64 = 4;
const KEY: [u8; 32] = [0x42; 32];
const NONCE: [u8; 24] = [0x24; 24];

fn content() -> MetaContent {
    MetaContent {
        title: "Garden".into(),
        about: "Who waters when".into(),
        ..MetaContent::titled("")
    }
}

pub(super) fn meta() -> Value {
    let conv = ConvId::from_rest([0x33; 32]);
    let plaintext = content().to_bytes().unwrap();
    let ad = encode(&(conv, LOG_SEQ));
    let payload = Payload {
        msg: &plaintext,
        aad: &ad,
    };
    let ct = XChaCha20Poly1305::new(&KEY.into())
        .encrypt(&XNonce::from(NONCE), payload)
        .unwrap();
    json!({
        "conv": conv.to_string(), "log_seq": LOG_SEQ, "key": hex(KEY), "nonce": hex(NONCE),
        "plaintext": hex(plaintext), "ad": hex(ad), "ct": hex(ct),
    })
}

/// The product opens what the vector says, once it was given the key, and under no other number.
#[test]
fn a_client_opens_the_meta_vector() {
    let vector = &kept()["crypto"]["meta"];
    let conv: ConvId = vector["conv"].as_str().unwrap().parse().unwrap();
    let mut room = Room::pair(801);
    let key_id = Fixed([1; 8]);
    let body = ToDeviceBody::ConvMeta(ConvMeta {
        conv,
        key_id,
        key: Fixed(bytes(&vector["key"]).try_into().unwrap()),
        invite_head: chatty_protocol::sign::Head {
            seq: 0,
            hash: Fixed([0; 32]),
        },
    });
    let to = room.devices[B0].peer();
    room.post(A0, to, &note("a session"));
    room.post(A0, to, &body);
    room.drain(B0);
    let meta = Meta {
        key_id,
        nonce: Fixed(bytes(&vector["nonce"]).try_into().unwrap()),
        ct: Bytes(bytes(&vector["ct"])),
    };
    let mut open = |log_seq| {
        room.devices[B0]
            .run(|tx| megolm::open_meta(tx, &conv, log_seq, &meta))
            .unwrap()
    };
    assert_eq!(open(LOG_SEQ), Some(content()));
    assert_eq!(open(LOG_SEQ + 1), None);
}
