//! `docs/vectors.json`: what another implementation checks itself against. The file is made from
//! this code and then frozen; `CHATTY_UPDATE=1` writes it anew when the protocol really changes.

use chatty_protocol::codec::{Any, decode_exact, encode};
use chatty_protocol::conversation_log::{ConvOp, Mode, Policy, authorize};
use chatty_protocol::device_log::{Class, DeviceLog, DeviceOp, RevokeReason};
use chatty_protocol::sign::{SignContext, hash};
use chatty_protocol::{ConvId, DeviceId, UserId};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::kit::{ORIGIN, Person, conv_entry, create_op, open, public};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/vectors.json");

fn hex(bytes: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(bytes.as_ref())
}

/// Bytes that every decoder must take or refuse.
fn canonical() -> Value {
    let rows = [
        ("00", "zero"),
        ("1818", "24 in two bytes"),
        ("1817", "23 in two bytes"),
        ("1b001fffffffffffff", "2^53 - 1"),
        ("1b0020000000000000", "2^53"),
        ("20", "negative"),
        ("f6", "null"),
        ("f7", "undefined"),
        ("f93c00", "float"),
        ("c000", "tag"),
        ("9f00ff", "indefinite array"),
        ("62c328", "text that is not UTF-8"),
        ("0000", "one byte too many"),
        ("818181818181818100", "depth 8"),
        ("81818181818181818100", "depth 9"),
    ];
    let row = |(bytes, what): (&str, &str)| {
        let raw = HEXLOWER.decode(bytes.as_bytes()).unwrap();
        json!({ "what": what, "bytes": bytes, "accepted": decode_exact::<Any>(&raw).is_ok() })
    };
    rows.into_iter().map(row).collect()
}

fn ids() -> Value {
    let (ann, bob) = (Person::new(1), Person::new(2));
    json!({
        "user": {
            "aik": hex(public(&ann.aik)), "bytes": hex(ann.user), "text": ann.user.to_string(),
        },
        "device": {
            "certificate": hex(ann.devices[0].cert.inner()),
            "bytes": hex(ann.devices[0].id), "text": ann.devices[0].id.to_string(),
        },
        "direct": {
            "users": [ann.user.to_string(), bob.user.to_string()], "origin": ORIGIN,
            "text": ConvId::of_direct(&ann.user, &bob.user, ORIGIN).to_string(),
        },
        "notes_to_self": ConvId::of_direct(&ann.user, &ann.user, ORIGIN).to_string(),
    })
}

fn signatures() -> Value {
    let ann = Person::new(1);
    let cert = &ann.devices[0].cert;
    let key = public(&ann.devices[0].key);
    let row = |context: SignContext| {
        json!({
            "context": context.name(), "key": hex(key), "bytes": hex(cert.inner()),
            "signature": hex(cert.signature()), "valid": cert.verified_by(&key, context),
        })
    };
    SignContext::ALL.into_iter().map(row).collect()
}

/// A life of an account: each entry with the head and the live devices after it.
fn device_log() -> Value {
    let mut ann = Person::new(1);
    ann.append(
        DeviceOp::Handle {
            handle: "ann".into(),
            origin: ORIGIN.into(),
        },
        Some(0),
    );
    let second = ann.add_device(50, Class::Full);
    let limited = ann.add_device(51, Class::Limited);
    ann.append(
        DeviceOp::Revoke {
            device: ann.devices[limited].id,
            reason: RevokeReason::SignedOut,
        },
        Some(limited),
    );
    ann.append(
        DeviceOp::Revoke {
            device: ann.devices[0].id,
            reason: RevokeReason::Lost,
        },
        Some(second),
    );
    let mut log = DeviceLog::init(&ann.entries[0]).unwrap();
    let row = |signed: &chatty_protocol::Signed<_>| {
        let _verdict = log.apply(signed);
        let live: Vec<String> = log.live_devices().map(|(id, _)| id.to_string()).collect();
        json!({
            "signed": hex(signed.to_bytes()), "seq": log.head.seq, "hash": hex(log.head.hash), "live": live,
        })
    };
    ann.entries.iter().map(row).collect()
}

/// A life of a group: each entry with the head and the state hash after it.
fn conversation_log() -> Value {
    let (ann, bob) = (Person::new(1), Person::new(2));
    let (mut state, first) = open(&ann, create_op(Mode::Group, vec![])).unwrap();
    let mut rows = vec![json!({
        "signed": hex(first.to_bytes()), "conv": state.conv.to_string(),
        "hash": hex(state.head.hash), "state": hex(state.state_hash()),
    })];
    let steps = [
        (
            &ann,
            ConvOp::Invite {
                users: vec![bob.user],
            },
        ),
        (&bob, ConvOp::Join { invite_seq: 1 }),
        (
            &ann,
            ConvOp::SetPolicy(Policy {
                timer_s: 3600,
                ..Policy::default()
            }),
        ),
        (
            &bob,
            ConvOp::Leave {
                cuts: vec![],
                successor: None,
            },
        ),
    ];
    for (person, op) in steps {
        let after =
            chatty_protocol::conversation_log::propose(&state, &person.user, &op, true).unwrap();
        let head = state.head;
        let signed = conv_entry(
            person,
            Some(&state),
            head.seq + 1,
            head.hash,
            op,
            after.state_hash(),
        );
        state = authorize(Some(&state), &signed, &signed.open().unwrap(), true).unwrap();
        rows.push(json!({
            "signed": hex(signed.to_bytes()), "conv": state.conv.to_string(),
            "hash": hex(state.head.hash), "state": hex(state.state_hash()),
        }));
    }
    Value::Array(rows)
}

fn all() -> Value {
    let frames: Vec<Value> = crate::snapshots::all_examples()
        .into_iter()
        .flat_map(|(group, rows)| {
            rows.into_iter().map(
                move |(name, bytes)| json!({ "group": group, "name": name, "bytes": hex(bytes) }),
            )
        })
        .collect();
    json!({
        "version": 1,
        "canonical": canonical(),
        "hash": { "context": "user-id", "bytes": "00", "hash": hex(hash("user-id", &[0])) },
        "ids": ids(),
        "signatures": signatures(),
        "device_log": device_log(),
        "conversation_log": conversation_log(),
        "encodings": frames,
    })
}

#[test]
fn the_vectors_are_what_the_code_does() {
    let made = serde_json::to_string_pretty(&all()).unwrap() + "\n";
    if std::env::var_os("CHATTY_UPDATE").is_some() {
        std::fs::write(FILE, &made).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap();
    assert!(
        kept == made,
        "docs/vectors.json differs: the protocol changed"
    );
}

#[test]
fn the_vectors_tell_right_from_wrong() {
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let count = |list: &str, field: &str, value: bool| {
        vectors[list]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row[field] == json!(value))
            .count()
    };
    assert!(
        count("canonical", "accepted", true) >= 4 && count("canonical", "accepted", false) >= 8
    );
    // B1: one signature, one context.
    assert_eq!(count("signatures", "valid", true), 1);
    assert_eq!(
        vectors["device_log"].as_array().unwrap().last().unwrap()["live"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let text = vectors["ids"]["device"]["text"].as_str().unwrap();
    let inner = HEXLOWER
        .decode(
            vectors["ids"]["device"]["certificate"]
                .as_str()
                .unwrap()
                .as_bytes(),
        )
        .unwrap();
    assert_eq!(text.parse(), Ok(DeviceId::of_certificate(&inner)));
    let aik = HEXLOWER
        .decode(vectors["ids"]["user"]["aik"].as_str().unwrap().as_bytes())
        .unwrap();
    let aik = chatty_protocol::codec::Fixed(aik.try_into().unwrap());
    assert_eq!(
        UserId::of_aik(&aik).to_string(),
        vectors["ids"]["user"]["text"].as_str().unwrap()
    );
    assert_eq!(encode(&1u64), [1]);
}
