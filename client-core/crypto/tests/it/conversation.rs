//! Conversation logs: recipients come from signed entries only (A1), holds, forks, newcomers.

use chatty_crypto::conversation::{self, ConvStatus, ConvStop, HeldReason};
use chatty_protocol::conversation_log::{ConvEntry, ConvOp, Cut, Policy, Status};
use chatty_protocol::device_log::DeviceOp;
use chatty_protocol::sign::{Signed, ZERO_HASH};
use chatty_protocol::{ConvId, UserId, limits};
use proptest::prelude::*;

use crate::kit::{Device, Dice, direct, give_pins, meet, second_device};

pub fn group(admin: &mut Device, others: &mut [&mut Device]) -> ConvId {
    let created = admin
        .run(|tx| conversation::create_group(tx, Policy::default()))
        .unwrap();
    let conv = created.conv;
    assert_eq!(admin.apply(&conv, &[created.bytes]).stop, None);
    let users: Vec<UserId> = others.iter().map(|other| other.user).collect();
    step(admin, &conv, ConvOp::Invite { users });
    for other in others.iter_mut() {
        let log = admin.conv_log(&conv);
        assert_eq!(other.apply(&conv, &log).stop, None);
        let joined = other.run(|tx| conversation::join(tx, &conv)).unwrap().bytes;
        assert_eq!(admin.apply(&conv, std::slice::from_ref(&joined)).stop, None);
    }
    let log = admin.conv_log(&conv);
    for other in others {
        assert_eq!(other.apply(&conv, &log).stop, None);
    }
    conv
}

/// Signs and takes an entry.
pub fn step(by: &mut Device, conv: &ConvId, op: ConvOp) -> Vec<u8> {
    let entry = by.new_entry(conv, op).unwrap();
    let outcome = by.apply(conv, std::slice::from_ref(&entry.bytes));
    assert_eq!(outcome.stop, None);
    entry.bytes
}

pub fn recipients(device: &mut Device, conv: &ConvId) -> Vec<chatty_protocol::DeviceId> {
    let found = device.run(|tx| conversation::recipients(tx, conv)).unwrap();
    assert_eq!(found.need_log, vec![]);
    found.devices.into_iter().map(|peer| peer.device).collect()
}

#[test]
fn a_direct_conversation_from_both_sides() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let user = b.user;
    assert_eq!(a.run(|tx| conversation::is_contact(tx, &user)), Ok(false));
    let conv = direct(&mut a, &mut b);
    assert_eq!(a.run(|tx| conversation::is_contact(tx, &user)), Ok(true));
    assert_eq!(recipients(&mut a, &conv), vec![b.device]);
    assert_eq!(recipients(&mut b, &conv), vec![a.device]);
    // Both would have made the same id, and it exists once.
    assert!(
        b.run(|tx| conversation::create_direct(tx, &user)).is_ok(),
        "notes to self"
    );
    let peer = a.user;
    assert!(b.run(|tx| conversation::create_direct(tx, &peer)).is_err());
    let state = a.run(|tx| conversation::state_or_fail(tx, &conv)).unwrap();
    assert!(
        state
            .members
            .values()
            .all(|member| member.status == Status::Member)
    );
}

#[test]
fn own_other_devices_are_recipients_and_an_unknown_log_is_named() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    let mut a2 = second_device(&mut a, 11);
    give_pins(&mut a, &mut a2);
    meet(&mut a, &mut b);
    let conv = direct(&mut a, &mut b);
    let mut both = recipients(&mut a, &conv);
    both.sort_unstable();
    let mut expected = vec![a2.device, b.device];
    expected.sort_unstable();
    assert_eq!(both, expected);
    let log = a.conv_log(&conv);
    let outcome = a2.apply(&conv, &log);
    assert_eq!(outcome.stop, Some(ConvStop::NeedLog(b.user)));
    let (user, entries) = (b.user, b.log_entries());
    a2.learn(&user, &entries);
    assert_eq!(a2.apply(&conv, &log).stop, None);
}

#[test]
fn removal_ends_keys_when_it_is_signed_not_when_it_is_accepted() {
    let (mut a, mut b, mut c) = (Device::sign_up(1), Device::sign_up(2), Device::sign_up(3));
    meet(&mut a, &mut b);
    meet(&mut a, &mut c);
    meet(&mut b, &mut c);
    let conv = group(&mut a, &mut [&mut b, &mut c]);
    assert_eq!(recipients(&mut a, &conv).len(), 2);
    let op = ConvOp::Remove {
        user: c.user,
        cuts: vec![],
    };
    let entry = a.new_entry(&conv, op.clone()).unwrap();
    assert_eq!(recipients(&mut a, &conv), vec![b.device]);
    let user = c.user;
    a.run(|tx| conversation::abandon(tx, &conv, &user)).unwrap();
    assert_eq!(recipients(&mut a, &conv).len(), 2);
    assert!(b.new_entry(&conv, op).is_err(), "members remove nobody");
    for device in [&mut a, &mut b] {
        assert_eq!(
            device.apply(&conv, std::slice::from_ref(&entry.bytes)).stop,
            None
        );
        assert!(!recipients(device, &conv).contains(&c.device));
    }
    let at = a
        .run(|tx| conversation::state_at(tx, &conv, 3))
        .unwrap()
        .unwrap();
    assert!(at.may_send(&user));
    let now = a.run(|tx| conversation::state_or_fail(tx, &conv)).unwrap();
    assert!(now.member(&user).is_none());
}

/// What A signs after it took the entry of its revoked device together with the `rotate`: the
/// engine proposes both on the held state, here through a store that has the entry already.
pub fn rotate_on(
    a: &mut Device,
    with_entry: &mut Device,
    conv: &ConvId,
    cut: chatty_protocol::DeviceId,
) -> Vec<u8> {
    let mut view = Device {
        store: a.store.clone(),
        dice: Dice(6),
        published: Vec::new(),
        ..Device::waiting(61, a.user)
    };
    view.device = a.device;
    for ((table, key), value) in &with_entry.store.rows {
        if matches!(
            table,
            chatty_crypto::view::Table::Conversation
                | chatty_crypto::view::Table::ConversationEntry
        ) {
            view.store.rows.insert((*table, key.clone()), value.clone());
        }
    }
    let op = ConvOp::Rotate {
        cuts: vec![Cut {
            device: cut,
            dev_seq: 0,
            chain: ZERO_HASH,
        }],
    };
    view.new_entry(conv, op).unwrap().bytes
}

#[test]
fn a_newcomer_takes_history_from_the_invite_even_of_revoked_devices() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    let mut a2 = second_device(&mut a, 11);
    give_pins(&mut a, &mut a2);
    // The group is made on A's second device, which is lost later.
    let created = a2
        .run(|tx| conversation::create_group(tx, Policy::default()))
        .unwrap();
    let conv = created.conv;
    assert_eq!(
        a2.apply(&conv, std::slice::from_ref(&created.bytes)).stop,
        None
    );
    assert_eq!(a.apply(&conv, &[created.bytes]).stop, None);
    a.revoke(a2.device);
    meet(&mut a, &mut b);
    step(
        &mut a,
        &conv,
        ConvOp::Invite {
            users: vec![b.user],
        },
    );
    let log = a.conv_log(&conv);
    // One entry alone is not enough, all together are.
    let outcome = b.apply(&conv, &log[..1]);
    assert_eq!(outcome.head, None);
    let outcome = b.apply(&conv, &log);
    assert_eq!(outcome.stop, None);
    assert_eq!(
        outcome
            .applied
            .iter()
            .map(|entry| entry.signer_live)
            .collect::<Vec<_>>(),
        vec![false, true]
    );
}

#[test]
fn an_entry_of_a_newer_program_holds_the_conversation_until_it_is_understood() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let conv = group(&mut a, &mut [&mut b]);
    let good = a
        .new_entry(&conv, ConvOp::Rotate { cuts: vec![] })
        .unwrap()
        .bytes;
    let signed: Signed<ConvEntry> = Signed::from_bytes(&good).unwrap();
    let mut newer = signed.open().unwrap();
    newer
        .ext
        .0
        .insert(2, chatty_protocol::codec::Any(vec![0xf5]));
    let newer = Signed::<ConvEntry>::from_parts(
        chatty_protocol::codec::encode(&newer),
        *signed.signature(),
    )
    .to_bytes();
    assert_eq!(b.apply(&conv, &[newer]).stop, Some(ConvStop::NeedsUpdate));
    assert_eq!(
        b.run(|tx| conversation::status(tx, &conv)),
        Ok(ConvStatus::Held(HeldReason::NeedsUpdate))
    );
    assert_eq!(b.apply(&conv, &[good]).stop, None);
    assert_eq!(
        b.run(|tx| conversation::status(tx, &conv)),
        Ok(ConvStatus::Open)
    );
}

#[test]
fn gaps_and_repeats() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let conv = group(&mut a, &mut [&mut b]);
    let one = step(&mut a, &conv, ConvOp::Rotate { cuts: vec![] });
    let two = step(&mut a, &conv, ConvOp::Rotate { cuts: vec![] });
    assert_eq!(
        b.apply(&conv, std::slice::from_ref(&two)).stop,
        Some(ConvStop::Gap(3))
    );
    let outcome = b.apply(&conv, &[one.clone(), two.clone()]);
    assert_eq!((outcome.stop, outcome.applied.len()), (None, 2));
    let outcome = b.apply(&conv, &[one, two]);
    assert_eq!((outcome.stop, outcome.applied.len()), (None, 0));
}

#[test]
fn the_actor_s_newer_device_log_is_fetched_first() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let conv = group(&mut a, &mut [&mut b]);
    let op = DeviceOp::Handle {
        handle: "ada".into(),
        origin: crate::kit::ORIGIN.into(),
    };
    let newer = a.own_op(op).unwrap();
    let entry = step(&mut a, &conv, ConvOp::Rotate { cuts: vec![] });
    assert_eq!(
        b.apply(&conv, std::slice::from_ref(&entry)).stop,
        Some(ConvStop::NeedLog(a.user))
    );
    let user = a.user;
    b.learn(&user, &[newer]);
    assert_eq!(b.apply(&conv, &[entry]).stop, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever order and repetition the relay chooses, devices that saw all entries agree.
    #[test]
    fn any_delivery_order_converges(order in prop::collection::vec(0usize..8, 0..40), seed in 0u64..1000) {
        let (mut a, mut b) = (Device::sign_up(seed), Device::sign_up(seed + 5000));
        meet(&mut a, &mut b);
        let conv = group(&mut a, &mut [&mut b]);
        let mut entries = Vec::new();
        for i in 0..8 {
            let policy = Policy { timer_s: i * 60, ..Policy::default() };
            entries.push(step(&mut a, &conv, ConvOp::SetPolicy(policy)));
        }
        for at in order {
            b.apply(&conv, std::slice::from_ref(&entries[at]));
        }
        b.apply(&conv, &entries);
        let (x, y) = (
            a.run(|tx| conversation::state_or_fail(tx, &conv)).unwrap(),
            b.run(|tx| conversation::state_or_fail(tx, &conv)).unwrap(),
        );
        prop_assert_eq!(x, y);
    }
}

/// Its state is longer than what a CBOR reader hands out as borrowed bytes.
#[test]
fn a_group_of_a_thousand_stays_readable() {
    let mut admin = Device::sign_up(1);
    let made = admin
        .run(|tx| conversation::create_group(tx, Policy::default()))
        .unwrap();
    let conv = made.conv;
    assert_eq!(admin.apply(&conv, &[made.bytes]).stop, None);
    let all: Vec<UserId> = (1..limits::GROUP_SIZE as u64)
        .map(|n| {
            let mut rest = [0; 32];
            rest[..8].copy_from_slice(&n.to_be_bytes());
            UserId::from_rest(rest)
        })
        .collect();
    for some in all.chunks(limits::INVITES_PER_ENTRY) {
        let users = some.to_vec();
        let entry = admin.new_entry(&conv, ConvOp::Invite { users }).unwrap();
        assert_eq!(admin.apply(&conv, &[entry.bytes]).stop, None);
    }
    let state = admin.run(|tx| conversation::state(tx, &conv)).unwrap();
    assert_eq!(state.unwrap().members.len(), limits::GROUP_SIZE);
}
