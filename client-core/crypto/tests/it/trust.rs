//! Trust states and how they travel between own devices (A14).

use chatty_crypto::content::to_device::{ToDeviceBody, TrustPart, TrustPin};
use chatty_crypto::dispatch::{Effect, Received};
use chatty_crypto::identity;
use chatty_crypto::trust::{self, Trust};
use chatty_crypto::{CryptoError, conversation};
use chatty_protocol::device_log::{Class, DeviceOp};
use chatty_protocol::limits;

use crate::kit::{Device, give_pins, meet, second_device};

#[test]
fn a14_a_changed_handle_asks_and_a_verified_one_blocks() {
    let (mut a, mut b, c) = (Device::sign_up(1), Device::sign_up(2), Device::sign_up(3));
    let (user, other) = (b.user, c.user);
    assert_eq!(a.run(|tx| trust::state(tx, &user)), Ok(Trust::Unknown));
    meet(&mut a, &mut b);
    assert_eq!(a.run(|tx| trust::state(tx, &user)), Ok(Trust::Pinned));
    assert_eq!(a.run(|tx| trust::handle_found(tx, "bob", &user)), Ok(None));
    assert_eq!(
        a.run(|tx| trust::handle_found(tx, "bob", &other)),
        Ok(Some(user))
    );
    assert_eq!(a.run(|tx| trust::state(tx, &user)), Ok(Trust::PinChanged));
    a.run(|tx| trust::acknowledge(tx, &user)).unwrap();
    assert_eq!(a.run(|tx| trust::state(tx, &user)), Ok(Trust::Pinned));

    a.run(|tx| trust::mark_verified(tx, &user)).unwrap();
    a.run(|tx| trust::handle_found(tx, "bob", &user)).unwrap();
    a.run(|tx| trust::handle_found(tx, "bob", &other)).unwrap();
    assert_eq!(a.run(|tx| trust::state(tx, &user)), Ok(Trust::Violation));
    a.run(|tx| trust::acknowledge(tx, &user)).unwrap();
    assert_eq!(a.run(|tx| trust::may_send(tx, &user)), Ok(false));
    a.run(|tx| trust::demote(tx, &user)).unwrap();
    assert_eq!(a.run(|tx| trust::state(tx, &user)), Ok(Trust::Pinned));
}

#[test]
fn a14_nobody_is_verified_while_the_own_device_is_not_live() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    let mut a2 = second_device(&mut a, 11);
    meet(&mut a2, &mut b);
    let user = b.user;
    a2.run(|tx| trust::mark_verified(tx, &user)).unwrap();
    assert_eq!(a2.run(|tx| trust::state(tx, &user)), Ok(Trust::Verified));
    let entry = a.revoke(a2.device);
    let own = a.user;
    a2.learn(&own, &[entry]);
    assert_eq!(a2.run(|tx| trust::state(tx, &user)), Ok(Trust::Pinned));
}

#[test]
fn pins_come_with_approval_and_until_then_nothing_is_begun() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let user = b.user;
    a.run(|tx| trust::mark_verified(tx, &user)).unwrap();
    let mut a2 = second_device(&mut a, 11);
    assert!(!a2.own().pins_stored);
    assert!(a2.run(|tx| conversation::create_direct(tx, &user)).is_err());
    give_pins(&mut a, &mut a2);
    assert!(a2.own().pins_stored);
    assert_eq!(a2.run(|tx| trust::state(tx, &user)), Ok(Trust::Verified));
    let log = b.log_entries();
    a2.learn(&user, &log);
    assert!(a2.run(|tx| conversation::create_direct(tx, &user)).is_ok());
}

#[test]
fn a3_a_log_without_the_pinned_head_is_not_trusted_by_the_new_device() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    let mut twin = Device {
        store: b.store.clone(),
        dice: crate::kit::Dice(5),
        published: Vec::new(),
        ..Device::waiting(50, b.user)
    };
    twin.device = b.device;
    let op = |name: &str| DeviceOp::Handle {
        handle: name.into(),
        origin: crate::kit::ORIGIN.into(),
    };
    b.own_op(op("bob")).unwrap();
    twin.own_op(op("mal")).unwrap();
    meet(&mut a, &mut b);
    let user = b.user;
    let mut a2 = second_device(&mut a, 11);
    give_pins(&mut a, &mut a2);
    // The relay shows the new device the other history.
    let log = twin.log_entries();
    a2.learn(&user, &log);
    assert_eq!(a2.run(|tx| trust::state(tx, &user)), Ok(Trust::PinChanged));
    assert_eq!(a2.run(|tx| trust::may_send(tx, &user)), Ok(false));
}

#[test]
fn trust_counts_from_own_full_devices_only() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let target = b.user;
    let part = |version| TrustPart {
        version,
        part: 0,
        parts: 1,
        pins: vec![TrustPin {
            user: target,
            aik: chatty_protocol::codec::Fixed([0; 32]),
            head: chatty_protocol::sign::Head {
                seq: 0,
                hash: chatty_protocol::codec::Fixed([0; 32]),
            },
            state: 2,
            since: 0,
        }],
        heads: vec![],
    };
    // A contact, however close, changes nobody's trust.
    b.open_session(&mut a, false);
    let item = b.encrypt(a.peer(), &ToDeviceBody::Trust(part(9))).unwrap();
    let Received::Done { effects, .. } = a.receive(&item) else {
        panic!("not received");
    };
    assert!(matches!(effects[..], [Effect::Refused(_)]));
    // Nor does an own browser.
    let mut browser = Device::waiting(12, a.user);
    let cert = browser.own().cert;
    let expires = a.now_ms + limits::LIMITED_DEVICE_MS;
    a.own_op(DeviceOp::Add {
        cert,
        class: Class::Limited,
        expires,
    })
    .unwrap();
    let (log, own) = (a.log_entries(), a.user);
    browser.learn(&own, &log);
    browser.open_session(&mut a, false);
    let item = browser
        .encrypt(a.peer(), &ToDeviceBody::Trust(part(9)))
        .unwrap();
    let Received::Done { effects, .. } = a.receive(&item) else {
        panic!("not received");
    };
    assert!(matches!(effects[..], [Effect::Refused(_)]));
    assert_eq!(a.run(|tx| trust::state(tx, &target)), Ok(Trust::Pinned));
    assert!(identity_ready(&mut a));
}

fn identity_ready(device: &mut Device) -> bool {
    device
        .run(|tx| identity::own_or_fail(tx).map(|own| own.pins_stored))
        .unwrap()
}

#[test]
fn a_lower_version_never_overwrites_a_newer_pin() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let user = b.user;
    let old = a.run(trust::export).unwrap();
    a.run(|tx| trust::mark_verified(tx, &user)).unwrap();
    let new = a.run(trust::export).unwrap();
    assert!(new[0].version > old[0].version);
    let mut a2 = second_device(&mut a, 11);
    let from = a.device;
    for part in new.iter().chain(&old) {
        a2.run(|tx| trust::import(tx, &from, part)).unwrap();
    }
    assert_eq!(a2.run(|tx| trust::state(tx, &user)), Ok(Trust::Verified));
    let mut broken = new[0].clone();
    broken.part = broken.parts;
    assert!(matches!(
        a2.run(|tx| trust::import(tx, &from, &broken)),
        Err(CryptoError::NotAllowed(_))
    ));
}
