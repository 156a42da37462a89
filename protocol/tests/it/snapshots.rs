//! One example of every wire type. Its bytes are final: a changed snapshot is a changed protocol.

use std::collections::BTreeMap;
use std::fmt::Write;

use chatty_protocol::codec::{Any, Bytes, Ext, Fixed, V1, encode};
use chatty_protocol::conversation_log::{ConvOp, Cut, Meta, Mode, Policy, Role};
use chatty_protocol::device_log::{Class, DeviceOp, RevokeReason};
use chatty_protocol::envelope::{Item, LANE_LOG, LANE_MARK, Send};
use chatty_protocol::frame::{
    Ack, Changed, ClientFrame, Doorbell, Hello, Known, MarkRow, Ready, RowFrame, ServerFrame,
    TdItem,
};
use chatty_protocol::prekey::{KIND_ONE_TIME, KeyRecord};
use chatty_protocol::proof::LoginProof;
use chatty_protocol::sign::{Head, SignContext};
use chatty_protocol::statement::Statement;
use chatty_protocol::{ConvId, DeviceId, ErrorCode, MsgId, SUITE_1, UserId};

use crate::kit::{Person, conv_entry, create_op, device, entry, open, sign};

fn conv() -> ConvId {
    ConvId::from_rest([0x33; 32])
}
fn dev() -> DeviceId {
    DeviceId::from_rest([0x22; 16])
}
fn user() -> UserId {
    UserId::from_rest([0x11; 32])
}
fn head() -> Head {
    Head {
        seq: 3,
        hash: Fixed([0x55; 32]),
    }
}
fn send(lane: u64) -> Send {
    Send {
        conv: conv(),
        msg: MsgId::from_rest([0x44; 16]),
        session: Fixed([0x66; 32]),
        log_seq: 1,
        lane,
        n: u64::from(lane == LANE_LOG) * 7,
        ct: Bytes(vec![1, 2, 3]),
        ext: Ext(BTreeMap::from([(3, Any(vec![0x61, b'x']))])),
    }
}
fn item() -> Item {
    Item {
        id: Fixed([0x77; 16]),
        to: dev(),
        suite: SUITE_1,
        kind: 0,
        hint: Fixed([0x88; 8]),
        olm: Bytes(vec![9; 4]),
        expires: 1_700_000_000_000,
        ext: Ext::default(),
    }
}
fn mark() -> MarkRow {
    MarkRow {
        conv: conv(),
        user: user(),
        device: dev(),
        time: 5,
        send: send(LANE_MARK),
    }
}
fn rows() -> Vec<(&'static str, RowFrame)> {
    let ann = Person::new(1);
    let entry = open(&ann, create_op(Mode::Group, vec![])).unwrap().1;
    let (conv, user, device) = (conv(), user(), dev());
    vec![
        (
            "36 message",
            RowFrame::Message {
                conv,
                seq: 2,
                user,
                device,
                time: 5,
                send: send(LANE_LOG),
            },
        ),
        (
            "41 entry",
            RowFrame::Entry {
                conv,
                seq: 1,
                entry,
            },
        ),
        (
            "49 void",
            RowFrame::Void {
                conv,
                seq: 2,
                user,
                device,
                n: 7,
                time: 5,
            },
        ),
    ]
}

pub fn client_frames() -> Vec<(&'static str, ClientFrame)> {
    let known = Known {
        conv: conv(),
        seq: 9,
        mark_time: 5,
    };
    let hello = Hello {
        version: 1,
        ticket: "t".into(),
        suites: vec![1],
        known: vec![known],
    };
    vec![
        ("1 hello", ClientFrame::Hello(hello)),
        ("2 send", ClientFrame::Send(send(LANE_LOG))),
        (
            "3 td",
            ClientFrame::ToDevice {
                n0: 4,
                items: vec![item()],
            },
        ),
        (
            "4 ack",
            ClientFrame::Ack(Ack {
                items: vec![(dev(), 4)],
                rows: vec![(conv(), 9)],
            }),
        ),
        ("5 flash", ClientFrame::Flash(send(3))),
        ("6 ping", ClientFrame::Ping),
        ("7 open", ClientFrame::Open(vec![conv()])),
        ("8 presence", ClientFrame::Presence { share: true }),
    ]
}

pub fn server_frames() -> Vec<(&'static str, ServerFrame)> {
    let mut frames = vec![
        ("33 ready", ServerFrame::Ready(ready())),
        (
            "34 accepted",
            ServerFrame::Accepted {
                msg: MsgId::from_rest([0x44; 16]),
                conv: conv(),
                seq: 2,
                time: 5,
                ct_hash: Fixed([0x99; 32]),
            },
        ),
        (
            "35 refused",
            ServerFrame::Refused {
                what: Any(encode(&MsgId::from_rest([0x44; 16]))),
                code: ErrorCode::StaleLog,
                retry_ms: 0,
                heads: Some((2, 9)),
            },
        ),
        (
            "37 item",
            ServerFrame::TdItem(TdItem {
                user: user(),
                device: dev(),
                n: 4,
                item: item(),
            }),
        ),
        (
            "38 td accepted",
            ServerFrame::TdAccepted {
                n0: 4,
                refused: vec![(0, ErrorCode::InboxFull)],
            },
        ),
        ("39 flash", ServerFrame::Flash(mark())),
        (
            "40 doorbell conv",
            ServerFrame::Doorbell(Doorbell::Conversation(conv(), 9)),
        ),
        (
            "40 doorbell user",
            ServerFrame::Doorbell(Doorbell::User(user(), head())),
        ),
        ("42 mark", ServerFrame::Mark(mark())),
        (
            "43 keys",
            ServerFrame::Keys {
                one_time_left: 25,
                fallback_used: true,
            },
        ),
        ("44 link", ServerFrame::Link { id: Fixed([1; 16]) }),
        ("45 pong", ServerFrame::Pong),
        ("46 drain", ServerFrame::Drain { after_ms: 5000 }),
        (
            "47 bye",
            ServerFrame::Bye {
                code: ErrorCode::Malformed,
            },
        ),
        ("48 resync", ServerFrame::Resync(vec![])),
        ("50 presence", ServerFrame::Presence(vec![(user(), true)])),
    ];
    frames.extend(
        rows()
            .into_iter()
            .map(|(name, row)| (name, ServerFrame::Row(row))),
    );
    frames
}

fn ready() -> Ready {
    let changed = Changed {
        conv: conv(),
        stream_head: 9,
        log_seq: 2,
        floor: 0,
        own: (8, 7),
        newest: rows().pop().map(|(_, row)| row),
        marks: vec![mark()],
    };
    Ready {
        server_time: 1_700_000_000_000,
        incarnation: Fixed([2; 16]),
        td_pending: 3,
        limits: BTreeMap::from([("zz".into(), 1), ("a_longer_name".into(), 2)]),
        changed: vec![changed],
        more: 0,
    }
}

/// Examples by name.
pub type Named = Vec<(&'static str, Vec<u8>)>;

fn device_entries() -> Named {
    let ann = Person::new(1);
    let (cert, class, id) = (device(ann.user, 50).cert, Class::Full, ann.devices[0].id);
    let aik = Fixed([5; 32]);
    [
        (
            "0 init",
            DeviceOp::Init {
                aik,
                cert: cert.clone(),
                class,
            },
        ),
        (
            "1 add",
            DeviceOp::Add {
                cert: cert.clone(),
                class: Class::Limited,
                expires: 9,
            },
        ),
        (
            "2 renew",
            DeviceOp::Renew {
                device: id,
                class,
                expires: 0,
            },
        ),
        (
            "3 revoke",
            DeviceOp::Revoke {
                device: id,
                reason: RevokeReason::Lost,
            },
        ),
        (
            "4 handle",
            DeviceOp::Handle {
                handle: "ann".into(),
                origin: crate::kit::ORIGIN.into(),
            },
        ),
        (
            "5 recover",
            DeviceOp::Recover {
                epoch: 1,
                base: head(),
                keep: vec![id],
                cert: Some(cert),
                class,
            },
        ),
        (
            "6 rotate-aik",
            DeviceOp::RotateAik {
                aik,
                accept: [6; 64],
            },
        ),
        (
            "7 checkpoint",
            DeviceOp::Checkpoint {
                version: 1,
                count: 2,
                root: Fixed([7; 32]),
            },
        ),
        ("8 close", DeviceOp::Close),
        (
            "9 replace-aik",
            DeviceOp::ReplaceAik {
                aik,
                accept: [6; 64],
            },
        ),
    ]
    .into_iter()
    .map(|(name, op)| {
        (
            name,
            encode(&entry(ann.user, 1, Fixed([8; 32]), op, Some(id))),
        )
    })
    .collect()
}

fn conv_entries() -> Named {
    let ann = Person::new(1);
    let (state, _) = open(&ann, create_op(Mode::Group, vec![])).unwrap();
    let cuts = vec![Cut {
        device: dev(),
        dev_seq: 4,
        chain: Fixed([3; 32]),
    }];
    let meta = Meta {
        key_id: Fixed([1; 8]),
        nonce: Fixed([2; 24]),
        ct: Bytes(vec![3; 5]),
    };
    [
        ("0 create", create_op(Mode::Direct, vec![user()])),
        (
            "1 invite",
            ConvOp::Invite {
                users: vec![user()],
            },
        ),
        ("2 join", ConvOp::Join { invite_seq: 1 }),
        (
            "3 leave",
            ConvOp::Leave {
                cuts: cuts.clone(),
                successor: Some(user()),
            },
        ),
        (
            "4 remove",
            ConvOp::Remove {
                user: user(),
                cuts: cuts.clone(),
            },
        ),
        (
            "5 role",
            ConvOp::SetRole {
                user: user(),
                role: Role::Admin,
            },
        ),
        (
            "6 policy",
            ConvOp::SetPolicy(Policy {
                timer_s: 3600,
                ..Policy::default()
            }),
        ),
        ("7 meta", ConvOp::SetMeta(meta)),
        ("8 rotate", ConvOp::Rotate { cuts }),
    ]
    .into_iter()
    .map(|(name, op)| {
        let at = (op.number() > 0).then_some(&state);
        (
            name,
            conv_entry(&ann, at, 1, Fixed([8; 32]), op, Fixed([4; 32]))
                .inner()
                .to_vec(),
        )
    })
    .collect()
}

fn others() -> Named {
    let ann = Person::new(1);
    let (version, ext) = (V1, Ext::default());
    let record = KeyRecord {
        version,
        suite: SUITE_1,
        user: ann.user,
        device: ann.devices[0].id,
        kind: KIND_ONE_TIME,
        id: 12,
        public: Bytes(vec![4; 32]),
        created: 5,
        ext: ext.clone(),
    };
    let statement = Statement {
        version,
        user: ann.user,
        device: dev(),
        head: head(),
        epoch: 0,
        time: 5,
        ext,
    };
    let proof = LoginProof {
        origin: crate::kit::ORIGIN.into(),
        nonce: Bytes(vec![1; 16]),
        device: dev(),
        purpose: "login".into(),
        time: 5,
    };
    let key = &ann.devices[0].key;
    vec![
        ("certificate", ann.devices[0].cert.inner().to_vec()),
        (
            "signed key record",
            sign::<KeyRecord>(key, SignContext::Otk, encode(&record)).to_bytes(),
        ),
        ("statement", encode(&statement)),
        ("login proof", encode(&proof)),
    ]
}

/// Every example by group.
pub fn all_examples() -> [(&'static str, Named); 5] {
    let client = client_frames()
        .into_iter()
        .map(|(name, frame)| (name, encode(&frame)));
    let server = server_frames()
        .into_iter()
        .map(|(name, frame)| (name, encode(&frame)));
    [
        ("client frame", client.collect()),
        ("server frame", server.collect()),
        ("device log", device_entries()),
        ("conversation log", conv_entries()),
        ("signed", others()),
    ]
}

#[test]
fn every_wire_type_keeps_its_bytes() {
    let mut text = String::new();
    for (group, rows) in all_examples() {
        for (name, bytes) in rows {
            writeln!(
                text,
                "{group} / {name}: {}",
                data_encoding::HEXLOWER.encode(&bytes)
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!(text);
}
