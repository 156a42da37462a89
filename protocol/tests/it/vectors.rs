//! `docs/vectors.json`: what another implementation checks itself against. The file is made from
//! this code and then frozen; `CHATTY_UPDATE=1` writes it anew when the protocol really changes.
//! Its part `crypto` belongs to the tests of chatty-crypto.

mod refused;

use std::collections::BTreeSet;

use chatty_protocol::codec::{Any, Bytes, decode_exact, encode};
use chatty_protocol::conversation_log::{ConvOp, Mode, Policy, authorize};
use chatty_protocol::device_log::{Class, DeviceLog, DeviceOp, RevokeReason};
use chatty_protocol::proof::{LoginProof, Purpose};
use chatty_protocol::sign::{SignContext, Signed, hash};
use chatty_protocol::{ConvId, DeviceId, UserId, handle, origin};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::kit::{ORIGIN, Person, conv_entry, create_op, open, public, sign};

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

/// The private keys behind everything here: 32 equal bytes each.
fn people() -> Value {
    let row = |seed: u8| {
        let person = Person::new(seed);
        json!({
            "user": person.user.to_string(), "aik_secret": hex([seed; 32]),
            "device": person.devices[0].id.to_string(), "device_secret": hex([seed + 100; 32]),
        })
    };
    json!({ "ann": row(1), "bob": row(2) })
}

/// A proof for a log-in, with its signature.
fn login_proof() -> Value {
    let device = &Person::new(1).devices[0];
    let proof = encode(&LoginProof {
        origin: ORIGIN.into(),
        nonce: Bytes(vec![1; 16]),
        device: device.id,
        purpose: Purpose::Login.name().into(),
        time: 1_700_000_000_000,
    });
    let signed: Signed<LoginProof> = sign(&device.key, SignContext::LoginProof, proof);
    json!({
        "key": hex(public(&device.key)), "bytes": hex(signed.inner()),
        "signature": hex(signed.signature()),
    })
}

/// Relay origins and handles as people type them.
fn texts() -> Value {
    let origins = [
        "https://chat.example.org",
        "HTTPS://Chat.Example.org:443/",
        "http://127.0.0.1:8420",
        "http://chat.example.org",
        "https://chat.example.org/path",
        "chat.example.org",
    ];
    let origins =
        origins.map(|typed| json!({ "typed": typed, "canonical": origin::canonical(typed).ok() }));
    let handles = ["ann", "a_1", "an", "Ann", "1ann", "_ann", "ann-b"];
    let handles =
        handles.map(|typed| json!({ "typed": typed, "accepted": handle::is_well_formed(typed) }));
    json!({ "origins": origins, "handles": handles })
}

/// One example of every wire structure: group, then name, then bytes.
fn encodings() -> Value {
    let slug = |text: &str| text.replace(' ', "-");
    let named = |rows: crate::snapshots::Named| -> serde_json::Map<String, Value> {
        rows.into_iter()
            .map(|(name, bytes)| (slug(name), json!(hex(bytes))))
            .collect()
    };
    let groups = crate::snapshots::all_examples();
    let groups: serde_json::Map<String, Value> = groups
        .into_iter()
        .map(|(group, rows)| (slug(group), named(rows).into()))
        .collect();
    groups.into()
}

fn all() -> Value {
    json!({
        "version": 1,
        "people": people(),
        "canonical": canonical(),
        "hash": { "context": "user-id", "bytes": "00", "hash": hex(hash("user-id", &[0])) },
        "ids": ids(),
        "texts": texts(),
        "signatures": signatures(),
        "login_proof": login_proof(),
        "device_log": device_log(),
        "conversation_log": conversation_log(),
        "device_log_judged": refused::device_log(),
        "conversation_log_judged": refused::conversation_log(),
        "encodings": encodings(),
    })
}

fn kept() -> Value {
    serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap()
}

#[test]
fn the_vectors_are_what_the_code_does() {
    let mut made = all();
    let mut file = kept();
    let crypto = std::mem::take(&mut file["crypto"]);
    assert!(crypto.is_object(), "the part of chatty-crypto is there");
    if std::env::var_os("CHATTY_UPDATE").is_some() {
        made["crypto"] = crypto;
        let text = serde_json::to_string_pretty(&made).unwrap() + "\n";
        std::fs::write(FILE, text).unwrap();
        return;
    }
    for (name, value) in made.as_object().unwrap() {
        assert_eq!(&file[name], value, "docs/vectors.json differs at {name}");
    }
    let extra = file.as_object().unwrap().len() - made.as_object().unwrap().len();
    assert_eq!(extra, 1, "a vector that nothing makes");
}

#[test]
fn the_vectors_tell_right_from_wrong() {
    let vectors = kept();
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
    // Many kinds of verdict, not one for all.
    for (list, kinds) in [("device_log_judged", 8), ("conversation_log_judged", 4)] {
        let rows = vectors[list]["then"].as_array().unwrap();
        let verdicts: BTreeSet<_> = rows
            .iter()
            .map(|row| row["verdict"].as_str().unwrap())
            .collect();
        assert!(verdicts.len() >= kinds, "{list}: {verdicts:?}");
    }
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
