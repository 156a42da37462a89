//! Attacks of security.md §1 on conversation messages, by id.

use std::collections::{BTreeMap, BTreeSet};

use chatty_crypto::content::message::{Edit, Reaction, Text};
use chatty_crypto::content::semantics::{Versions, may_apply};
use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::content::{Body, Content, MessageRef, Payload, bind, chain};
use chatty_crypto::dispatch::{Effect, Received};
use chatty_crypto::megolm::{self, Hold, KeyOutcome, Lane, Quarantine, Unreadable, Verdict};
use chatty_crypto::tx::Tx;
use chatty_crypto::{olm, padding};
use chatty_protocol::codec::{Any, Bytes, Ext, Fixed, decode_exact, encode};
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::sign::{Head, ZERO_HASH, sha256};
use chatty_protocol::{MsgId, limits};
use proptest::prelude::*;

use crate::forge::Forge;
use crate::kit::{Dice, Store};
use crate::room::{A0, A1, B0, Room, shows, text_of, unreadable};

fn text(room: &mut Room, from: usize, what: &str) -> Content {
    room.content(from, Body::Text(Text::plain(what)))
}

/// Judges without committing: what a relay could try over and over.
fn try_receive(room: &mut Room, at: usize, row: &crate::room::Row) -> Verdict {
    let device = &mut room.devices[at];
    let mut tx = Tx::new(&device.store, &mut device.dice, device.now_ms);
    megolm::receive(&mut tx, &row.incoming(), true).unwrap()
}

#[test]
fn a5_olm_and_megolm_payloads_are_disjoint() {
    let mut room = Room::pair(21);
    let content = text(&mut room, 0, "hello");
    let forge = Forge::new(0, 1);
    let megolm: Payload = forge.payload(&mut room, 1, &content);
    assert!(decode_exact::<olm::Payload>(&encode(&megolm)).is_err());
    assert!(ToDeviceBody::from_body(1, &Any(content.to_bytes())).is_err());
    let key = forge.key(&mut room, 1);
    let body = ToDeviceBody::ConvKey(key);
    let Any(bytes) = body.to_body();
    assert!(Content::from_bytes(&bytes).is_err());
    // And the other way round, with a real Megolm session around an Olm body.
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let padded = padding::pad(&bytes).unwrap();
    let mut send = forge.row(&mut room, 1, &content).send;
    send.ct = Bytes(forge.session.encrypt(padded).to_bytes());
    let row = room.accept(0, send);
    assert_eq!(
        room.receive(1, &row),
        Verdict::Quarantine(Quarantine::Malformed)
    );
}

#[test]
fn a8_the_relay_cannot_give_a_message_to_somebody_else() {
    let mut room = Room::group(22, 3);
    let row = room.text(0, "mine");
    room.drain(1);
    for other in [1, 2] {
        let mut stolen = row.clone();
        stolen.user = room.devices[other].user;
        stolen.device = room.devices[other].device;
        assert!(unreadable(&room.receive(1, &stolen)).is_some());
    }
    let mut mixed = row.clone();
    mixed.user = room.devices[2].user;
    assert_eq!(
        room.receive(1, &mixed),
        Verdict::Quarantine(Quarantine::WrongBinding)
    );
    assert!(shows(&room.receive(1, &row), "mine"));
}

#[test]
fn a8_a_member_cannot_pass_off_another_members_session() {
    let mut room = Room::group(23, 3);
    let row = room.text(0, "written by 0");
    // Person 2 sends the session key of person 0 as if it were its own.
    let stolen = room.inbox[2].back().cloned().unwrap();
    let Received::Done { effects, .. } = room.devices[2].receive(&stolen) else {
        panic!("no key");
    };
    assert!(matches!(effects[0], Effect::Key(KeyOutcome::Stored { .. })));
    let conv = room.conv;
    let target = room.devices[2].peer();
    let given = room.devices[0]
        .run(|tx| megolm::key_for(tx, &conv, &target))
        .unwrap();
    let victim = room.devices[1].peer();
    room.post(2, victim, &given);
    room.drain(1);
    let mut relabelled = row.clone();
    relabelled.user = room.devices[2].user;
    relabelled.device = room.devices[2].device;
    assert_eq!(
        room.receive(1, &relabelled),
        Verdict::Quarantine(Quarantine::WrongBinding)
    );
    assert!(shows(&room.receive(1, &row), "written by 0"));
}

#[test]
fn a8_a_member_cannot_write_under_another_name() {
    let mut room = Room::group(24, 3);
    let mut forge = Forge::new(2, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let content = text(&mut room, 2, "I am 0");
    let mut payload = forge.payload(&mut room, 1, &content);
    payload.bind = bind(
        &room.conv,
        &room.devices[0].user,
        &room.devices[0].device,
        &forge.id(),
        1,
    );
    let send = forge.seal(&room, &payload, &content);
    let mut row = room.accept(2, send);
    assert_eq!(
        room.receive(1, &row),
        Verdict::Quarantine(Quarantine::WrongBinding)
    );
    row.user = room.devices[0].user;
    row.device = room.devices[0].device;
    assert_eq!(
        unreadable(&room.receive(1, &row)),
        Some(Unreadable::KeyLate)
    );
}

#[test]
fn envelope_and_payload_must_agree() {
    let mut room = Room::pair(25);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let content = text(&mut room, 0, "hello");
    let cases: [fn(&mut chatty_protocol::envelope::Send); 3] = [
        |send| send.msg = MsgId::from_rest([9; 16]),
        |send| send.log_seq += 1,
        |send| send.n += 1,
    ];
    for change in cases {
        let payload = forge.payload(&mut room, 1, &content);
        let mut send = forge.seal(&room, &payload, &content);
        change(&mut send);
        let row = room.accept(0, send);
        assert_eq!(
            room.receive(1, &row),
            Verdict::Quarantine(Quarantine::WrongEnvelope)
        );
    }
    // A text in the lane of marks, and a receipt's lane with a number.
    let payload = forge.payload(&mut room, 0, &content);
    let mut send = forge.seal(&room, &payload, &content);
    send.lane = 2;
    let row = room.accept(0, send);
    assert_eq!(
        room.receive(1, &row),
        Verdict::Quarantine(Quarantine::WrongEnvelope)
    );
    let payload = forge.payload(&mut room, 1, &content);
    let mut send = forge.seal(&room, &payload, &content);
    send.lane = 3;
    let row = room.accept(0, send);
    assert_eq!(room.receive(1, &row), Verdict::Drop);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the order, what is shown is the same; only the author's changes count.
    #[test]
    fn a10_edits_and_deletes_end_the_same_in_any_order(
        seed in any::<u64>(),
        steps in proptest::collection::vec((0u8..3, 0u64..4, 0u8..8, any::<bool>()), 1..12),
    ) {
        let users = [crate::kit::secret(1), crate::kit::secret(2)].map(|secret| {
            let key = Fixed(*secret.aik().public_key().as_bytes());
            chatty_protocol::UserId::of_aik(&key)
        });
        let target = MessageRef { author: users[0], msg: MsgId::from_rest([1; 16]) };
        let contents: Vec<_> = steps
            .iter()
            .map(|(kind, rev, id, own)| {
                let body = match kind {
                    0 | 1 => Body::Edit(Edit { rev: *rev, text: Text::plain(format!("{rev} {id}")) }),
                    _ => Body::Delete,
                };
                let content = Content {
                    msg: MsgId::from_rest([*id; 16]),
                    sent_at: 0,
                    expires_s: 0,
                    rel: Some(target.clone()),
                    body,
                    ext: Ext::default(),
                };
                (users[usize::from(!own)], content)
            })
            .collect();
        let mut order: Vec<usize> = (0..contents.len()).collect();
        let run = |order: &[usize]| {
            let mut versions = Versions::default();
            for index in order {
                let (sender, content) = &contents[*index];
                versions.apply(&target, sender, content);
            }
            versions
        };
        let first = run(&order);
        let mut dice = Dice(seed);
        for at in (1..order.len()).rev() {
            let mut byte = [0; 8];
            chatty_crypto::tx::Random::fill(&mut dice, &mut byte);
            order.swap(at, u64::from_le_bytes(byte) as usize % (at + 1));
        }
        let second = run(&order);
        prop_assert_eq!(first.deleted(), second.deleted());
        prop_assert_eq!(first.text(), second.text());
        let own = |content: &(chatty_protocol::UserId, Content)| content.0 == users[0];
        let deleted = contents.iter().any(|c| own(c) && c.1.body == Body::Delete);
        prop_assert_eq!(first.deleted(), deleted);
        if contents.iter().all(|content| !own(content)) {
            prop_assert!(first.text().is_none());
        }
    }
}

#[test]
fn a10_only_the_author_changes_a_message() {
    let mut room = Room::pair(26);
    let original = room.text(0, "mine");
    room.read(1, &original);
    let rel = Some(MessageRef {
        author: room.devices[0].user,
        msg: original.send.msg,
    });
    for body in [
        Body::Edit(Edit {
            rev: 1,
            text: Text::plain("changed"),
        }),
        Body::Delete,
    ] {
        let mut content = room.content(1, body);
        content.rel = rel.clone();
        // Its form is valid and it is authentic; the semantics refuse it.
        let row = room.say(1, &content);
        let Verdict::Show(shown) = room.read(0, &row) else {
            panic!("authentic");
        };
        assert!(!may_apply(&shown.user, &shown.content));
        content.rel = None;
        assert!(content.check().is_err(), "without a target it has no form");
    }
    let mut reaction = room.content(
        1,
        Body::Reaction(Reaction {
            rev: 1,
            emoji: "👍".into(),
        }),
    );
    reaction.rel = rel;
    assert!(may_apply(&room.devices[1].user, &reaction));
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
fn a21_an_index_opens_once() {
    let mut room = Room::pair(29);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let pickle = encode_pickle(&forge);
    let content = text(&mut room, 0, "first");
    let row = forge.row(&mut room, 1, &content);
    assert!(shows(&room.receive(1, &row), "first"));
    let mut again = row.clone();
    again.seq += 7;
    assert_eq!(room.receive(1, &again), Verdict::Ignore);
    let mut renamed = row.clone();
    renamed.send.msg = MsgId::from_rest([3; 16]);
    assert_eq!(
        room.receive(1, &renamed),
        Verdict::Quarantine(Quarantine::IndexReused)
    );
    // The same index with another text: a restored or copied sender.
    forge.session = pickle;
    let content = text(&mut room, 0, "second");
    let row = forge.row(&mut room, 2, &content);
    assert_eq!(
        room.receive(1, &row),
        Verdict::Quarantine(Quarantine::IndexReused)
    );
}

fn encode_pickle(forge: &Forge) -> vodozemac::megolm::GroupSession {
    let text = serde_json::to_string(&forge.session.pickle()).unwrap();
    vodozemac::megolm::GroupSession::from_pickle(serde_json::from_str(&text).unwrap())
}

#[test]
fn a_copied_device_is_noticed() {
    let mut room = Room::pair(30);
    let first = room.text(0, "before the copy");
    assert!(shows(&room.read(1, &first), "before the copy"));
    let copy: Store = room.devices[0].store.clone();
    let mine = room.text(0, "original");
    assert!(shows(&room.read(1, &mine), "original"));
    // The copy goes on with its own generation, so no index repeats; its numbers do.
    let original = std::mem::replace(&mut room.devices[0].store, copy);
    room.devices[0].run(megolm::retire_all).unwrap();
    let theirs = room.text(0, "copy");
    assert_eq!(room.read(1, &theirs), Verdict::CloneAlarm);
    let device = room.devices[0].device;
    assert!(
        room.devices[1]
            .run(|tx| olm::is_cloned(tx, &device))
            .unwrap()
    );
    // And the original sees it under its own name.
    room.devices[0].store = original;
    let verdict = room.receive(0, &theirs);
    assert!(text_of(&verdict).is_none(), "{verdict:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The relay reorders, drops and repeats; every delivered message is shown exactly once,
    /// and a gap shows exactly when something before a read message is missing.
    #[test]
    fn a22_reordered_dropped_repeated(
        seed in 0u64..1_000,
        plan in proptest::collection::vec((0usize..8, any::<bool>()), 1..30),
        dropped in proptest::collection::btree_set(0usize..8, 0..4),
    ) {
        let mut room = Room::pair(3_000 + seed);
        let rows: Vec<_> = (0..8).map(|n| room.text(0, &n.to_string())).collect();
        room.drain(1);
        let mut shown = BTreeSet::new();
        for (index, _) in plan.iter().filter(|(index, _)| !dropped.contains(index)) {
            match room.receive(1, &rows[*index]) {
                Verdict::Show(_) => prop_assert!(shown.insert(*index), "shown twice"),
                Verdict::Ignore => prop_assert!(shown.contains(index)),
                other => prop_assert!(false, "{:?}", other),
            }
        }
        room.pass(2 * limits::GAP_SHOWN_MS);
        // One gap per read message whose predecessor was not read.
        let expected = shown.iter().filter(|n| **n > 0 && !shown.contains(&(**n - 1))).count();
        prop_assert_eq!(room.gaps(1), expected);
        for row in &rows {
            room.receive(1, row);
        }
        prop_assert_eq!(room.gaps(1), 0);
    }
}

#[test]
fn a23_nothing_is_written_after_a_generation_was_closed() {
    let mut room = Room::pair(31);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let one = text(&mut room, 0, "one");
    let row = forge.row(&mut room, 1, &one);
    assert!(shows(&room.receive(1, &row), "one"));
    let next = Forge::new(0, 2);
    let mut key = next.key(&mut room, 1);
    key.closes = Some((1, 1));
    let peer = room.devices[1].peer();
    room.post(0, peer, &ToDeviceBody::ConvKey(key));
    room.drain(1);
    let late = text(&mut room, 0, "late");
    let row = forge.row(&mut room, 2, &late);
    assert_eq!(
        room.receive(1, &row),
        Verdict::Quarantine(Quarantine::AfterClose)
    );
}

#[test]
fn a23_nobody_comes_back_to_an_old_generation() {
    let mut room = Room::pair(32);
    let from = room.devices[0].peer();
    let keys: Vec<_> = [3, 2, 3]
        .into_iter()
        .map(|generation| Forge::new(0, generation).key(&mut room, 1))
        .collect();
    let outcome = |room: &mut Room, key: &chatty_crypto::content::to_device::ConvKey| {
        room.devices[1]
            .run(|tx| megolm::on_conv_key(tx, &from, key))
            .unwrap()
    };
    assert!(matches!(
        outcome(&mut room, &keys[0]),
        KeyOutcome::Stored { .. }
    ));
    assert_eq!(outcome(&mut room, &keys[0]), KeyOutcome::Known);
    assert_eq!(
        outcome(&mut room, &keys[1]),
        KeyOutcome::Rejected("old generation")
    );
    assert_eq!(
        outcome(&mut room, &keys[2]),
        KeyOutcome::CloneAlarm {
            device: from.device
        }
    );
    // The same session with another ratchet is not the same session.
    let mut forged = keys[0].clone();
    forged.session_key.0[60] ^= 1;
    assert_eq!(
        outcome(&mut room, &forged),
        KeyOutcome::Rejected("no signed session key")
    );
    let mut cut_off = keys[0].clone();
    cut_off.session_key.0.push(0);
    assert_eq!(
        outcome(&mut room, &cut_off),
        KeyOutcome::Rejected("no signed session key")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// The process dies at any moment. What left the device never uses one index for two texts.
    #[test]
    fn a26_an_index_never_leaves_twice(
        seed in 0u64..1_000,
        plan in proptest::collection::vec((any::<bool>(), 0u8..10), 5..40),
    ) {
        let mut room = Room::pair(5_000 + seed);
        let mut left: BTreeMap<_, _> = BTreeMap::new();
        for (number, (commits, restart)) in plan.into_iter().enumerate() {
            let before = room.devices[0].store.clone();
            let row = room.text(0, &format!("{number}"));
            if !commits {
                // Killed before the commit: rows go back and the bytes were never sent.
                room.devices[0].store = before;
                room.stream.pop();
                continue;
            }
            let index = vodozemac::megolm::MegolmMessage::from_bytes(&row.send.ct.0)
                .unwrap()
                .message_index();
            let place = (row.send.session, index);
            let known = left.insert(place, sha256(&row.send.ct.0));
            prop_assert!(known.is_none_or(|hash| hash == sha256(&row.send.ct.0)));
            if restart == 0 {
                // Restored from a copy, which the rollback guard noticed.
                room.devices[0].store = before;
                room.devices[0].run(megolm::retire_all).unwrap();
            }
        }
    }
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
    let content = text(&mut room, 0, "x");
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
        let far = text(&mut room, 0, "far");
        let row = forge.row(&mut room, number, &far);
        assert!(shows(&room.receive(1, &row), "far"));
    }
    // A critical extension waits, a harmless one does not.
    let newer = text(&mut room, 0, "newer");
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

#[test]
fn who_is_gone_writes_nothing_new() {
    let mut room = Room::group(38, 3);
    let first = room.text(2, "one");
    for reader in [0, 1] {
        assert!(shows(&room.read(reader, &first), "one"));
    }
    // Person 2 also wrote something that only person 0 has read when it removes person 2.
    let second = room.text(2, "two");
    let third = room.text(2, "three");
    for row in [&second, &third] {
        assert!(matches!(room.read(0, row), Verdict::Show(_)));
    }
    let (conv, user) = (room.conv, room.devices[2].user);
    let cuts = room.devices[0]
        .run(|tx| megolm::cuts_for(tx, &conv, &user))
        .unwrap();
    assert_eq!(cuts[0].dev_seq, 3);
    let mut forge = Forge::new(2, 9);
    forge.give(&mut room, 1);
    let late = text(&mut room, 2, "late");
    let old_payload = forge.payload(&mut room, 2, &late);
    let new_payload = forge.payload(&mut room, 4, &late);
    room.entry(0, ConvOp::Remove { user, cuts });
    room.drain(1);
    // Oldest first: held until the chain from the cut reaches them.
    assert_eq!(room.receive(1, &second), Verdict::Hold(Hold::WaitingCut));
    // Under a number that was used, and under a new one: never.
    for payload in [old_payload, new_payload] {
        let send = forge.seal(&room, &payload, &late);
        let row = room.accept(2, send);
        assert_eq!(room.receive(1, &row), Verdict::Hold(Hold::WaitingCut));
    }
    assert!(shows(&room.receive(1, &third), "three"));
    assert!(shows(&room.receive(1, &second), "two"));
}

#[test]
fn a_sender_with_another_history_waits() {
    let mut room = Room::pair(39);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let content = text(&mut room, 0, "hello");
    let honest = forge.payload(&mut room, 1, &content);
    let judge = |room: &mut Room, forge: &mut Forge, payload: &Payload| {
        let send = forge.seal(room, payload, &content);
        let row = room.accept(0, send);
        room.receive(1, &row)
    };
    let other = |head: Head| Head {
        seq: head.seq,
        hash: Fixed([7; 32]),
    };
    let ahead = |head: Head| Head {
        seq: head.seq + 1,
        hash: Fixed([7; 32]),
    };
    let user = room.devices[0].user;
    let mut payload = honest.clone();
    payload.conv_head = other(honest.conv_head);
    assert_eq!(
        judge(&mut room, &mut forge, &payload),
        Verdict::Hold(Hold::LogMismatch)
    );
    payload.conv_head = ahead(honest.conv_head);
    assert_eq!(
        judge(&mut room, &mut forge, &payload),
        Verdict::Hold(Hold::NeedConversationLog)
    );
    let mut payload = honest.clone();
    payload.device_head = other(honest.device_head);
    assert_eq!(
        judge(&mut room, &mut forge, &payload),
        Verdict::Hold(Hold::DeviceLogMismatch(user))
    );
    payload.device_head = ahead(honest.device_head);
    assert_eq!(
        judge(&mut room, &mut forge, &payload),
        Verdict::Hold(Hold::NeedDeviceLog(user))
    );
    assert!(matches!(
        judge(&mut room, &mut forge, &honest),
        Verdict::Show(_)
    ));
}

#[test]
fn two_histories_of_one_number_raise_the_alarm() {
    let mut room = Room::pair(40);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let (one, two) = (text(&mut room, 0, "one"), text(&mut room, 0, "two"));
    let row = forge.row(&mut room, 1, &one);
    assert!(shows(&room.receive(1, &row), "one"));
    let row = forge.row(&mut room, 1, &one);
    assert_eq!(room.receive(1, &row), Verdict::Ignore, "encrypted again");
    let row = forge.row(&mut room, 1, &two);
    assert_eq!(room.receive(1, &row), Verdict::CloneAlarm);
    let row = forge.row(&mut room, 2, &one);
    assert_eq!(
        room.receive(1, &row),
        Verdict::CloneAlarm,
        "one id, two numbers"
    );
    let three = text(&mut room, 0, "three");
    let row = forge.row(&mut room, 3, &three);
    let Verdict::Show(shown) = room.receive(1, &row) else {
        panic!("marked, not hidden");
    };
    assert!(shown.cloned);
}

#[test]
fn a6_a7_keys_are_asked_and_given_by_the_rules_only() {
    let mut room = Room::direct(41);
    let conv = room.conv;
    let row = room.text(A0, "private");
    room.inbox[B0].clear();
    let session = row.send.session;
    let owner = room.devices[A0].peer();
    // Nobody outside the conversation is answered.
    let mut mallory = crate::kit::Device::sign_up(4_141);
    for device in &mut room.devices {
        let entries = mallory.log_entries();
        let user = mallory.user;
        device.learn(&user, &entries);
    }
    let outsider = mallory.peer();
    let request = chatty_crypto::content::to_device::KeyRequest {
        request: Fixed([5; 16]),
        conv,
        session,
        owner: owner.device,
    };
    let answer = |room: &mut Room, at: usize, from| {
        room.devices[at]
            .run(|tx| megolm::on_key_request(tx, &from, &request))
            .unwrap()
    };
    assert!(answer(&mut room, A0, outsider).is_none());
    // Another member's device holds the key but does not own it: no answer.
    let member = room.devices[B0].peer();
    assert!(shows(&room.read(A1, &row), "private"));
    assert!(answer(&mut room, A1, member).is_none());
    // The owner answers the entitled device.
    assert!(matches!(
        answer(&mut room, A0, member),
        Some(ToDeviceBody::ConvKey(_))
    ));
    // A forward that nobody asked for is refused, also from an own device.
    let sibling = room.devices[A1].peer();
    let Some(ToDeviceBody::KeyForward(forward)) = answer(&mut room, A0, sibling).map(|body| {
        match body {
            ToDeviceBody::ConvKey(_) => {
                // A1 was entitled: the owner gives it as owner. Asked again within a day it
                // falls back to forwarding among own devices.
                answer_again(&mut room, sibling, &request)
            }
            other => other,
        }
    }) else {
        panic!("own full device gets a forward");
    };
    let outcome = room.devices[A1]
        .run(|tx| megolm::on_key_forward(tx, &owner, &forward))
        .unwrap();
    assert_eq!(outcome, KeyOutcome::Rejected("not asked for"));
    let _ = Lane::Log;
}

fn answer_again(
    room: &mut Room,
    sibling: olm::Peer,
    request: &chatty_crypto::content::to_device::KeyRequest,
) -> ToDeviceBody {
    room.devices[A0]
        .run(|tx| megolm::on_key_request(tx, &sibling, request))
        .unwrap()
        .unwrap()
}

#[test]
fn the_chain_binds_content_number_and_predecessor() {
    let room = Room::pair(42);
    let device = room.devices[0].device;
    let base = chain(&room.conv, &device, 1, &ZERO_HASH, b"a");
    assert_ne!(base, chain(&room.conv, &device, 2, &ZERO_HASH, b"a"));
    assert_ne!(base, chain(&room.conv, &device, 1, &base, b"a"));
    assert_ne!(base, chain(&room.conv, &device, 1, &ZERO_HASH, b"b"));
    let other = room.devices[1].device;
    assert_ne!(base, chain(&room.conv, &other, 1, &ZERO_HASH, b"a"));
}
