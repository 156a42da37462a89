//! Padding, binds, the content chain, and the bytes of every content and to-device body.

use chatty_crypto::content::{Payload, bind, chain as chain_hash};
use chatty_crypto::olm::{PairKeys, Peer, bind as pair_bind};
use chatty_crypto::padding::{pad, unpad};
use chatty_protocol::codec::{Bytes, Ext, Fixed, V1, decode_exact, encode};
use chatty_protocol::sign::{Head, ZERO_HASH};
use chatty_protocol::{ConvId, DeviceId, SUITE_1, UserId};
use serde_json::{Map, Value, json};

use super::hex;
use crate::wire;

const LENGTHS: [usize; 14] = [
    0, 1, 507, 508, 509, 1020, 1021, 2044, 2045, 4092, 4093, 5000, 50_000, 90_000,
];

pub(super) fn padding() -> Value {
    let lengths =
        LENGTHS.map(|n| json!({ "plaintext": n, "padded": pad(&vec![0; n]).unwrap().len() }));
    // `head` followed by zeros up to `length`.
    let row = |what: &str, head: &str, length: usize| {
        let mut padded = data_encoding::HEXLOWER.decode(head.as_bytes()).unwrap();
        padded.resize(length, 0);
        json!({ "what": what, "head": head, "length": length, "accepted": unpad(&padded).is_ok() })
    };
    json!({
        "lengths": lengths,
        "padded": [
            row("three bytes", "00000003616263", 512),
            row("nothing", "00000000", 512),
            row("a bucket too large", "00000003616263", 1024),
            row("no bucket", "00000003616263", 511),
            row("a byte behind the plaintext", "0000000361626301", 512),
            row("longer than the whole", "00000200616263", 512),
        ],
    })
}

fn conv() -> ConvId {
    ConvId::from_rest([0x33; 32])
}

fn peer(n: u8) -> PairKeys {
    PairKeys {
        peer: Peer {
            user: UserId::from_rest([n; 32]),
            device: DeviceId::from_rest([n + 1; 16]),
        },
        ed25519: Fixed([n + 2; 32]),
        curve25519: Fixed([n + 3; 32]),
    }
}

pub(super) fn olm_bind() -> Value {
    let (from, to) = (peer(0x10), peer(0x20));
    let side = |keys: &PairKeys| {
        json!({
            "user": keys.peer.user.to_string(), "device": keys.peer.device.to_string(),
            "ed25519": hex(keys.ed25519), "curve25519": hex(keys.curve25519),
        })
    };
    json!({
        "from": side(&from), "to": side(&to), "suite": SUITE_1,
        "bind": hex(pair_bind(&from, &to)),
    })
}

pub(super) fn megolm_bind() -> Value {
    let keys = peer(0x10);
    let session = Fixed([0x66; 32]);
    json!({
        "conv": conv().to_string(), "user": keys.peer.user.to_string(),
        "device": keys.peer.device.to_string(), "session": hex(session), "gen": 2,
        "bind": hex(bind(&conv(), &keys.peer.user, &keys.peer.device, &session, 2)),
    })
}

/// Three messages of one device; number 3 was cancelled.
pub(super) fn chain() -> Value {
    let device = DeviceId::from_rest([0x22; 16]);
    let mut prev = ZERO_HASH;
    let mut messages = Vec::new();
    for ((_, content), dev_seq) in wire::contents_by_name().into_iter().zip([1, 2, 4]) {
        let chain = chain_hash(&conv(), &device, dev_seq, &prev, &content);
        messages.push(json!({
            "dev_seq": dev_seq, "prev": hex(prev), "content": hex(&content), "chain": hex(chain),
        }));
        prev = chain;
    }
    json!({ "conv": conv().to_string(), "device": device.to_string(), "messages": messages })
}

/// Each content, the payload around it, and how long that is when padded.
pub(super) fn contents() -> Value {
    let head = Head {
        seq: 3,
        hash: Fixed([0x55; 32]),
    };
    let mut out = Map::new();
    for (name, content) in wire::contents_by_name() {
        let in_log_lane = !matches!(content[1], 5 | 6);
        let payload = encode(&Payload {
            version: V1,
            bind: Fixed([1; 32]),
            dev_seq: if in_log_lane { 7 } else { 0 },
            prev: if in_log_lane {
                Fixed([2; 32])
            } else {
                ZERO_HASH
            },
            frontier: Vec::new(),
            conv_head: head,
            device_head: head,
            content: Bytes(content.clone()),
            ext: Ext::default(),
        });
        let padded = pad(&payload).unwrap();
        let read: Payload = decode_exact(unpad(&padded).unwrap()).unwrap();
        assert_eq!(read.content.0, content);
        let row = json!({
            "bytes": hex(&content), "payload": hex(&payload), "padded_length": padded.len(),
        });
        out.insert(name, row);
    }
    Value::Object(out)
}

/// Each body by its rule in the grammar.
pub(super) fn to_device() -> Value {
    let rows = wire::bodies().into_iter().map(|(name, body)| {
        let row = json!({ "type": body.kind(), "body": hex(body.to_body().0) });
        (name.to_owned(), row)
    });
    Value::Object(rows.collect())
}
