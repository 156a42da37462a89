//! Pinned device logs: forks, rollbacks, recovery, gossip (A3).

use chatty_crypto::device_log::{
    self, Claim, Gossip, HeadCheck, LogChange, LogStop, aik_entry, rotate_aik_entry,
};
use chatty_crypto::identity::{self, Standing};
use chatty_crypto::trust::{self, Trust};
use chatty_protocol::device_log::{Class, DeviceOp, RevokeReason};
use chatty_protocol::proof::Purpose;
use chatty_protocol::{limits, proof, sign, statement};

use crate::kit::{DAY_MS, Device, ORIGIN, meet, second_device, secret};

fn handle(name: &str) -> DeviceOp {
    DeviceOp::Handle {
        handle: name.into(),
        origin: ORIGIN.into(),
    }
}

#[test]
fn an_account_begins_live_and_signs_only_what_it_may() {
    let mut a = Device::sign_up(1);
    assert_eq!(
        a.run(|tx| identity::standing(tx)),
        Ok(Standing::Live(Class::Full))
    );
    a.own_op(handle("ada")).unwrap();
    let user = a.user;
    let log = a.run(|tx| device_log::get_or_fail(tx, &user)).unwrap();
    assert_eq!(log.handle, Some(("ada".into(), ORIGIN.into())));
    // The AIK alone may rotate itself.
    let op = DeviceOp::RotateAik {
        aik: log.aik,
        accept: [0; 64],
    };
    assert!(a.own_op(op).is_err());
    assert!(
        a.run(|tx| identity::create(tx, ORIGIN, &secret(1)))
            .is_err()
    );
}

#[test]
fn the_recovery_secret_goes_when_it_is_confirmed() {
    let mut a = Device::sign_up(1);
    let text = a.run(|tx| identity::recovery_key_text(tx)).unwrap();
    let other = secret(2).to_text();
    assert_eq!(
        a.run(|tx| identity::confirm_recovery(tx, &other)),
        Ok(false)
    );
    assert_eq!(
        a.run(|tx| identity::confirm_recovery(tx, "nonsense")),
        Ok(false)
    );
    assert_eq!(a.run(|tx| identity::confirm_recovery(tx, &text)), Ok(true));
    assert!(a.run(|tx| identity::recovery_key_text(tx)).is_err());
}

#[test]
fn a_proof_names_the_own_relay_and_a_statement_comes_once_a_day() {
    let mut a = Device::sign_up(1);
    let own = a.own();
    let made = a
        .run(|tx| identity::login_proof(tx, b"nonce", Purpose::Login))
        .unwrap();
    let check = |origin: &str, purpose: &str| {
        let proof = proof::LoginProof {
            origin: origin.into(),
            nonce: chatty_protocol::codec::Bytes(b"nonce".to_vec()),
            device: own.device,
            purpose: purpose.into(),
            time: made.time,
        };
        let sig: [u8; 64] = made.sig.0.clone().try_into().unwrap();
        proof::verified(&proof, &own.ed25519, &sig)
    };
    assert!(check(ORIGIN, "login"));
    assert!(!check("https://evil.example", "login"));
    assert!(!check(ORIGIN, "close"));

    let bytes = a
        .run(identity::statement)
        .unwrap()
        .expect("first of the day");
    let signed: sign::Signed<statement::Statement> = sign::Signed::from_bytes(&bytes).unwrap();
    assert!(signed.verified_by(&own.ed25519, sign::SignContext::HeadStatement));
    assert_eq!(a.run(identity::statement), Ok(None));
    a.now_ms += DAY_MS;
    assert!(a.run(identity::statement).unwrap().is_some());
}

#[test]
fn a2_a_forged_add_is_never_pinned() {
    let (mut a, mut b, mut mallory) = (Device::sign_up(1), Device::sign_up(2), Device::sign_up(3));
    meet(&mut a, &mut b);
    let user = a.user;
    let before = b.run(|tx| device_log::get(tx, &user)).unwrap();
    // Mallory's own add of a device, offered as an entry of A's log.
    let extra = Device::waiting(9, mallory.user).own().cert;
    let foreign = mallory
        .own_op(DeviceOp::Add {
            cert: extra,
            class: Class::Full,
            expires: 0,
        })
        .unwrap();
    let own = a.own_op(handle("ada")).unwrap();
    let mut cases = vec![foreign];
    for byte in (0..own.len()).step_by(3) {
        let mut forged = own.clone();
        forged[byte] ^= 1;
        cases.push(forged);
    }
    for forged in cases {
        let outcome = b.learn(&user, &[forged]);
        assert!(outcome.stop.is_some());
        assert_eq!(outcome.changes, vec![]);
        assert_eq!(b.run(|tx| device_log::get(tx, &user)).unwrap(), before);
    }
    assert_eq!(b.learn(&user, &[own]).stop, None);
}

#[test]
fn a3_a_rollback_is_refused() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    a.own_op(handle("ada")).unwrap();
    meet(&mut a, &mut b);
    let user = a.user;
    assert_eq!(
        b.run(|tx| device_log::check_claim(tx, &user, 0, 0)),
        Ok(Claim::Rollback)
    );
    assert_eq!(
        b.run(|tx| device_log::check_claim(tx, &user, 0, 1)),
        Ok(Claim::Current)
    );
    assert_eq!(
        b.run(|tx| device_log::check_claim(tx, &user, 0, 2)),
        Ok(Claim::Fetch { branch: 0, from: 2 })
    );
    // An old page changes nothing.
    let log = a.log_entries();
    let outcome = b.learn(&user, &log[..1]);
    assert_eq!((outcome.stop, outcome.head.unwrap().seq), (None, 1));
}

/// A's device is copied; both copies sign entry 1.
fn forked() -> (Device, Device, Device, Vec<u8>, Vec<u8>) {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let mut twin = Device {
        store: a.store.clone(),
        dice: crate::kit::Dice(5),
        published: Vec::new(),
        ..Device::waiting(50, a.user)
    };
    twin.device = a.device;
    let mine = a.own_op(handle("ada")).unwrap();
    let theirs = twin.own_op(handle("eve")).unwrap();
    (a, b, twin, mine, theirs)
}

#[test]
fn a3_a_fork_is_kept_as_evidence_and_stops_sending() {
    let (mut a, mut b, _, mine, theirs) = forked();
    let user = a.user;
    b.learn(&user, std::slice::from_ref(&mine));
    assert!(b.run(|tx| trust::may_send(tx, &user)).unwrap());
    let outcome = b.learn(&user, std::slice::from_ref(&theirs));
    assert_eq!(outcome.stop, Some(LogStop::Forked));
    assert_eq!(outcome.head.unwrap().seq, 0, "only what both share counts");
    let log = b.run(|tx| device_log::get_or_fail(tx, &user)).unwrap();
    assert_eq!(log.handle, None);
    assert_eq!(b.run(|tx| trust::state(tx, &user)), Ok(Trust::PinChanged));
    assert!(!b.run(|tx| trust::may_send(tx, &user)).unwrap());
    b.run(|tx| trust::acknowledge(tx, &user)).unwrap();
    assert!(b.run(|tx| trust::may_send(tx, &user)).unwrap());
    // More entries of either branch are not used.
    let more = a.own_op(handle("ada_two")).unwrap();
    assert_eq!(b.learn(&user, &[more]).head.unwrap().seq, 0);
}

#[test]
fn a3_a_fork_of_a_verified_person_is_a_violation_until_it_is_settled() {
    let (mut a, mut b, mut twin, mine, theirs) = forked();
    let user = a.user;
    b.run(|tx| trust::mark_verified(tx, &user)).unwrap();
    assert_eq!(b.run(|tx| trust::state(tx, &user)), Ok(Trust::Verified));
    b.learn(&user, &[mine.clone(), theirs.clone()]);
    assert_eq!(b.run(|tx| trust::state(tx, &user)), Ok(Trust::Violation));
    b.run(|tx| trust::acknowledge(tx, &user)).unwrap();
    assert!(
        !b.run(|tx| trust::may_send(tx, &user)).unwrap(),
        "acknowledging is not enough"
    );
    // The owner recovers on his own branch with a higher epoch.
    let log = a.run(|tx| device_log::get_or_fail(tx, &user)).unwrap();
    let op = DeviceOp::Recover {
        epoch: 1,
        base: log.head,
        keep: vec![],
        cert: Some(Device::waiting(70, user).own().cert),
        class: Class::Full,
    };
    let recover = a.run(|tx| aik_entry(tx, &secret(1), op)).unwrap().bytes;
    let outcome = b.learn(&user, std::slice::from_ref(&recover));
    assert_eq!(outcome.stop, None);
    assert!(outcome.changes.contains(&LogChange::Recovered));
    assert_eq!(b.run(|tx| trust::state(tx, &user)), Ok(Trust::Verified));
    let settled = b.run(|tx| device_log::get_or_fail(tx, &user)).unwrap();
    assert_eq!(settled.handle, Some(("ada".into(), ORIGIN.into())));
    assert!(settled.live(&a.device).is_none());
    // Who had seen only the other branch follows too, and heads of it count as the base.
    let mut c = Device::sign_up(3);
    let start = a.log_entries();
    c.learn(&user, &start[..1]);
    c.learn(&user, std::slice::from_ref(&theirs));
    let outcome = c.learn(&user, &[mine, recover]);
    assert!(
        outcome.changes.contains(&LogChange::Recovered),
        "{outcome:?}"
    );
    let followed = c.run(|tx| device_log::get_or_fail(tx, &user)).unwrap();
    assert_eq!(followed.head, settled.head);
    assert_eq!(followed.handle, settled.handle);
    let left = twin
        .run(|tx| device_log::get_or_fail(tx, &user))
        .unwrap()
        .head;
    assert_eq!(
        c.run(|tx| device_log::check_head(tx, &user, &left)),
        Ok(HeadCheck::Known(1))
    );
}

#[test]
fn a3_what_contacts_see_of_us_tells_about_rollbacks_and_forks() {
    let (mut a, _, mut twin, _, _) = forked();
    let user = a.user;
    let head = a.run(|tx| device_log::get_or_fail(tx, &user)).unwrap().head;
    assert_eq!(a.run(|tx| device_log::gossip(tx, &head)), Ok(Gossip::Same));
    let other = twin
        .run(|tx| device_log::get_or_fail(tx, &user))
        .unwrap()
        .head;
    assert_eq!(a.run(|tx| device_log::gossip(tx, &other)), Ok(Gossip::Fork));
    let second = second_device(&mut a, 11);
    let before = a.run(|tx| device_log::get_or_fail(tx, &user)).unwrap().head;
    a.own_op(handle("ada_l")).unwrap();
    assert_eq!(
        a.run(|tx| device_log::gossip(tx, &before)),
        Ok(Gossip::Behind)
    );
    a.revoke(second.device);
    assert_eq!(
        a.run(|tx| device_log::gossip(tx, &before)),
        Ok(Gossip::BehindRevoke)
    );
    let mut ahead = before;
    ahead.seq = 99;
    assert_eq!(
        a.run(|tx| device_log::gossip(tx, &ahead)),
        Ok(Gossip::Ahead)
    );
}

#[test]
fn a_gap_is_named_and_filled() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let first = a.own_op(handle("ada")).unwrap();
    let second = a.own_op(handle("ada_l")).unwrap();
    let user = a.user;
    let outcome = b.learn(&user, std::slice::from_ref(&second));
    assert_eq!(outcome.stop, Some(LogStop::Gap(1)));
    let outcome = b.learn(&user, &[first, second]);
    assert_eq!((outcome.stop, outcome.changes.len()), (None, 2));
}

#[test]
fn classes_expiry_and_revocation_of_the_own_device() {
    let mut a = Device::sign_up(1);
    let mut browser = Device::waiting(11, a.user);
    assert_eq!(
        browser.run(|tx| identity::standing(tx)),
        Ok(Standing::Waiting)
    );
    let cert = browser.own().cert;
    let expires = a.now_ms + limits::LIMITED_DEVICE_MS;
    a.own_op(DeviceOp::Add {
        cert,
        class: Class::Limited,
        expires,
    })
    .unwrap();
    let user = a.user;
    let log = a.log_entries();
    browser.learn(&user, &log);
    assert_eq!(
        browser.run(|tx| identity::standing(tx)),
        Ok(Standing::Live(Class::Limited))
    );
    assert!(
        browser.own_op(handle("eve")).is_err(),
        "limited devices sign no entries"
    );
    browser.now_ms = expires + limits::EXPIRY_GRACE_MS + 1;
    assert_eq!(
        browser.run(|tx| identity::standing(tx)),
        Ok(Standing::Expired)
    );
    browser.now_ms = a.now_ms;
    // Its own revoke it may sign: that is how signing out works.
    let device = browser.device;
    browser
        .own_op(DeviceOp::Revoke {
            device,
            reason: RevokeReason::SignedOut,
        })
        .unwrap();
    assert_eq!(
        browser.run(|tx| identity::standing(tx)),
        Ok(Standing::Revoked)
    );
    assert!(browser.own_op(handle("eve")).is_err());
}

#[test]
fn a_new_recovery_key_raises_no_alarm() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let user = a.user;
    b.run(|tx| trust::mark_verified(tx, &user)).unwrap();
    let entry = a
        .run(|tx| rotate_aik_entry(tx, &secret(1), &secret(100)))
        .unwrap();
    assert!(
        a.run(|tx| rotate_aik_entry(tx, &secret(7), &secret(100)))
            .is_err()
    );
    let outcome = b.learn(&user, &[entry.bytes]);
    assert_eq!(outcome.changes, vec![LogChange::AikRotated]);
    assert_eq!(b.run(|tx| trust::state(tx, &user)), Ok(Trust::Verified));
}
