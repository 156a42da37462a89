//! Bytes inside the ciphertexts: one example of each, frozen, and described by docs/protocol.cddl.

use std::collections::BTreeMap;
use std::fmt::Write;

use chatty_crypto::content::mark::{Receipt, Row};
use chatty_crypto::content::message::{Edit, Reaction, Span, Text};
use chatty_crypto::content::to_device::*;
use chatty_crypto::content::{Body, Content, EXT_FALLBACK, MessageRef, Payload, Position};
use chatty_protocol::codec::{Any, Bytes, Ext, Fixed, V1, encode};
use chatty_protocol::sign::Head;
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

const CDDL: &str = include_str!("../../../../docs/protocol.cddl");

/// Name, rule of the grammar, bytes.
type Example = (&'static str, &'static str, Vec<u8>);

fn user() -> UserId {
    UserId::from_rest([0x11; 32])
}
fn dev() -> DeviceId {
    DeviceId::from_rest([0x22; 16])
}
fn conv() -> ConvId {
    ConvId::from_rest([0x33; 32])
}
fn msg() -> MsgId {
    MsgId::from_rest([0x44; 16])
}
fn head() -> Head {
    Head {
        seq: 3,
        hash: Fixed([0x55; 32]),
    }
}

fn content(rel: bool, body: Body) -> Vec<u8> {
    let rel = rel.then(|| MessageRef {
        author: user(),
        msg: msg(),
    });
    let ext = Ext(BTreeMap::from([(EXT_FALLBACK, Any(encode(&"old text")))]));
    let content = Content {
        msg: msg(),
        sent_at: 5,
        expires_s: 3600,
        rel,
        body,
        ext,
    };
    let bytes = content.to_bytes();
    assert_eq!(Content::from_bytes(&bytes), Ok(content));
    bytes
}

fn contents() -> Vec<Example> {
    let text = Text {
        text: "hello @bob".into(),
        spans: vec![Span {
            start: 6,
            len: 4,
            kind: 8,
            arg: None,
        }],
        mentions: vec![user()],
    };
    let row = Row {
        seq: 9,
        device: dev(),
        msg: msg(),
    };
    let receipt = Receipt {
        delivered: Some(row),
        read: None,
        missing: vec![4, 5],
    };
    let typing = chatty_crypto::content::flash::Typing { on: true };
    vec![
        (
            "1 text",
            "content-1",
            content(true, Body::Text(text.clone())),
        ),
        (
            "2 edit",
            "content-2",
            content(true, Body::Edit(Edit { rev: 1, text })),
        ),
        ("3 delete", "content-3", content(true, Body::Delete)),
        (
            "4 reaction",
            "content-4",
            content(
                true,
                Body::Reaction(Reaction {
                    rev: 1,
                    emoji: "👍".into(),
                }),
            ),
        ),
        (
            "5 receipt",
            "content-5",
            content(false, Body::Receipt(receipt)),
        ),
        (
            "6 typing",
            "content-6",
            content(false, Body::Typing(typing)),
        ),
    ]
}

fn payloads() -> Vec<Example> {
    let megolm = Payload {
        version: V1,
        bind: Fixed([1; 32]),
        dev_seq: 7,
        prev: Fixed([2; 32]),
        frontier: vec![Position {
            device: dev(),
            dev_seq: 3,
            chain16: Fixed([3; 16]),
        }],
        conv_head: head(),
        device_head: head(),
        content: Bytes(vec![4; 3]),
        ext: Ext::default(),
    };
    let olm = chatty_crypto::olm::Payload {
        version: V1,
        bind: Fixed([1; 32]),
        cert: Some(Bytes(vec![5; 4])),
        kind: 7,
        pair_ctr: 1,
        id: Fixed([6; 16]),
        expires: 9,
        body: Any(vec![0x80]),
        ext: Ext::default(),
    };
    vec![
        ("megolm", "payload-megolm", encode(&megolm)),
        ("olm", "payload-olm", encode(&olm)),
    ]
}

/// The contents by the names that `docs/vectors.json` gives them.
pub fn contents_by_name() -> Vec<(String, Vec<u8>)> {
    contents()
        .into_iter()
        .map(|(name, _, bytes)| (name.replace(' ', "-"), bytes))
        .collect()
}

/// Every to-device body by its rule in the grammar.
pub fn bodies() -> Vec<(&'static str, ToDeviceBody)> {
    keys().into_iter().chain(others()).collect()
}

fn keys() -> Vec<(&'static str, ToDeviceBody)> {
    let (request, session, owner) = (Fixed([7; 16]), Fixed([8; 32]), dev());
    vec![
        (
            "conv-key",
            ToDeviceBody::ConvKey(ConvKey {
                conv: conv(),
                session_key: Bytes(vec![9; 229]),
                gen_no: 2,
                first_seq: 8,
                chain: Fixed([1; 32]),
                closes: Some((1, 7)),
                conv_head: head(),
                your_head: head(),
                shareable: false,
                meta_key: Some((Fixed([2; 8]), Fixed([3; 32]))),
            }),
        ),
        (
            "withheld",
            ToDeviceBody::Withheld(Withheld {
                conv: conv(),
                session,
                gen_no: 2,
                code: WithheldCode::Dormant,
            }),
        ),
        (
            "conv-meta",
            ToDeviceBody::ConvMeta(ConvMeta {
                conv: conv(),
                key_id: Fixed([2; 8]),
                key: session,
                invite_head: head(),
            }),
        ),
        (
            "key-request",
            ToDeviceBody::KeyRequest(KeyRequest {
                request,
                conv: conv(),
                session,
                owner,
            }),
        ),
        (
            "key-forward",
            ToDeviceBody::KeyForward(KeyForward {
                request,
                conv: conv(),
                owner_user: user(),
                owner,
                exported: Bytes(vec![4; 165]),
            }),
        ),
    ]
}

fn others() -> Vec<(&'static str, ToDeviceBody)> {
    let request = Fixed([7; 16]);
    let name = || "backup".to_owned();
    let pin = TrustPin {
        user: user(),
        aik: Fixed([1; 32]),
        head: head(),
        state: 2,
        since: 5,
    };
    vec![
        (
            "olm-reset",
            ToDeviceBody::OlmReset(OlmReset {
                session: Fixed([8; 32]),
                last_ctr: 4,
            }),
        ),
        ("olm-ack", ToDeviceBody::OlmAck),
        (
            "secret-request",
            ToDeviceBody::SecretRequest(SecretRequest {
                request,
                name: name(),
            }),
        ),
        (
            "secret-send",
            ToDeviceBody::SecretSend(SecretSend {
                request,
                name: name(),
                secret: Bytes(vec![1]),
            }),
        ),
        (
            "verify",
            ToDeviceBody::Verify(Verify {
                txn: request,
                step: 1,
                bytes: Bytes(vec![1]),
            }),
        ),
        (
            "trust",
            ToDeviceBody::Trust(TrustPart {
                version: 1,
                part: 0,
                parts: 1,
                pins: vec![pin],
                heads: vec![(conv(), head())],
            }),
        ),
        (
            "sync-read",
            ToDeviceBody::Sync(Sync::Read {
                conv: conv(),
                positions: vec![(dev(), 4)],
                time: 5,
            }),
        ),
        (
            "sync-setting",
            ToDeviceBody::Sync(Sync::Setting {
                name: "device/x".into(),
                value: Any(encode(&"label")),
                rev: 1,
            }),
        ),
        (
            "log-evidence",
            ToDeviceBody::Evidence(Evidence {
                subject: Subject::User(user()),
                entries: vec![Bytes(vec![1])],
            }),
        ),
        (
            "profile",
            ToDeviceBody::Profile(Profile {
                rev: 1,
                name: "Ann".into(),
                avatar: None,
            }),
        ),
    ]
}

fn all() -> Vec<Example> {
    let bodies = bodies().into_iter().map(|(rule, body)| {
        let bytes = body.to_body();
        assert_eq!(ToDeviceBody::from_body(body.kind(), &bytes), Ok(body));
        (rule, rule, bytes.0)
    });
    contents()
        .into_iter()
        .chain(payloads())
        .chain(bodies)
        .collect()
}

#[test]
fn what_is_inside_keeps_its_bytes() {
    let mut text = String::new();
    for (name, _, bytes) in all() {
        writeln!(text, "{name}: {}", data_encoding::HEXLOWER.encode(&bytes)).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_grammar_describes_what_is_inside() {
    let (_, rules) = CDDL.split_once("; --- building blocks").unwrap();
    for (name, rule, bytes) in all() {
        let grammar = format!("start = {rule}\n; {rules}");
        let fits = cddl_cat::validate_cbor_bytes("start", &grammar, &bytes);
        assert!(fits.is_ok(), "{name}: {fits:?}");
        let mut other = bytes.clone();
        other.insert(0, 0x81);
        assert!(
            cddl_cat::validate_cbor_bytes("start", &grammar, &other).is_err(),
            "{name} wrapped"
        );
    }
}
