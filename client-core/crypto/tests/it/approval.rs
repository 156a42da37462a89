//! Approval of a device: the ordinary run, mistakes, and a relay in the middle (A4, A32).

use chatty_crypto::approval::{
    Approved, Code, EMOJI, Label, LinkFrame, Newcomer, NewcomerStep, Stopped, Truster, TrusterStep,
    locked_until,
};
use chatty_protocol::certificate::{self};
use chatty_protocol::device_log::{Class, DeviceOp};
use chatty_protocol::limits;
use chatty_protocol::{DeviceId, UserId};

use crate::kit::Device;

pub fn label() -> Label {
    Label {
        name: "Kitchen tablet".into(),
        platform: "linux".into(),
    }
}

/// A trusted device and one that waits for it.
pub fn two(seed: u64) -> (Device, Device) {
    let mut old = Device::sign_up(seed);
    let mut new = Device::waiting(seed + 1, old.user);
    let entries = old.log_entries();
    let user = old.user;
    assert_eq!(new.learn(&user, &entries).stop, None);
    (old, new)
}

pub fn begin(old: &mut Device, new: &mut Device) -> (Newcomer, Truster, LinkFrame) {
    let (n, m1) = new.run(|tx| Newcomer::start(tx, label())).unwrap().unwrap();
    let (t, m2) = old.run(|tx| Truster::start(tx, &m1)).unwrap().unwrap();
    (n, t, m2)
}

/// Up to the point where both users look at their codes.
pub fn to_codes(old: &mut Device, new: &mut Device) -> (Newcomer, Truster, Code, Code) {
    let (mut n, mut t, m2) = begin(old, new);
    let NewcomerStep::Send(m3) = new.run(|tx| n.frame(tx, &m2)).unwrap() else {
        panic!("m3");
    };
    let TrusterStep::Compare { send, code } = old.run(|tx| t.frame(tx, &m3)).unwrap() else {
        panic!("m4");
    };
    let NewcomerStep::Compare(other) = new.run(|tx| n.frame(tx, &send)).unwrap() else {
        panic!("code");
    };
    (n, t, code, other)
}

#[test]
fn both_confirm_and_the_device_is_added() {
    for new_first in [true, false] {
        let (mut old, mut new) = two(700);
        let (mut n, mut t, code_t, code_n) = to_codes(&mut old, &mut new);
        assert_eq!(code_t, code_n);
        assert!(
            code_t
                .digits
                .iter()
                .all(|number| (1000..=9191).contains(number))
        );
        let approved: Approved;
        if new_first {
            let NewcomerStep::Send(mac_n) = new.run(|tx| n.user_says(tx, true)).unwrap() else {
                panic!("mac");
            };
            assert_eq!(
                old.run(|tx| t.frame(tx, &mac_n)).unwrap(),
                TrusterStep::Wait
            );
            assert!(old.run(|tx| Ok::<_, ()>(t.approved(tx))).unwrap().is_none());
            let TrusterStep::Send(mac_t) = old.run(|tx| t.user_says(tx, true)).unwrap() else {
                panic!("mac");
            };
            approved = old.run(|tx| Ok::<_, ()>(t.approved(tx))).unwrap().unwrap();
            let by = old.device;
            assert_eq!(
                new.run(|tx| n.frame(tx, &mac_t)).unwrap(),
                NewcomerStep::Approved { by }
            );
        } else {
            let TrusterStep::Send(mac_t) = old.run(|tx| t.user_says(tx, true)).unwrap() else {
                panic!("mac");
            };
            assert_eq!(
                new.run(|tx| n.frame(tx, &mac_t)).unwrap(),
                NewcomerStep::Wait
            );
            let NewcomerStep::Send(mac_n) = new.run(|tx| n.user_says(tx, true)).unwrap() else {
                panic!("mac");
            };
            let by = old.device;
            assert_eq!(new.run(|tx| Ok::<_, ()>(n.approved(tx))).unwrap(), Some(by));
            let TrusterStep::Approved(done) = old.run(|tx| t.frame(tx, &mac_n)).unwrap() else {
                panic!("approved");
            };
            approved = *done;
        }
        assert_eq!(approved.device, new.device);
        let now = old.now_ms;
        let entry = old.own_op(approved.add_op(Class::Full, now)).unwrap();
        let user = old.user;
        assert_eq!(new.learn(&user, &[entry]).stop, None);
    }
}

#[test]
fn a_limited_device_expires() {
    let (mut old, mut new) = two(710);
    let (mut n, mut t, ..) = to_codes(&mut old, &mut new);
    let NewcomerStep::Send(mac) = new.run(|tx| n.user_says(tx, true)).unwrap() else {
        panic!("mac");
    };
    old.run(|tx| t.frame(tx, &mac)).unwrap();
    old.run(|tx| t.user_says(tx, true)).unwrap();
    let approved = old.run(|tx| Ok::<_, ()>(t.approved(tx))).unwrap().unwrap();
    let DeviceOp::Add { expires, .. } = approved.add_op(Class::Limited, 5) else {
        panic!("add");
    };
    assert_eq!(expires, 5 + limits::LIMITED_DEVICE_MS);
}

#[test]
fn the_table_has_64_different_pictures() {
    let symbols: std::collections::BTreeSet<_> = EMOJI.iter().map(|e| e.symbol).collect();
    let names: std::collections::BTreeSet<_> = EMOJI.iter().map(|e| e.name).collect();
    assert_eq!((symbols.len(), names.len()), (64, 64));
    // Ends of the table of the Matrix specification.
    assert_eq!(
        (EMOJI[0].name, EMOJI[29].name, EMOJI[63].name),
        ("Dog", "Heart", "Pin")
    );
}

#[test]
fn three_failures_lock_for_ten_minutes() {
    let (mut old, mut new) = two(720);
    for _ in 0..limits::APPROVAL_FAILURES {
        assert_eq!(old.run(|tx| locked_until(tx)).unwrap(), None);
        let (mut n, mut t, ..) = to_codes(&mut old, &mut new);
        assert_eq!(
            old.run(|tx| t.user_says(tx, false)).unwrap(),
            TrusterStep::Stopped(Stopped::CodesDiffer)
        );
        assert_eq!(
            new.run(|tx| n.frame(tx, &LinkFrame::stop())).unwrap(),
            NewcomerStep::Stopped(Stopped::ByOther)
        );
    }
    let until = old.run(|tx| locked_until(tx)).unwrap().unwrap();
    assert_eq!(until, old.now_ms + limits::APPROVAL_LOCK_MS);
    assert!(matches!(
        new.run(|tx| Newcomer::start(tx, label())).unwrap(),
        Err(Stopped::Locked)
    ));
    let mut third = Device::waiting(725, old.user);
    let entries = old.log_entries();
    let user = old.user;
    third.learn(&user, &entries);
    let (_, m1) = third
        .run(|tx| Newcomer::start(tx, label()))
        .unwrap()
        .unwrap();
    assert!(matches!(
        old.run(|tx| Truster::start(tx, &m1)).unwrap(),
        Err(Stopped::Locked)
    ));
    old.now_ms = until;
    assert!(old.run(|tx| Truster::start(tx, &m1)).unwrap().is_ok());
}

#[test]
fn one_try_per_prompt() {
    let (mut old, mut new) = two(735);
    let (mut n, mut t, ..) = to_codes(&mut old, &mut new);
    old.run(|tx| t.user_says(tx, false)).unwrap();
    assert_eq!(
        old.run(|tx| t.user_says(tx, true)).unwrap(),
        TrusterStep::Stopped(Stopped::Unexpected)
    );
    new.run(|tx| n.frame(tx, &LinkFrame::stop())).unwrap();
    assert_eq!(
        new.run(|tx| n.user_says(tx, true)).unwrap(),
        NewcomerStep::Stopped(Stopped::Unexpected)
    );
}

#[test]
fn different_views_stop_before_any_code() {
    let (mut old, mut new) = two(730);
    // The trusted device's list went on.
    old.own_op(DeviceOp::Handle {
        handle: "anna".into(),
        origin: crate::kit::ORIGIN.into(),
    })
    .unwrap();
    let (_, m1) = new.run(|tx| Newcomer::start(tx, label())).unwrap().unwrap();
    assert!(matches!(
        old.run(|tx| Truster::start(tx, &m1)).unwrap(),
        Err(Stopped::OtherHead)
    ));
    // A device of another account.
    let (_, mut foreign) = two(740);
    let (_, m1) = foreign
        .run(|tx| Newcomer::start(tx, label()))
        .unwrap()
        .unwrap();
    assert!(matches!(
        old.run(|tx| Truster::start(tx, &m1)).unwrap(),
        Err(Stopped::OtherAccount)
    ));
}

#[test]
fn a4_ids_of_one_kind_do_not_read_as_another() {
    let (old, _) = two(750);
    let (user, device) = (old.user, old.device);
    assert!(DeviceId::from_slice(user.as_bytes()).is_err());
    assert!(UserId::from_slice(device.as_bytes()).is_err());
    assert!(user.to_string().parse::<DeviceId>().is_err());
    assert!(device.to_string().parse::<UserId>().is_err());
}

#[test]
fn a4_what_is_signed_is_what_was_compared() {
    let (mut old, mut new) = two(760);
    let cert = new.own().cert;
    let (mut n, mut t, ..) = to_codes(&mut old, &mut new);
    let NewcomerStep::Send(mac) = new.run(|tx| n.user_says(tx, true)).unwrap() else {
        panic!("mac");
    };
    old.run(|tx| t.frame(tx, &mac)).unwrap();
    old.run(|tx| t.user_says(tx, true)).unwrap();
    let approved = old.run(|tx| Ok::<_, ()>(t.approved(tx))).unwrap().unwrap();
    let DeviceOp::Add { cert: signed, .. } = approved.add_op(Class::Full, 0) else {
        panic!("add");
    };
    assert!(signed == cert);
    assert_eq!(certificate::check(&signed).unwrap().device, new.device);
}
