//! Attacks on bytes: changed bits, strange forms, lengths; and who may change a message.

use std::collections::BTreeSet;

use chatty_crypto::content::message::{Edit, Reaction, Text};
use chatty_crypto::content::{Body, MessageRef};
use chatty_crypto::megolm::{self, Hold, Quarantine, Verdict};
use chatty_protocol::codec::{Any, Bytes, encode};
use chatty_protocol::limits;

use crate::forge::Forge;
use crate::kit::Dice;
use crate::room::{Room, shows, text_content, text_of, try_receive};

#[test]
fn a10_a_change_without_a_target_has_no_form() {
    let mut room = Room::pair(26);
    let original = room.text(0, "mine");
    for body in [
        Body::Edit(Edit {
            rev: 1,
            text: Text::plain("changed"),
        }),
        Body::Delete,
        Body::Reaction(Reaction {
            rev: 1,
            emoji: "👍".into(),
        }),
    ] {
        let mut content = room.content(1, body);
        content.rel = Some(MessageRef {
            author: room.devices[0].user,
            msg: original.send.msg,
        });
        assert!(content.check().is_ok());
        content.rel = None;
        assert!(content.check().is_err());
    }
}

#[test]
fn a13_no_changed_bit_is_accepted() {
    let mut room = Room::pair(27);
    let row = room.text(0, "untouched");
    room.drain(1);
    let bits = row.send.ct.0.len() * 8;
    let mut refused = 0;
    for bit in 0..bits {
        let mut changed = row.clone();
        changed.send.ct.0[bit / 8] ^= 1 << (bit % 8);
        let verdict = try_receive(&mut room, 1, &changed);
        assert!(text_of(&verdict).is_none(), "bit {bit}: {verdict:?}");
        refused += 1;
    }
    assert_eq!(refused, bits);
    assert!(shows(&room.receive(1, &row), "untouched"));
}

#[test]
fn a13_no_changed_title_is_accepted() {
    let mut room = Room::pair(28);
    let conv = room.conv;
    let title = chatty_crypto::content::meta::MetaContent::titled("Boats");
    let (meta, _) = room.devices[0]
        .run(|tx| megolm::seal_meta(tx, &conv, 5, &title))
        .unwrap();
    let device = &mut room.devices[0];
    for bit in 0..meta.ct.0.len() * 8 {
        let mut changed = meta.clone();
        changed.ct.0[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            device
                .run(|tx| megolm::open_meta(tx, &conv, 5, &changed))
                .unwrap(),
            None
        );
    }
    for bit in 0..24 * 8 {
        let mut changed = meta.clone();
        changed.nonce.0[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            device
                .run(|tx| megolm::open_meta(tx, &conv, 5, &changed))
                .unwrap(),
            None
        );
    }
    assert_eq!(
        device
            .run(|tx| megolm::open_meta(tx, &conv, 5, &meta))
            .unwrap(),
        Some(title)
    );
}

#[test]
fn a28_the_self_test_passes_in_this_build() {
    chatty_crypto::self_test::run().unwrap();
}

#[test]
fn a29_strange_messages_stall_nothing() {
    let mut room = Room::pair(33);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let mut dice = Dice(99);
    let content = text_content(&mut room, 0, "x");
    for length in [0, 1, 4, 5, 100, 508, 512, 1024, 3000] {
        let mut bytes = vec![0; length];
        chatty_crypto::tx::Random::fill(&mut dice, &mut bytes);
        let mut send = forge.row(&mut room, 1, &content).send;
        send.ct = Bytes(forge.session.encrypt(&bytes).to_bytes());
        let row = room.accept(0, send);
        assert_eq!(
            room.receive(1, &row),
            Verdict::Quarantine(Quarantine::Malformed),
            "{length}"
        );
        let mut row = row;
        row.send.ct = Bytes(bytes);
        assert_eq!(room.receive(1, &row), Verdict::Drop, "{length}");
    }
    // Extreme numbers under a valid session.
    for number in [u64::from(u32::MAX), limits::UINT_MAX] {
        let far = text_content(&mut room, 0, "far");
        let row = forge.row(&mut room, number, &far);
        assert!(shows(&room.receive(1, &row), "far"));
    }
    // A critical extension waits, a harmless one does not.
    let newer = text_content(&mut room, 0, "newer");
    let mut payload = forge.payload(&mut room, 5, &newer);
    payload.ext.0.insert(2, Any(vec![0]));
    let send = forge.seal(&room, &payload, &newer);
    let row = room.accept(0, send);
    assert_eq!(room.receive(1, &row), Verdict::NeedsUpdate);
    payload.ext.0.clear();
    payload.ext.0.insert(1, Any(vec![0]));
    let send = forge.seal(&room, &payload, &newer);
    let row = room.accept(0, send);
    assert!(shows(&room.receive(1, &row), "newer"));
    // And an ordinary message still passes.
    let row = room.text(1, "alive");
    assert!(shows(&room.read(0, &row), "alive"));
}

#[test]
fn a29_an_unknown_type_shows_its_fallback() {
    let mut room = Room::pair(34);
    let mut content = room.content(
        0,
        Body::Unknown {
            kind: 8,
            body: Any(encode(&(1u64, "poll"))),
        },
    );
    content
        .ext
        .0
        .insert(chatty_crypto::content::EXT_FALLBACK, Any(encode(&"a poll")));
    let row = room.say(0, &content);
    let Verdict::Show(shown) = room.read(1, &row) else {
        panic!("not shown");
    };
    assert_eq!(shown.content.fallback().as_deref(), Some("a poll"));
}

#[test]
fn a31_many_forgeries_are_not_even_tried() {
    let mut room = Room::pair(35);
    let row = room.text(0, "real");
    room.drain(1);
    let mut forged = row.clone();
    let last = forged.send.ct.0.len() - 1;
    forged.send.ct.0[last] ^= 1;
    for _ in 0..limits::FAILED_DECRYPTS_PER_MINUTE {
        assert_eq!(
            room.receive(1, &forged),
            Verdict::Quarantine(Quarantine::NotAuthentic)
        );
    }
    assert_eq!(room.receive(1, &row), Verdict::Hold(Hold::TooManyFailures));
    room.pass(limits::MINUTE_MS);
    assert!(shows(&room.receive(1, &row), "real"));
}

#[test]
fn b3_a_dropped_transaction_leaves_nothing_behind() {
    let mut room = Room::pair(36);
    let row = room.text(0, "once");
    room.drain(1);
    let before = room.devices[1].store.clone();
    for _ in 0..3 {
        assert!(shows(&try_receive(&mut room, 1, &row), "once"));
        assert!(before == room.devices[1].store);
    }
    assert!(shows(&room.receive(1, &row), "once"));
    assert_eq!(room.receive(1, &row), Verdict::Ignore);
}

#[test]
fn b14_short_messages_have_one_length() {
    use chatty_crypto::content::flash::Typing;
    use chatty_crypto::content::mark::{Receipt, Row as Marked};
    let mut room = Room::pair(37);
    let row = room.text(0, "hi");
    let mut lengths = BTreeSet::from([row.send.ct.0.len()]);
    let marked = Marked {
        seq: 1,
        device: row.device,
        msg: row.send.msg,
    };
    let rel = Some(MessageRef {
        author: row.user,
        msg: row.send.msg,
    });
    let log = [
        Body::Text(Text::plain(
            "a rather longer message, still of ordinary length",
        )),
        Body::Delete,
        Body::Reaction(Reaction {
            rev: 1,
            emoji: "🎉".into(),
        }),
    ];
    for body in log {
        let mut content = room.content(0, body);
        content.rel = rel.clone();
        lengths.insert(room.say(0, &content).send.ct.0.len());
    }
    let conv = room.conv;
    for body in [
        Body::Typing(Typing { on: true }),
        Body::Receipt(Receipt {
            delivered: Some(marked.clone()),
            read: Some(marked),
            missing: (0..16).collect(),
        }),
    ] {
        let content = room.content(0, body);
        let send = room.devices[0]
            .run(|tx| megolm::encrypt_mark(tx, &conv, &content))
            .unwrap();
        lengths.insert(send.ct.0.len());
    }
    assert_eq!(lengths.len(), 1, "{lengths:?}");
}
