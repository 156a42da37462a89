//! Attacks on conversation logs, by id.

use chatty_crypto::conversation::{
    self, ConvHeadCheck, ConvStatus, ConvStop, Evidenced, HeldReason,
};
use chatty_crypto::trust;
use chatty_protocol::ConvId;
use chatty_protocol::codec::Bytes;
use chatty_protocol::conversation_log::{ConvEntry, ConvOp, Role};
use chatty_protocol::sign::Signed;

use crate::conversation::{group, recipients, rotate_on, step};
use crate::kit::{Device, Dice, give_pins, meet, second_device};

#[test]
fn a1_forged_unsigned_and_unauthorised_entries_add_nobody() {
    let (mut a, mut b, mut c, mut mallory) = (
        Device::sign_up(1),
        Device::sign_up(2),
        Device::sign_up(3),
        Device::sign_up(4),
    );
    for other in [&mut b, &mut c, &mut mallory] {
        meet(&mut a, other);
    }
    meet(&mut b, &mut c);
    meet(&mut b, &mut mallory);
    let conv = group(&mut a, &mut [&mut b, &mut c]);
    let before = recipients(&mut a, &conv);
    let good = a
        .new_entry(
            &conv,
            ConvOp::Invite {
                users: vec![mallory.user],
            },
        )
        .unwrap()
        .bytes;
    let signed: Signed<ConvEntry> = Signed::from_bytes(&good).unwrap();
    let mut forged: Vec<Vec<u8>> = Vec::new();
    // Without a signature, with somebody else's, from nobody, or with one bit changed.
    forged.push(Signed::<ConvEntry>::from_parts(signed.inner().to_vec(), [0; 64]).to_bytes());
    let mut other = signed.open().unwrap();
    other.actor = mallory.user;
    other.device = mallory.device;
    forged.push(
        Signed::<ConvEntry>::from_parts(
            chatty_protocol::codec::encode(&other),
            *signed.signature(),
        )
        .to_bytes(),
    );
    let mut dice = Dice(3);
    // Every kind of damage, ten thousand times (A1).
    for _ in 0..10_000 {
        let mut bytes = good.clone();
        let mut pick = [0; 3];
        chatty_crypto::tx::Random::fill(&mut dice, &mut pick);
        let at = usize::from(u16::from_be_bytes([pick[0], pick[1]])) % bytes.len();
        bytes[at] ^= 1 << (pick[2] % 8);
        forged.push(bytes);
    }
    for bytes in &forged {
        let outcome = b.apply(&conv, std::slice::from_ref(bytes));
        assert_eq!(outcome.applied, vec![]);
        assert!(outcome.stop.is_some());
        let held = b.run(|tx| conversation::status(tx, &conv)).unwrap();
        if held != ConvStatus::Open {
            assert!(b.run(|tx| conversation::require_usable(tx, &conv)).is_err());
        }
        let members = b.run(|tx| conversation::recipients(tx, &conv)).unwrap();
        assert_eq!(members.devices.len(), before.len());
        assert!(
            members
                .devices
                .iter()
                .all(|peer| peer.device != mallory.device)
        );
    }
    // The genuine entry is taken at once, whatever was held before.
    assert_eq!(b.apply(&conv, &[good]).stop, None);
    assert_eq!(
        b.run(|tx| conversation::status(tx, &conv)),
        Ok(ConvStatus::Open)
    );
}

#[test]
fn a1_a_conversation_of_another_relay_or_name_is_rejected() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let user = b.user;
    let created = a.run(|tx| conversation::create_direct(tx, &user)).unwrap();
    let wrong = ConvId::from_rest([9; 32]);
    let outcome = b.apply(&wrong, &[created.bytes]);
    assert_eq!(
        (outcome.stop, outcome.head),
        (Some(ConvStop::Rejected), None)
    );
    assert_eq!(b.run(|tx| conversation::state(tx, &wrong)), Ok(None));
}

#[test]
fn a_revoked_device_signs_nothing_any_more_under_its_old_head() {
    let (mut a, mut b, mut c) = (Device::sign_up(1), Device::sign_up(2), Device::sign_up(3));
    let mut a2 = second_device(&mut a, 11);
    give_pins(&mut a, &mut a2);
    meet(&mut a, &mut b);
    meet(&mut a2, &mut b);
    meet(&mut a2, &mut c);
    meet(&mut a, &mut c);
    meet(&mut b, &mut c);
    let conv = group(&mut a, &mut [&mut b]);
    let log = a.conv_log(&conv);
    assert_eq!(a2.apply(&conv, &log).stop, None);
    let entry = a2
        .new_entry(
            &conv,
            ConvOp::Invite {
                users: vec![c.user],
            },
        )
        .unwrap()
        .bytes;
    let revoke = a.revoke(a2.device);
    let user = a.user;
    b.learn(&user, &[revoke]);
    let outcome = b.apply(&conv, std::slice::from_ref(&entry));
    assert_eq!(
        outcome.stop,
        Some(ConvStop::Held(HeldReason::DeviceRevoked))
    );
    assert_eq!(
        b.run(|tx| conversation::status(tx, &conv)),
        Ok(ConvStatus::Held(HeldReason::DeviceRevoked))
    );
    assert!(b.new_entry(&conv, ConvOp::Rotate { cuts: vec![] }).is_err());
    assert_eq!(
        b.run(|tx| conversation::retry(tx, &conv)).unwrap().stop,
        Some(ConvStop::Held(HeldReason::DeviceRevoked))
    );
    // The device's own account vouches: its entries before the cut stand.
    assert_eq!(
        a.apply(&conv, std::slice::from_ref(&entry)).stop,
        Some(ConvStop::Held(HeldReason::DeviceRevoked))
    );
    let mut clean = Device {
        store: a2.store.clone(),
        dice: Dice(4),
        published: Vec::new(),
        ..Device::waiting(60, user)
    };
    clean.device = a2.device;
    assert_eq!(clean.apply(&conv, std::slice::from_ref(&entry)).stop, None);
    let rotate = rotate_on(&mut a, &mut clean, &conv, a2.device);
    let outcome = b.apply(&conv, &[entry, rotate]);
    assert_eq!((outcome.stop, outcome.applied.len()), (None, 2));
    assert!(!outcome.applied[0].signer_live);
    assert_eq!(
        b.run(|tx| conversation::status(tx, &conv)),
        Ok(ConvStatus::Open)
    );
}

#[test]
fn a3_only_a_validly_signed_second_entry_freezes() {
    let (mut a, mut b, mut c) = (Device::sign_up(1), Device::sign_up(2), Device::sign_up(3));
    meet(&mut a, &mut b);
    meet(&mut a, &mut c);
    meet(&mut b, &mut c);
    let conv = group(&mut a, &mut [&mut b, &mut c]);
    let mut twin = Device {
        store: a.store.clone(),
        dice: Dice(5),
        published: Vec::new(),
        ..Device::waiting(50, a.user)
    };
    twin.device = a.device;
    let mine = step(
        &mut a,
        &conv,
        ConvOp::SetRole {
            user: b.user,
            role: Role::Admin,
        },
    );
    let theirs = step(
        &mut twin,
        &conv,
        ConvOp::SetRole {
            user: c.user,
            role: Role::Admin,
        },
    );
    assert_eq!(b.apply(&conv, std::slice::from_ref(&mine)).stop, None);
    let head = twin
        .run(|tx| conversation::state_or_fail(tx, &conv))
        .unwrap()
        .head;
    assert_eq!(
        b.run(|tx| conversation::check_head(tx, &conv, &head)),
        Ok(ConvHeadCheck::Mismatch)
    );
    // Forged evidence does nothing.
    let mut forged = theirs.clone();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    assert_eq!(
        b.run(|tx| conversation::evidence(tx, &conv, &[Bytes(forged)])),
        Ok(Evidenced::Nothing)
    );
    assert_eq!(
        b.run(|tx| conversation::status(tx, &conv)),
        Ok(ConvStatus::Open)
    );
    let proof = twin
        .run(|tx| conversation::proof(tx, &conv, head.seq))
        .unwrap()
        .unwrap();
    assert_eq!(
        b.run(|tx| conversation::evidence(tx, &conv, &proof.entries)),
        Ok(Evidenced::Frozen)
    );
    assert_eq!(
        b.run(|tx| conversation::status(tx, &conv)),
        Ok(ConvStatus::Frozen)
    );
    assert!(b.new_entry(&conv, ConvOp::Rotate { cuts: vec![] }).is_err());
    assert_eq!(b.apply(&conv, &[theirs]).stop, Some(ConvStop::Frozen));
}

#[test]
fn a14_a_verified_person_in_question_gets_no_keys() {
    let (mut a, mut b, mut c) = (Device::sign_up(1), Device::sign_up(2), Device::sign_up(3));
    meet(&mut a, &mut b);
    meet(&mut a, &mut c);
    meet(&mut b, &mut c);
    let conv = group(&mut a, &mut [&mut b, &mut c]);
    let (user, other) = (b.user, c.user);
    a.run(|tx| trust::mark_verified(tx, &user)).unwrap();
    assert_eq!(recipients(&mut a, &conv).len(), 2);
    a.run(|tx| trust::handle_found(tx, "bob", &user)).unwrap();
    a.run(|tx| trust::handle_found(tx, "bob", &other)).unwrap();
    assert_eq!(recipients(&mut a, &conv), vec![c.device]);
    a.run(|tx| trust::mark_verified(tx, &user)).unwrap();
    assert_eq!(recipients(&mut a, &conv).len(), 2);
}
