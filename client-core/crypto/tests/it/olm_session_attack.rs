//! Attacks on Olm sessions that exist: repeats, resets, copies, damage, floods, by id.

use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::dispatch::Received;
use chatty_crypto::olm::{self, Ignored};
use chatty_protocol::codec::{Bytes, Fixed};
use chatty_protocol::limits;

use crate::kit::{Device, delivered, give_pins, meet, note, second_device};
use crate::olm_attack::Mallory;

#[test]
fn a19_a_repeated_pre_key_message_is_a_no_op_even_without_its_session() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, true);
    let item = a.encrypt(b.peer(), &note("once")).unwrap();
    assert!(delivered(&b.receive(&item), "once"));
    // With the session here the ratchet refuses; it is known as a repeat and resets nothing.
    assert_eq!(b.receive(&item), Received::Ignored(Ignored::Repeat));
    b.store
        .rows
        .retain(|(table, _), _| *table != chatty_crypto::view::Table::OlmSession);
    assert_eq!(b.receive(&item), Received::Ignored(Ignored::Repeat));
    // Also after the fallback key was rotated once and is not forgotten yet.
    b.now_ms += limits::FALLBACK_MAX_MS;
    b.publish(50, true);
    assert_eq!(b.receive(&item), Received::Ignored(Ignored::Repeat));
}

#[test]
fn a20_resets_are_limited_per_hour_and_day_on_both_sides() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let target = b.peer();
    let mut allowed = 0;
    for _ in 0..48 {
        if a.run(|tx| olm::reset(tx, &target, [1; 32]))
            .unwrap()
            .is_some()
        {
            allowed += 1;
        }
        a.now_ms += limits::HOUR_MS / 2;
    }
    assert_eq!(allowed, limits::RESETS_PER_DAY);
    let body = chatty_crypto::content::to_device::OlmReset {
        session: Fixed([1; 32]),
        last_ctr: 0,
    };
    let peer = a.peer();
    let served = (0..10)
        .filter(|_| b.run(|tx| olm::heard_reset(tx, &peer, &body)).unwrap())
        .count();
    assert_eq!(served, 1);
}

#[test]
fn a20_a_copied_device_is_noticed_by_its_counter() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let item = a.encrypt(b.peer(), &note("one")).unwrap();
    assert!(delivered(&b.receive(&item), "one"));
    // A's disk is copied; both copies claim a key and go on from the same counter.
    let copy = a.store.clone();
    a.open_session(&mut b, false);
    let second = a.encrypt(b.peer(), &note("two")).unwrap();
    assert!(delivered(&b.receive(&second), "two"));
    let mut thief = Device {
        store: copy,
        dice: crate::kit::Dice(77),
        published: Vec::new(),
        ..a
    };
    thief
        .store
        .rows
        .retain(|(table, _), _| *table != chatty_crypto::view::Table::OlmSession);
    thief.open_session(&mut b, false);
    let forged = thief.encrypt(b.peer(), &note("other")).unwrap();
    assert_eq!(b.receive(&forged), Received::CloneAlarm(thief.peer()));
    assert_eq!(b.run(|tx| olm::is_cloned(tx, &thief.device)), Ok(true));
    assert!(b.encrypt(thief.peer(), &note("secret")).is_err());
}

#[test]
fn a25_another_suite_is_never_opened() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let good = a.encrypt(b.peer(), &note("x")).unwrap();
    for suite in [0, 2, 255] {
        let mut item = good.clone();
        item.item.suite = suite;
        assert_eq!(b.receive(&item), Received::Ignored(Ignored::NeedsUpdate));
    }
    assert!(delivered(&b.receive(&good), "x"));
}

#[test]
fn a26_a_failed_decrypt_leaves_every_ratchet_as_it_was() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let first = a.encrypt(b.peer(), &note("one")).unwrap();
    assert!(delivered(&b.receive(&first), "one"));
    let second = a.encrypt(b.peer(), &note("two")).unwrap();
    let ratchets = |device: &Device| {
        let mut rows = device.store.rows.clone();
        rows.retain(|(table, _), _| *table != chatty_crypto::view::Table::Pair);
        rows
    };
    let before = ratchets(&b);
    for byte in 0..second.item.olm.0.len() {
        let mut forged = second.clone();
        forged.item.olm.0[byte] ^= 0x40;
        b.now_ms += 10_000;
        let received = b.receive(&forged);
        assert!(!delivered(&received, "two"), "byte {byte}");
        assert!(ratchets(&b) == before, "byte {byte}");
    }
    assert!(delivered(&b.receive(&second), "two"));
}

#[test]
fn a29_extreme_and_broken_items_do_not_stop_the_queue() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let good = a.encrypt(b.peer(), &note("good")).unwrap();
    let mut items = Vec::new();
    for (kind, bytes) in [
        (0, vec![]),
        (1, vec![]),
        (2, vec![1, 2, 3]),
        (u64::from(u32::MAX), vec![0; 70_000]),
        (0, vec![3; 200]),
        (1, vec![0xff; 200]),
    ] {
        let mut item = good.clone();
        item.item.kind = kind;
        item.item.olm = Bytes(bytes);
        item.item.expires = limits::UINT_MAX;
        items.push(item);
    }
    for item in &items {
        assert!(matches!(b.receive(item), Received::Failed(_)));
    }
    // A payload with extreme numbers and one with a type of the future are isolated too.
    let mut mallory = Mallory::new(5);
    meet(&mut mallory.device, &mut b);
    let mut session = mallory.session_to(&mut b);
    let mut payload = mallory.payload(&mut b, "x", 1);
    payload.pair_ctr = limits::UINT_MAX;
    payload.expires = limits::UINT_MAX;
    payload.kind = 9_999;
    let item = mallory.seal(&mut session, &b, &payload);
    let Received::Done { effects, .. } = b.receive(&item) else {
        panic!("an unknown type is kept");
    };
    assert!(matches!(
        effects[..],
        [chatty_crypto::dispatch::Effect::Unknown { kind: 9_999, .. }]
    ));
    assert!(delivered(&b.receive(&good), "good"));
}

#[test]
fn a31_failures_are_budgeted_per_device_and_a_success_resets_them() {
    let (mut a, mut b, mut c) = (Device::sign_up(1), Device::sign_up(2), Device::sign_up(3));
    meet(&mut a, &mut b);
    meet(&mut c, &mut b);
    a.open_session(&mut b, false);
    c.open_session(&mut b, false);
    let good = a.encrypt(b.peer(), &note("good")).unwrap();
    let mut forged = good.clone();
    let last = forged.item.olm.0.len() - 1;
    forged.item.olm.0[last] ^= 1;
    forged.item.id = Fixed([5; 16]);
    let mut tried = 0;
    let mut parked = 0;
    for _ in 0..100 {
        match b.receive(&forged) {
            Received::Failed(_) => tried += 1,
            Received::Park => parked += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(tried, limits::FAILED_DECRYPTS_PER_MINUTE);
    assert_eq!(parked, 100 - limits::FAILED_DECRYPTS_PER_MINUTE);
    assert_eq!(b.receive(&good), Received::Park, "parked, not lost");
    let other = c.encrypt(b.peer(), &note("c")).unwrap();
    assert!(delivered(&b.receive(&other), "c"), "others are not slowed");
    b.now_ms += limits::MINUTE_MS;
    assert!(delivered(&b.receive(&good), "good"));
    assert!(matches!(b.receive(&forged), Received::Failed(_)));
}

#[test]
fn d_none_a_revoked_device_gets_nothing_and_is_not_heard() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    let mut a2 = second_device(&mut a, 11);
    meet(&mut a, &mut b);
    let (log, user) = (b.log_entries(), b.user);
    a2.learn(&user, &log);
    assert!(
        a2.run(|tx| olm::encrypt(tx, &b.peer(), &note("early"), 0, None))
            .is_err()
    );
    give_pins(&mut a, &mut a2);
    a2.open_session(&mut b, false);
    let item = a2.encrypt(b.peer(), &note("before")).unwrap();
    assert!(delivered(&b.receive(&item), "before"));
    let late = a2.encrypt(b.peer(), &note("after")).unwrap();
    let entry = a.revoke(a2.device);
    let user = a.user;
    assert_eq!(b.learn(&user, &[entry]).stop, None);
    assert_eq!(b.receive(&late), Received::Ignored(Ignored::NotLive));
    assert!(b.encrypt(a2.peer(), &ToDeviceBody::OlmAck).is_err());
}
