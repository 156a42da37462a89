//! A relay in the middle of an approval (A4, A24, A32).

use chatty_crypto::approval::{LinkFrame, Newcomer, NewcomerStep, Stopped, Truster, TrusterStep};
use chatty_protocol::UserId;
use chatty_protocol::certificate::Certificate;
use chatty_protocol::codec::{Bytes, Ext, Fixed, V1, decode_exact, encode};
use chatty_protocol::sign::{Head, SignContext, Signed, hash, message_to_sign};
use vodozemac::sas::Sas;

use crate::approval::{begin, label, to_codes, two};
use crate::kit::{Device, Dice};

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
