//! Published keys: written before they are uploaded, repeated byte for byte (A18).

use chatty_crypto::keys;
use chatty_crypto::view::Table;
use chatty_protocol::limits;
use chatty_protocol::prekey::{self, KIND_FALLBACK, KIND_ONE_TIME, KeyRecord};
use chatty_protocol::sign::Signed;

use crate::kit::{Device, delivered, meet, note};

fn open(bytes: &[u8]) -> KeyRecord {
    Signed::<KeyRecord>::from_bytes(bytes)
        .unwrap()
        .open()
        .unwrap()
}

fn kinds(records: &[Vec<u8>], kind: u64) -> usize {
    records.iter().filter(|b| open(b).kind == kind).count()
}

#[test]
fn a_new_device_publishes_fifty_signed_keys_and_a_fallback() {
    let mut a = Device::sign_up(1);
    let own = a.own();
    assert_eq!(kinds(&a.published, KIND_ONE_TIME), limits::ONE_TIME_KEYS);
    assert_eq!(kinds(&a.published, KIND_FALLBACK), 1);
    for bytes in &a.published {
        let signed = Signed::from_bytes(bytes).unwrap();
        prekey::check(&signed, &own.user, &own.device, &own.ed25519).unwrap();
    }
    assert_eq!(a.publish(50, false), 0);
    assert_eq!(a.publish(limits::ONE_TIME_REFILL as u64 + 1, false), 0);
    assert_eq!(a.publish(limits::ONE_TIME_REFILL as u64, false), 25);
    let mut ids: Vec<_> = a
        .published
        .iter()
        .map(|b| (open(b).kind, open(b).id))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 76, "no number is used twice");
}

#[test]
fn a18_an_upload_that_got_no_answer_is_repeated_byte_for_byte() {
    let mut a = Device::sign_up(1);
    let first = a.run(|tx| keys::to_upload(tx, 10, false)).unwrap();
    assert_eq!(first.len(), 40);
    // The answer was lost and the process restarted; the relay now says anything.
    for left in [0, 10, 50] {
        assert_eq!(a.run(|tx| keys::to_upload(tx, left, true)).unwrap(), first);
    }
    a.run(|tx| keys::uploaded(tx, &first)).unwrap();
    assert_eq!(
        a.run(|tx| keys::to_upload(tx, 50, false)).unwrap(),
        Vec::<Vec<u8>>::new()
    );
}

#[test]
fn a18_every_published_key_opens_a_session() {
    let mut b = Device::sign_up(2);
    for i in 0..20 {
        let mut a = Device::sign_up(100 + i);
        meet(&mut a, &mut b);
        a.open_session(&mut b, false);
        let item = a.encrypt(b.peer(), &note("x")).unwrap();
        assert!(delivered(&b.receive(&item), "x"));
    }
    let left = b
        .store
        .rows
        .keys()
        .filter(|(table, key)| *table == Table::OwnKey && key[0] == 1);
    assert_eq!(left.count(), 30, "used keys are forgotten");
}

#[test]
fn a18_a_restored_relay_gets_new_one_time_keys() {
    let mut a = Device::sign_up(1);
    let before = a.published.clone();
    a.run(keys::invalidate).unwrap();
    let records = a.run(|tx| keys::to_upload(tx, 50, false)).unwrap();
    // The fallback record is confirmed anew first, with its old bytes.
    assert_eq!(kinds(&records, KIND_FALLBACK), 1);
    a.run(|tx| keys::uploaded(tx, &records)).unwrap();
    let mut all = records;
    all.extend(a.run(|tx| keys::to_upload(tx, 50, false)).unwrap());
    assert_eq!(kinds(&all, KIND_ONE_TIME), limits::ONE_TIME_KEYS);
    assert!(
        all.iter()
            .filter(|b| open(b).kind == KIND_ONE_TIME)
            .all(|b| !before.contains(b))
    );
}

#[test]
fn a19_the_fallback_rotates_and_the_old_one_is_forgotten_in_time() {
    let (mut a, mut b, mut c) = (Device::sign_up(1), Device::sign_up(2), Device::sign_up(3));
    meet(&mut a, &mut b);
    meet(&mut c, &mut b);
    let fallback = |device: &Device| kinds(&device.published, KIND_FALLBACK);
    b.publish(50, true);
    assert_eq!(fallback(&b), 1, "never twice a day");
    a.open_session(&mut b, true);
    let in_flight = a.encrypt(b.peer(), &note("late")).unwrap();
    c.open_session(&mut b, true);
    let too_late = c.encrypt(b.peer(), &note("never")).unwrap();
    b.now_ms += limits::FALLBACK_MIN_MS;
    b.publish(50, true);
    assert_eq!(fallback(&b), 2);
    // While the old one is kept no third is made, however often the relay says "used".
    b.now_ms += limits::FALLBACK_MAX_MS;
    b.publish(50, true);
    assert_eq!(fallback(&b), 2);
    // What was in flight still opens.
    assert!(delivered(&b.receive(&in_flight), "late"));
    // Drained on a connection before the publish: no reason to forget.
    b.run(|tx| keys::drained(tx, 5)).unwrap();
    b.now_ms += 2 * limits::FALLBACK_FORGET_MS;
    b.run(keys::tidy).unwrap();
    b.publish(50, true);
    assert_eq!(fallback(&b), 2);
    // Drained on a later one: an hour after that the old key is gone, and rotation goes on.
    let connected = b.now_ms;
    b.run(|tx| keys::drained(tx, connected)).unwrap();
    b.run(keys::tidy).unwrap();
    b.publish(50, true);
    assert_eq!(fallback(&b), 2, "not within the hour");
    b.now_ms += limits::FALLBACK_FORGET_MS;
    b.run(keys::tidy).unwrap();
    b.publish(50, true);
    assert_eq!(fallback(&b), 3);
    assert!(!delivered(&b.receive(&too_late), "never"));
}

#[test]
fn a19_the_old_fallback_goes_after_fourteen_days_at_the_latest() {
    let mut b = Device::sign_up(2);
    b.now_ms += limits::FALLBACK_MAX_MS;
    b.publish(50, false);
    b.now_ms += limits::FALLBACK_FORGET_MAX_MS;
    b.run(keys::tidy).unwrap();
    b.publish(50, false);
    assert_eq!(kinds(&b.published, KIND_FALLBACK), 3);
}
