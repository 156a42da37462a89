//! Approval of a device: the ordinary run, mistakes, and a relay in the middle (A4, A32).

use chatty_crypto::approval::{
    Approved, Code, EMOJI, Label, LinkFrame, Newcomer, NewcomerStep, Stopped, Truster, TrusterStep,
    locked_until,
};
use chatty_protocol::certificate::{self, Certificate};
use chatty_protocol::codec::{Bytes, Ext, Fixed, V1, decode_exact, encode};
use chatty_protocol::device_log::{Class, DeviceOp};
use chatty_protocol::limits;
use chatty_protocol::sign::{Head, SignContext, Signed, hash, message_to_sign};
use chatty_protocol::{DeviceId, UserId};
use vodozemac::sas::Sas;

use crate::kit::{Device, Dice};

fn label() -> Label {
    Label {
        name: "Kitchen tablet".into(),
        platform: "linux".into(),
    }
}

/// A trusted device and one that waits for it.
fn two(seed: u64) -> (Device, Device) {
    let mut old = Device::sign_up(seed);
    let mut new = Device::waiting(seed + 1, old.user);
    let entries = old.log_entries();
    let user = old.user;
    assert_eq!(new.learn(&user, &entries).stop, None);
    (old, new)
}

fn begin(old: &mut Device, new: &mut Device) -> (Newcomer, Truster, LinkFrame) {
    let (n, m1) = new.run(|tx| Newcomer::start(tx, label())).unwrap().unwrap();
    let (t, m2) = old.run(|tx| Truster::start(tx, &m1)).unwrap().unwrap();
    (n, t, m2)
}

/// Up to the point where both users look at their codes.
fn to_codes(old: &mut Device, new: &mut Device) -> (Newcomer, Truster, Code, Code) {
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

/// What the relay in the middle knows of m1; the layout is public.
type M1 = (
    Fixed<16>,
    Signed<Certificate>,
    UserId,
    Fixed<32>,
    Head,
    (String, String),
);
type T = (Signed<Certificate>, Fixed<32>, Head);

/// A relay with its own device key, standing between the two.
struct Middle {
    dice: Dice,
    device_key: vodozemac::Ed25519SecretKey,
}

impl Middle {
    fn roll(&mut self, sides: u64) -> u64 {
        let mut bytes = [0; 8];
        chatty_crypto::tx::Random::fill(&mut self.dice, &mut bytes);
        u64::from_le_bytes(bytes) % sides
    }

    /// A valid certificate for the victim's account with the relay's own key in it.
    fn certificate(&self, user: UserId) -> Signed<Certificate> {
        let key = Fixed(*self.device_key.public_key().as_bytes());
        let inner = encode(&Certificate {
            version: V1,
            suite: 1,
            user,
            ed25519: key,
            curve25519: key_of(&Sas::new()),
            created: 1,
            suites: vec![1],
            ext: Ext::default(),
        });
        let signature = self
            .device_key
            .sign(&message_to_sign(SignContext::DeviceCert, &inner));
        Signed::from_parts(inner, signature.to_bytes())
    }

    fn swap_certificate(&self, m1: &LinkFrame) -> LinkFrame {
        let mut read: M1 = decode_exact(&m1.bytes.0).unwrap();
        read.1 = self.certificate(read.2);
        frame(1, encode(&read))
    }
}

fn frame(step: u64, bytes: Vec<u8>) -> LinkFrame {
    LinkFrame {
        step,
        bytes: Bytes(bytes),
    }
}

fn key_of(sas: &Sas) -> Fixed<32> {
    Fixed(sas.public_key().to_bytes())
}

/// One run under attack. The users confirm exactly when both devices show the same code, and
/// the relay shows whatever it likes in between. Returns whether anybody approved anything else
/// than the honest pair with equal transcripts.
fn attacked_run(middle: &mut Middle, old: &mut Device, new: &mut Device) -> (bool, bool) {
    let strategy = middle.roll(5);
    let (mut n, m1) = new.run(|tx| Newcomer::start(tx, label())).unwrap().unwrap();
    // Towards T the relay may be another device.
    let m1_seen = if strategy != 1 {
        middle.swap_certificate(&m1)
    } else {
        m1.clone()
    };
    let (mut t, m2) = old.run(|tx| Truster::start(tx, &m1_seen)).unwrap().unwrap();
    // Towards N the relay commits to its own key, with T's public data copied in.
    let to_n = Sas::new();
    let to_t = Sas::new();
    let log = old
        .run(|tx| chatty_crypto::device_log::get_or_fail(tx, &m1_user(&m1)))
        .unwrap();
    let t_copy: T = (old.own().cert, log.aik, log.head);
    let eph = key_of(&to_n);
    let commit = hash(
        "sas-commit",
        &[&encode(&eph)[..], &m1.bytes.0, &encode(&t_copy)].concat(),
    );
    let m2_seen = match strategy {
        // Passing T's commitment on: it cannot be opened with another key.
        2 => m2,
        _ => frame(2, encode(&(commit,))),
    };
    let NewcomerStep::Send(m3) = new.run(|tx| n.frame(tx, &m2_seen)).unwrap() else {
        panic!("m3");
    };
    let m3_seen = match strategy {
        // N's own key to T, the relay's key to N.
        3 => m3,
        _ => frame(3, encode(&(key_of(&to_t),))),
    };
    let TrusterStep::Compare { send: m4, code } = old.run(|tx| t.frame(tx, &m3_seen)).unwrap()
    else {
        return (false, false);
    };
    let m4_seen = match strategy {
        4 => m4,
        _ => frame(4, encode(&(eph, t_copy))),
    };
    let step = new.run(|tx| n.frame(tx, &m4_seen)).unwrap();
    let NewcomerStep::Compare(code_n) = step else {
        // The commitment was broken: N shows nothing and the user confirms nowhere. A hasty T
        // user who confirms anyway still needs N's MAC.
        let _ = old.run(|tx| t.user_says(tx, true)).unwrap();
        let forged = frame(5, vec![0; 32]);
        let step = old.run(|tx| t.frame(tx, &forged)).unwrap();
        return (matches!(step, TrusterStep::Approved(_)), false);
    };
    let same = code_n == code;
    let said_n = new.run(|tx| n.user_says(tx, same)).unwrap();
    let said_t = old.run(|tx| t.user_says(tx, same)).unwrap();
    // Whatever MACs there are cross over.
    let mac_n = match said_n {
        NewcomerStep::Send(mac) => mac,
        _ => frame(5, vec![1; 32]),
    };
    let mac_t = match said_t {
        TrusterStep::Send(mac) => mac,
        _ => frame(6, vec![1; 32]),
    };
    let end_t = old.run(|tx| t.frame(tx, &mac_n)).unwrap();
    let end_n = new.run(|tx| n.frame(tx, &mac_t)).unwrap();
    (
        matches!(end_t, TrusterStep::Approved(_)),
        matches!(end_n, NewcomerStep::Approved { .. }),
    )
}

fn m1_user(m1: &LinkFrame) -> UserId {
    let read: M1 = decode_exact(&m1.bytes.0).unwrap();
    read.2
}

#[test]
fn a32_a_relay_in_the_middle_is_never_approved() {
    let runs = 10_000;
    let (old, new) = two(770);
    let mut middle = Middle {
        dice: Dice(32),
        device_key: vodozemac::Ed25519SecretKey::from_slice(&[32; 32]),
    };
    let (store_old, store_new) = (old.store.clone(), new.store.clone());
    let (mut old, mut new) = (old, new);
    let mut approved = (0, 0);
    for _ in 0..runs {
        // Every run has a fresh prompt; the lock after three failures would end it sooner.
        old.store = store_old.clone();
        new.store = store_new.clone();
        let (by_t, by_n) = attacked_run(&mut middle, &mut old, &mut new);
        approved.0 += u32::from(by_t);
        approved.1 += u32::from(by_n);
    }
    assert_eq!(approved, (0, 0));
}

#[test]
fn a32_the_harness_sees_an_honest_run() {
    // The same wiring without an attacker does approve: the test above can fail.
    let (mut old, mut new) = two(780);
    let (mut n, mut t, code_t, code_n) = to_codes(&mut old, &mut new);
    assert!(code_t == code_n);
    let NewcomerStep::Send(mac_n) = new.run(|tx| n.user_says(tx, true)).unwrap() else {
        panic!("mac");
    };
    let TrusterStep::Send(mac_t) = old.run(|tx| t.user_says(tx, true)).unwrap() else {
        panic!("mac");
    };
    // The two MACs are not each other's: a reflected one is refused.
    let (mut n2, mut t2, ..) = to_codes(&mut old, &mut new);
    let TrusterStep::Send(own) = old.run(|tx| t2.user_says(tx, true)).unwrap() else {
        panic!("mac");
    };
    let reflected = frame(5, own.bytes.0.clone());
    assert_eq!(
        old.run(|tx| t2.frame(tx, &reflected)).unwrap(),
        TrusterStep::Stopped(Stopped::Mac)
    );
    assert_eq!(
        new.run(|tx| n2.frame(tx, &frame(6, own.bytes.0))).unwrap(),
        NewcomerStep::Wait
    );
    assert!(matches!(
        old.run(|tx| t.frame(tx, &mac_n)).unwrap(),
        TrusterStep::Approved(_)
    ));
    assert!(matches!(
        new.run(|tx| n.frame(tx, &mac_t)).unwrap(),
        NewcomerStep::Approved { .. }
    ));
}

#[test]
fn a24_low_order_keys_give_no_code() {
    for low in [[0; 32], {
        let mut one = [0; 32];
        one[0] = 1;
        one
    }] {
        let (mut old, mut new) = two(790);
        let (_, mut t, _) = begin(&mut old, &mut new);
        assert_eq!(
            old.run(|tx| t.frame(tx, &frame(3, encode(&(Fixed(low),)))))
                .unwrap(),
            TrusterStep::Stopped(Stopped::Key)
        );
    }
}
