//! Attacks on order, repetition and the one history of a device.

use std::collections::{BTreeMap, BTreeSet};

use chatty_crypto::content::chain;
use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::megolm::{self, Hold, KeyOutcome, Quarantine, Verdict};
use chatty_crypto::olm;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::sign::{ZERO_HASH, sha256};
use chatty_protocol::{MsgId, limits};
use proptest::prelude::*;

use crate::forge::Forge;
use crate::kit::Store;
use crate::room::{Room, shows, text_content, text_of};

#[test]
fn a21_an_index_opens_once() {
    let mut room = Room::pair(29);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let pickle = encode_pickle(&forge);
    let content = text_content(&mut room, 0, "first");
    let row = forge.row(&mut room, 1, &content);
    assert!(shows(&room.receive(1, &row), "first"));
    let mut again = row.clone();
    again.seq += 7;
    assert_eq!(room.receive(1, &again), Verdict::Ignore);
    let mut renamed = row.clone();
    renamed.send.msg = MsgId::from_rest([3; 16]);
    assert_eq!(
        room.receive(1, &renamed),
        Verdict::Quarantine(Quarantine::Renamed)
    );
    // The same index with another text: a restored or copied sender.
    forge.session = pickle;
    let content = text_content(&mut room, 0, "second");
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
    let one = text_content(&mut room, 0, "one");
    let row = forge.row(&mut room, 1, &one);
    assert!(shows(&room.receive(1, &row), "one"));
    let next = Forge::new(0, 2);
    let mut key = next.key(&mut room, 1);
    key.closes = Some((1, 1));
    let peer = room.devices[1].peer();
    room.post(0, peer, &ToDeviceBody::ConvKey(key));
    room.drain(1);
    let late = text_content(&mut room, 0, "late");
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
    let late = text_content(&mut room, 2, "late");
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
fn two_histories_of_one_number_raise_the_alarm() {
    let mut room = Room::pair(40);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let (one, two) = (
        text_content(&mut room, 0, "one"),
        text_content(&mut room, 0, "two"),
    );
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
    let three = text_content(&mut room, 0, "three");
    let row = forge.row(&mut room, 3, &three);
    let Verdict::Show(shown) = room.receive(1, &row) else {
        panic!("marked, not hidden");
    };
    assert!(shown.cloned);
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
