//! Two and three devices talk over Olm.

use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::dispatch::{Effect, Received};
use chatty_crypto::olm;
use chatty_protocol::envelope::{ITEM_NORMAL, ITEM_PRE_KEY};

use proptest::prelude::*;

use crate::kit::{DAY_MS, Device, delivered, direct, meet, note};

#[test]
fn both_ways_and_the_session_becomes_normal() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let first = a.encrypt(b.peer(), &note("one")).unwrap();
    assert_eq!(first.item.kind, ITEM_PRE_KEY);
    assert!(delivered(&b.receive(&first), "one"));
    let back = b.encrypt(a.peer(), &note("two")).unwrap();
    assert_eq!(back.item.kind, ITEM_NORMAL);
    assert!(delivered(&a.receive(&back), "two"));
    let third = a.encrypt(b.peer(), &note("three")).unwrap();
    assert_eq!(third.item.kind, ITEM_NORMAL);
    assert!(delivered(&b.receive(&third), "three"));
}

#[test]
fn crossed_creations_settle_on_one_session() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    b.open_session(&mut a, false);
    let (x, y) = (
        a.encrypt(b.peer(), &note("x")).unwrap(),
        b.encrypt(a.peer(), &note("y")).unwrap(),
    );
    assert!(delivered(&b.receive(&x), "x"));
    assert!(delivered(&a.receive(&y), "y"));
    // One more each way, then both send on the same session.
    let (x, y) = (
        a.encrypt(b.peer(), &note("x2")).unwrap(),
        b.encrypt(a.peer(), &note("y2")).unwrap(),
    );
    assert!(delivered(&b.receive(&x), "x2"));
    assert!(delivered(&a.receive(&y), "y2"));
    let (x, y) = (
        a.encrypt(b.peer(), &note("x3")).unwrap(),
        b.encrypt(a.peer(), &note("y3")).unwrap(),
    );
    assert_eq!(x.item.hint, y.item.hint);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// In whatever order and how often the relay delivers, each item has its effect once.
    #[test]
    fn a22_any_order_with_repeats_delivers_each_item_once(
        order in prop::collection::vec(0usize..12, 12..60),
    ) {
        let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
        meet(&mut a, &mut b);
        a.open_session(&mut b, true);
        let items: Vec<_> = (0..12)
            .map(|i| a.encrypt(b.peer(), &note(&i.to_string())).unwrap())
            .collect();
        let mut shown = [0; 12];
        for at in order.into_iter().chain(0..12) {
            // Repeats fail in the ratchet; the budget is not what this is about.
            b.now_ms += chatty_protocol::limits::MINUTE_MS;
            if delivered(&b.receive(&items[at]), &at.to_string()) {
                shown[at] += 1;
            }
        }
        prop_assert_eq!(shown, [1; 12]);
    }
}

#[test]
fn late_items_inside_the_window_are_taken_once() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let items: Vec<_> = (0..20)
        .map(|i| a.encrypt(b.peer(), &note(&i.to_string())).unwrap())
        .collect();
    for (i, item) in items.iter().enumerate().rev() {
        assert!(delivered(&b.receive(item), &i.to_string()), "item {i}");
    }
}

#[test]
fn a_new_session_is_acknowledged_to_contacts_only() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let item = a.encrypt(b.peer(), &note("hi")).unwrap();
    let Received::Done { replies, .. } = b.receive(&item) else {
        panic!("not delivered");
    };
    assert_eq!(replies, Vec::new(), "a stranger learns nothing");

    direct(&mut a, &mut b);
    a.open_session(&mut b, false);
    // The older session still works, so the new one must be forced into use.
    let record = b.claim_key(false);
    let target = b.peer();
    let mut third = Device::sign_up(3);
    meet(&mut third, &mut b);
    assert!(
        third
            .run(|tx| olm::claimed(tx, &target, Some(&record)))
            .is_ok()
    );
    direct(&mut third, &mut b);
    let item = third.encrypt(b.peer(), &note("hello")).unwrap();
    let Received::Done { replies, .. } = b.receive(&item) else {
        panic!("not delivered");
    };
    assert_eq!(replies, vec![(third.peer(), ToDeviceBody::OlmAck)]);
}

#[test]
fn a_failed_pair_is_reset_and_goes_on() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let item = a.encrypt(b.peer(), &note("one")).unwrap();
    assert!(delivered(&b.receive(&item), "one"));
    // B loses the session (a row is damaged); the next message cannot be read.
    b.store
        .rows
        .retain(|(table, _), _| *table != chatty_crypto::view::Table::OlmSession);
    let lost = a.encrypt(b.peer(), &note("two")).unwrap();
    let Received::Ignored(olm::Ignored::Repeat) = b.receive(&lost) else {
        panic!("a pre-key message of a known session is a repeat");
    };
    let back = {
        b.open_session(&mut a, false);
        let failed = [9; 32];
        let target = a.peer();
        let body = b
            .run(|tx| olm::reset(tx, &target, failed))
            .unwrap()
            .expect("the first reset is allowed");
        b.encrypt(a.peer(), &body).unwrap()
    };
    let Received::Done { effects, .. } = a.receive(&back) else {
        panic!("reset not taken");
    };
    assert_eq!(effects, vec![Effect::PeerReset]);
    let again = a.encrypt(b.peer(), &note("three")).unwrap();
    assert!(delivered(&b.receive(&again), "three"));
}

#[test]
fn at_most_four_sessions_stay() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    for _ in 0..6 {
        a.open_session(&mut b, false);
        a.now_ms += 1_000;
    }
    let stored = a
        .store
        .rows
        .keys()
        .filter(|(table, _)| *table == chatty_crypto::view::Table::OlmSession)
        .count();
    assert_eq!(stored, chatty_protocol::limits::SESSIONS_PER_PAIR);
}

#[test]
fn a_claimed_key_without_acceptance_is_claimed_anew_after_a_week() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let target = b.peer();
    assert_eq!(a.run(|tx| olm::missing_sessions(tx, &[target])), Ok(vec![]));
    a.now_ms += 8 * DAY_MS;
    assert_eq!(
        a.run(|tx| olm::missing_sessions(tx, &[target])),
        Ok(vec![target])
    );
    a.open_session(&mut b, false);
    a.run(|tx| {
        olm::accepted(tx, &target);
        Ok::<_, chatty_crypto::CryptoError>(())
    })
    .unwrap();
    a.now_ms += 8 * DAY_MS;
    assert_eq!(a.run(|tx| olm::missing_sessions(tx, &[target])), Ok(vec![]));
}
