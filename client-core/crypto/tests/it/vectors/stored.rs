//! A real run, kept: Ann writes to Bob for the first time. vodozemac draws its own randomness, so
//! these bytes cannot be made twice; they are opened again, once by vodozemac and the document's
//! steps alone, once by the product on Bob's own rows (`bob.json`).

use chatty_crypto::content::to_device::{ConvKey, ToDeviceBody};
use chatty_crypto::content::{Body, Content, Payload, bind, chain};
use chatty_crypto::dispatch::{Effect, Received};
use chatty_crypto::megolm::{Incoming, KeyOutcome, Lane, Verdict};
use chatty_crypto::olm::{PairKeys, Payload as OlmPayload, Peer, bind as pair_bind};
use chatty_crypto::padding::unpad;
use chatty_crypto::view::Table;
use chatty_crypto::{identity, megolm, trust};
use chatty_protocol::ConvId;
use chatty_protocol::codec::{Any, decode_exact, encode};
use chatty_protocol::device_log::DeviceLog;
use chatty_protocol::frame::{RowFrame, ServerFrame, TdItem};
use chatty_protocol::sign::{Signed, ZERO_HASH};
use serde_json::{Value, json};
use vodozemac::Curve25519PublicKey;
use vodozemac::megolm::{InboundGroupSession, MegolmMessage, SessionConfig, SessionKey};
use vodozemac::olm::{
    Account, AccountPickle, OlmMessage, PreKeyMessage, SessionConfig as OlmConfig,
};

use super::{bytes, hex, kept};
use crate::kit::{Device, Dice, START_MS, Store};
use crate::room::{A0, B0, Room, text_of};

const BOB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/vectors/bob.json");
const TEXTS: [&str; 2] = ["hello bob", "are you there?"];
/// Tables whose rows cannot be learnt from anybody.
const OWN: [(Table, &str); 2] = [(Table::Own, "own"), (Table::OwnKey, "own_key")];

fn list(items: &[Vec<u8>]) -> Value {
    items.iter().map(hex).collect()
}

fn many(value: &Value) -> Vec<Vec<u8>> {
    value.as_array().unwrap().iter().map(bytes).collect()
}

/// Plays the run and writes Bob's rows.
pub(super) fn make() -> Value {
    let mut room = Room::pair(800);
    let mut rows = serde_json::Map::new();
    for (table, name) in OWN {
        let of = |(&(at, ref key), value): (&(Table, Vec<u8>), &Vec<u8>)| {
            (at == table).then(|| json!([hex(key), hex(value)]))
        };
        let found: Value = room.devices[B0].store.rows.iter().filter_map(of).collect();
        rows.insert(name.into(), found);
    }
    let pickle = &room.devices[B0].store.rows[&(Table::Own, b"account".to_vec())];
    let pickle: AccountPickle = ciborium::from_reader(pickle.as_slice()).unwrap();
    let sent: Vec<RowFrame> = TEXTS
        .iter()
        .map(|text| row_frame(&room.text(A0, text)))
        .collect();
    let item = room.inbox[B0].pop_front().unwrap();
    assert!(room.inbox[B0].is_empty());
    std::fs::write(BOB, serde_json::to_string_pretty(&rows).unwrap() + "\n").unwrap();
    let conv = room.conv;
    json!({
        "ann_log": list(&room.devices[A0].log_entries()),
        "bob_log": list(&room.devices[B0].log_entries()),
        "conv": conv.to_string(),
        "conv_log": list(&room.devices[A0].conv_log(&conv)),
        "bob_account": serde_json::to_value(&pickle).unwrap(),
        "item": hex(encode(&ServerFrame::TdItem(item.clone()))),
        "rows": sent.iter().map(|row| hex(encode(row))).collect::<Vec<_>>(),
        "texts": TEXTS,
    })
}

fn row_frame(row: &crate::room::Row) -> RowFrame {
    RowFrame::Message {
        conv: row.send.conv,
        seq: row.seq,
        user: row.user,
        device: row.device,
        time: row.time,
        send: row.send.clone(),
    }
}

fn item_of(stored: &Value) -> TdItem {
    match decode_exact(&bytes(&stored["item"])).unwrap() {
        ServerFrame::TdItem(item) => item,
        other => panic!("{other:?}"),
    }
}

fn rows_of(stored: &Value) -> Vec<RowFrame> {
    let row = |bytes: Vec<u8>| decode_exact(&bytes).unwrap();
    many(&stored["rows"]).into_iter().map(row).collect()
}

/// The one device of a log of one entry, with its keys.
fn keys_of(log: &Value) -> PairKeys {
    let entries = many(log);
    let log = DeviceLog::init(&Signed::from_bytes(&entries[0]).unwrap()).unwrap();
    let (device, record) = log.live_devices().next().unwrap();
    PairKeys {
        peer: Peer {
            user: log.user,
            device: *device,
        },
        ed25519: record.ed25519,
        curve25519: record.curve25519,
    }
}

/// Opens the item by the steps of the document: the key of the conversation is in it.
fn conv_key(stored: &Value) -> ConvKey {
    let (ann, bob) = (keys_of(&stored["ann_log"]), keys_of(&stored["bob_log"]));
    let pickle: AccountPickle = serde_json::from_value(stored["bob_account"].clone()).unwrap();
    let item = item_of(stored);
    let message = PreKeyMessage::from_bytes(&item.item.olm.0).unwrap();
    let made = Account::from_pickle(pickle)
        .create_inbound_session(
            OlmConfig::version_1(),
            Curve25519PublicKey::from_bytes(ann.curve25519.0),
            &message,
        )
        .unwrap();
    assert_eq!(OlmMessage::from(message).to_parts().0, 0);
    let payload: OlmPayload = decode_exact(unpad(&made.plaintext).unwrap()).unwrap();
    assert_eq!(payload.bind, pair_bind(&ann, &bob));
    assert_eq!((payload.id, payload.pair_ctr), (item.item.id, 1));
    let Any(body) = &payload.body;
    let body = ToDeviceBody::from_body(payload.kind, &Any(body.clone())).unwrap();
    let ToDeviceBody::ConvKey(key) = body else {
        panic!("{body:?}");
    };
    assert_eq!(key.session_key.0.len(), 229);
    key
}

#[test]
fn vodozemac_and_the_document_open_the_stored_run() {
    let stored = &kept()["crypto"]["stored"];
    let ann = keys_of(&stored["ann_log"]).peer;
    let key = conv_key(stored);
    assert_eq!(key.conv.to_string(), stored["conv"].as_str().unwrap());
    let session_key = SessionKey::from_bytes(&key.session_key.0).unwrap();
    let mut session = InboundGroupSession::new(&session_key, SessionConfig::version_1());
    let mut prev = key.chain;
    assert_eq!(prev, ZERO_HASH);
    for (row, text) in rows_of(stored).into_iter().zip(TEXTS) {
        let RowFrame::Message { conv, send, .. } = row else {
            panic!("a message");
        };
        let message = MegolmMessage::from_bytes(&send.ct.0).unwrap();
        let plain = session.decrypt(&message).unwrap().plaintext;
        let payload: Payload = decode_exact(unpad(&plain).unwrap()).unwrap();
        let bound = bind(&conv, &ann.user, &ann.device, &send.session, key.gen_no);
        assert_eq!(payload.bind, bound);
        assert_eq!((payload.dev_seq, payload.prev), (send.n, prev));
        let content = Content::from_bytes(&payload.content.0).unwrap();
        assert_eq!(content.msg, send.msg);
        let Body::Text(body) = content.body else {
            panic!("a text");
        };
        assert_eq!(body.text, text);
        prev = chain(&conv, &ann.device, send.n, &prev, &payload.content.0);
    }
}

/// Bob as he was before the item came: his own rows, everything else learnt again.
fn bob(stored: &Value) -> Device {
    let rows: Value = serde_json::from_str(&std::fs::read_to_string(BOB).unwrap()).unwrap();
    let mut store = Store::default();
    for (table, name) in OWN {
        for row in rows[name].as_array().unwrap() {
            store.rows.insert((table, bytes(&row[0])), bytes(&row[1]));
        }
    }
    let (ann, own) = (
        keys_of(&stored["ann_log"]).peer,
        keys_of(&stored["bob_log"]).peer,
    );
    let mut bob = Device {
        store,
        dice: Dice(1),
        now_ms: START_MS,
        user: own.user,
        device: own.device,
        published: Vec::new(),
        n: 0,
    };
    bob.learn(&own.user, &many(&stored["bob_log"]));
    bob.learn(&ann.user, &many(&stored["ann_log"]));
    bob.run(|tx| trust::pin(tx, &ann.user)).unwrap();
    let conv: ConvId = stored["conv"].as_str().unwrap().parse().unwrap();
    assert_eq!(bob.apply(&conv, &many(&stored["conv_log"])).stop, None);
    bob
}

#[test]
fn the_product_opens_the_stored_run() {
    let stored = &kept()["crypto"]["stored"];
    let mut bob = bob(stored);
    assert_eq!(
        bob.run(|tx| identity::own_or_fail(tx)).unwrap().device,
        bob.device
    );
    let Received::Done { effects, .. } = bob.receive(&item_of(stored)) else {
        panic!("the item was not taken");
    };
    assert!(matches!(effects[0], Effect::Key(KeyOutcome::Stored { .. })));
    for (row, text) in rows_of(stored).iter().zip(TEXTS) {
        let RowFrame::Message {
            seq,
            user,
            device,
            time,
            send,
            ..
        } = row
        else {
            panic!("a message");
        };
        let incoming = Incoming {
            user,
            device,
            seq: Some(*seq),
            time: *time,
            send,
        };
        assert_eq!(Lane::from_number(send.lane), Some(Lane::Log));
        let read = |bob: &mut Device| bob.run(|tx| megolm::receive(tx, &incoming, true)).unwrap();
        assert_eq!(text_of(&read(&mut bob)).as_deref(), Some(text));
        assert_eq!(read(&mut bob), Verdict::Ignore);
    }
}
