//! Device logs: who may sign what, forks, rollbacks, recovery (protocol.md §8; A2, A3).

use chatty_protocol::codec::encode;
use chatty_protocol::device_log::{Class, DeviceLog, DeviceOp, LogError, RevokeReason, Verdict};
use chatty_protocol::sign::{Head, SignContext};

use crate::kit::{Person, device, entry, key, public, sign};

fn add(person: &Person, seed: u8) -> DeviceOp {
    DeviceOp::Add {
        cert: device(person.user, seed).cert,
        class: Class::Full,
        expires: 0,
    }
}

fn revoke(person: &Person, index: usize) -> DeviceOp {
    DeviceOp::Revoke {
        device: person.devices[index].id,
        reason: RevokeReason::Lost,
    }
}

#[test]
fn a_log_replays_to_the_same_state_and_its_snapshot_decodes() {
    let mut ann = Person::new(1);
    ann.add_device(50, Class::Full);
    ann.append(
        DeviceOp::Handle {
            handle: "ann".into(),
            origin: crate::kit::ORIGIN.into(),
        },
        Some(1),
    );
    ann.append(revoke(&ann, 0), Some(1));
    let mut again = DeviceLog::init(&ann.entries[0]).unwrap();
    for signed in &ann.entries[1..] {
        assert!(matches!(again.apply(signed), Ok(Verdict::Applied(_))));
        assert_eq!(again.apply(signed), Ok(Verdict::Known));
    }
    assert_eq!(again, ann.log);
    let snapshot = encode(&again);
    assert_eq!(
        chatty_protocol::codec::decode_exact::<DeviceLog>(&snapshot),
        Ok(again)
    );
}

#[test]
fn a2_a_device_nobody_live_signed_is_refused() {
    let mut ann = Person::new(1);
    let eve = Person::new(2);
    let head = ann.log.head;
    let forged = entry(
        ann.user,
        head.seq + 1,
        head.hash,
        add(&ann, 60),
        Some(ann.devices[0].id),
    );
    let by_eve = sign(&eve.devices[0].key, SignContext::DeviceLog, encode(&forged));
    assert_eq!(ann.log.apply(&by_eve), Err(LogError::BadSignature));
    let stranger = entry(
        ann.user,
        head.seq + 1,
        head.hash,
        add(&ann, 60),
        Some(eve.devices[0].id),
    );
    let by_stranger = sign(
        &eve.devices[0].key,
        SignContext::DeviceLog,
        encode(&stranger),
    );
    assert_eq!(ann.log.apply(&by_stranger), Err(LogError::WrongSigner));
    // A signature for another context is none.
    let own = sign(&ann.devices[0].key, SignContext::ConvLog, encode(&forged));
    assert_eq!(ann.log.apply(&own), Err(LogError::BadSignature));
}

#[test]
fn a_revoked_device_signs_nothing_more_and_a_limited_one_only_its_own_end() {
    let mut ann = Person::new(1);
    let full = ann.add_device(50, Class::Full);
    let limited = ann.add_device(51, Class::Limited);
    let by_limited = ann.signed(add(&ann, 60), Some(limited));
    assert_eq!(ann.log.apply(&by_limited), Err(LogError::WrongSigner));
    let of_other = ann.signed(revoke(&ann, full), Some(limited));
    assert_eq!(ann.log.apply(&of_other), Err(LogError::WrongSigner));
    ann.append(revoke(&ann, limited), Some(limited));
    ann.append(revoke(&ann, full), Some(0));
    let late = ann.signed(add(&ann, 61), Some(full));
    assert_eq!(ann.log.apply(&late), Err(LogError::WrongSigner));
    let again = ann.signed(revoke(&ann, full), Some(0));
    assert!(matches!(ann.log.apply(&again), Err(LogError::Rule(_))));
}

#[test]
fn a_device_id_is_never_used_again() {
    let mut ann = Person::new(1);
    let index = ann.add_device(50, Class::Full);
    ann.append(revoke(&ann, index), Some(0));
    let again = ann.signed(add(&ann, 50), Some(0));
    assert!(matches!(ann.log.apply(&again), Err(LogError::Rule(_))));
}

#[test]
fn a3_two_validly_signed_entries_at_one_number_are_a_fork() {
    let mut ann = Person::new(1);
    let other = ann.signed(add(&ann, 70), Some(0));
    ann.add_device(50, Class::Full);
    let before = ann.log.clone();
    assert_eq!(ann.log.apply(&other), Ok(Verdict::Fork));
    assert_eq!(ann.log, before);
    // Without a valid signature it is no evidence.
    let forged = sign(&key(99), SignContext::DeviceLog, other.inner().to_vec());
    assert_eq!(ann.log.apply(&forged), Err(LogError::BadSignature));
}

#[test]
fn gaps_and_wrong_chains_are_refused() {
    let mut ann = Person::new(1);
    let op = add(&ann, 50);
    let gap = entry(
        ann.user,
        5,
        ann.log.head.hash,
        op.clone(),
        Some(ann.devices[0].id),
    );
    let gap = sign(&ann.devices[0].key, SignContext::DeviceLog, encode(&gap));
    assert_eq!(
        ann.log.apply(&gap),
        Err(LogError::WrongSeq {
            expected: 1,
            found: 5
        })
    );
    let wrong = entry(
        ann.user,
        1,
        chatty_protocol::codec::Fixed([9; 32]),
        op,
        Some(ann.devices[0].id),
    );
    let wrong = sign(&ann.devices[0].key, SignContext::DeviceLog, encode(&wrong));
    assert_eq!(ann.log.apply(&wrong), Err(LogError::WrongPrev));
}

fn recover(
    epoch: u64,
    base: Head,
    keep: Vec<chatty_protocol::DeviceId>,
    seed: Option<u8>,
    user: &Person,
) -> DeviceOp {
    let cert = seed.map(|seed| device(user.user, seed).cert);
    DeviceOp::Recover {
        epoch,
        base,
        keep,
        cert,
        class: Class::Full,
    }
}

fn signed_recover(
    person: &Person,
    op: DeviceOp,
    base: Head,
) -> chatty_protocol::Signed<chatty_protocol::device_log::DeviceEntry> {
    let made = entry(person.user, base.seq + 1, base.hash, op, None);
    sign(&person.aik, SignContext::DeviceLog, encode(&made))
}

#[test]
fn recover_leaves_a_fork_and_keeps_revocations() {
    let mut ann = Person::new(1);
    let base = ann.log.head;
    let thief = ann.add_device(50, Class::Full);
    let left = ann.log.head;
    ann.append(revoke(&ann, 0), Some(thief));
    let signed = signed_recover(
        &ann,
        recover(1, base, vec![ann.devices[0].id], Some(80), &ann),
        base,
    );
    assert!(matches!(ann.log.apply(&signed), Ok(Verdict::Applied(head)) if head.seq == 1));
    assert!(ann.log.live(&ann.devices[thief].id).is_none());
    // Device 0 was revoked in this verifier's view and stays so; the restored one is live.
    assert!(ann.log.live(&ann.devices[0].id).is_none());
    assert_eq!(ann.log.live_devices().count(), 1);
    assert_eq!(ann.log.position(&left), Some(base.seq));
    assert_eq!(ann.log.branch, 1);
    let same_epoch = signed_recover(&ann, recover(1, base, vec![], Some(81), &ann), base);
    assert!(matches!(ann.log.apply(&same_epoch), Err(LogError::Rule(_))));
    let unknown = vec![device(ann.user, 90).id];
    let bad_keep = signed_recover(&ann, recover(2, base, unknown, None, &ann), base);
    assert!(matches!(ann.log.apply(&bad_keep), Err(LogError::Rule(_))));
}

#[test]
fn an_older_aik_overrules_the_one_that_replaced_it() {
    let mut ann = Person::new(1);
    let base = ann.log.head;
    let thief_aik = key(77);
    let accept = ann.accept(&thief_aik, 1);
    ann.append(
        DeviceOp::ReplaceAik {
            aik: public(&thief_aik),
            accept,
        },
        Some(0),
    );
    // The thief recovers with the new AIK and a high epoch …
    let at = ann.log.head;
    let op = recover(9, at, vec![], Some(82), &ann);
    let made = entry(ann.user, at.seq + 1, at.hash, op, None);
    let signed = sign(&thief_aik, SignContext::DeviceLog, encode(&made));
    assert!(matches!(ann.log.apply(&signed), Ok(Verdict::Applied(_))));
    // … and the owner of the older one still wins, at a lower epoch.
    let signed = signed_recover(&ann, recover(1, base, vec![], Some(83), &ann), base);
    assert!(matches!(ann.log.apply(&signed), Ok(Verdict::Applied(_))));
    assert_eq!(ann.log.aik, public(&ann.aik));
}

#[test]
fn a_new_aik_must_accept_and_close_is_the_end() {
    let mut ann = Person::new(1);
    let new = key(78);
    let wrong = ann.signed(
        DeviceOp::RotateAik {
            aik: public(&new),
            accept: [1; 64],
        },
        None,
    );
    assert!(matches!(ann.log.apply(&wrong), Err(LogError::Rule(_))));
    let by_device = DeviceOp::RotateAik {
        aik: public(&new),
        accept: ann.accept(&new, 1),
    };
    let by_device = ann.signed(by_device, Some(0));
    assert_eq!(ann.log.apply(&by_device), Err(LogError::WrongSigner));
    ann.append(
        DeviceOp::RotateAik {
            aik: public(&new),
            accept: ann.accept(&new, 1),
        },
        None,
    );
    let old_aik = ann.signed(add(&ann, 60), None);
    assert_eq!(ann.log.apply(&old_aik), Err(LogError::BadSignature));
    ann.append(DeviceOp::Close, Some(0));
    assert_eq!(ann.log.live_devices().count(), 0);
    let after = ann.signed(add(&ann, 61), Some(0));
    assert!(ann.log.apply(&after).is_err());
}

#[test]
fn twenty_devices_live_and_not_one_more() {
    let mut ann = Person::new(1);
    for seed in 0..19 {
        ann.add_device(10 + seed, Class::Full);
    }
    let more = ann.signed(add(&ann, 60), Some(0));
    assert!(matches!(ann.log.apply(&more), Err(LogError::Rule(_))));
}
