//! Olm and Megolm as a device of ours does them, beside raw vodozemac in the same run.
//!
//! `cargo xtask bench crypto`. What is on top of vodozemac: payload with binding and chain,
//! padding, canonical codec, device-log and replay checks, and a pickle of every ratchet that
//! moved, because nothing is kept in memory between two inputs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    dead_code,
    reason = "a measuring program for developers; the tests use the rest of the kit"
)]

#[path = "../tests/it/kit.rs"]
mod kit;
#[path = "../tests/it/room.rs"]
mod room;

use std::time::{Duration, Instant};

use chatty_crypto::megolm::{self, Lane};
use chatty_crypto::olm;
use kit::{DAY_MS, Device, delivered, meet, note};
use room::{Room, shows};
use vodozemac::megolm::{GroupSession, InboundGroupSession, SessionConfig as MegolmConfig};
use vodozemac::olm::{Account, OlmMessage, Session, SessionConfig};

/// Messages and items that are measured.
const COUNT: u32 = 5_000;
/// An ordinary message.
const TEXT: &str =
    "Shall we meet at seven at the station, or is that too early for you? I can wait.";

fn main() {
    let (ours, size) = megolm_ours();
    let raw = megolm_raw(size);
    line("Megolm encrypt, one message", ours.0, raw.0);
    line("Megolm decrypt, one message", ours.1, raw.1);
    let (ours, size) = olm_ours();
    let raw = olm_raw(size);
    line("Olm encrypt, one item", ours.0, raw.0);
    line("Olm decrypt, one item", ours.1, raw.1);
}

/// Encrypting and decrypting all of them.
type Pair = (Duration, Duration);

fn line(name: &str, ours: Duration, raw: Duration) {
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(COUNT);
    let (ours, raw) = (each(ours), each(raw));
    println!(
        "{name:<44} {ours:>10.1} µs             raw vodozemac {raw:.1} µs, {:.1} ×",
        ours / raw
    );
}

/// Time of `work`, added to `sum`.
fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let value = work();
    *sum += begin.elapsed();
    value
}

/// Bytes of a ciphertext go to the raw run, so that both encrypt as much.
fn megolm_ours() -> (Pair, usize) {
    let mut room = Room::pair(1);
    let (mut encrypt, mut decrypt, mut size) = (Duration::ZERO, Duration::ZERO, 0);
    let conv = room.conv;
    for _ in 0..COUNT {
        let content = room::text_content(&mut room, 0, TEXT);
        let sender = &mut room.devices[0];
        let ready = timed(&mut encrypt, || {
            sender.run(|tx| megolm::number_ready(tx, &conv, &content))
        });
        room.share(0, Lane::Log);
        let sender = &mut room.devices[0];
        let send = timed(&mut encrypt, || {
            sender.run(|tx| megolm::encrypt(tx, &conv, &ready.unwrap()))
        });
        let send = send.unwrap();
        size = send.ct.0.len();
        let row = room.accept(0, send);
        room.drain(1);
        let verdict = timed(&mut decrypt, || room.receive(1, &row));
        assert!(shows(&verdict, TEXT));
    }
    ((encrypt, decrypt), size)
}

fn megolm_raw(size: usize) -> Pair {
    let mut sender = GroupSession::new(MegolmConfig::version_1());
    let mut reader = InboundGroupSession::from(&sender);
    let plain = vec![7; size.saturating_sub(OVERHEAD)];
    let (mut encrypt, mut decrypt) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..COUNT {
        let message = timed(&mut encrypt, || sender.encrypt(&plain));
        let opened = timed(&mut decrypt, || reader.decrypt(&message));
        assert_eq!(opened.unwrap().plaintext, plain);
    }
    (encrypt, decrypt)
}

/// Megolm's and Olm's own bytes in a ciphertext, about.
const OVERHEAD: usize = 90;

fn olm_ours() -> (Pair, usize) {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let item = a.encrypt(b.peer(), &note("one")).unwrap();
    assert!(delivered(&b.receive(&item), "one"));
    let item = b.encrypt(a.peer(), &note("two")).unwrap();
    assert!(delivered(&a.receive(&item), "two"));
    let (peer, expires) = (b.peer(), a.now_ms + DAY_MS);
    let (mut encrypt, mut decrypt, mut size) = (Duration::ZERO, Duration::ZERO, 0);
    for _ in 0..COUNT {
        let item = timed(&mut encrypt, || {
            a.run(|tx| olm::encrypt(tx, &peer, &note(TEXT), expires, None))
        });
        a.n += 1;
        let item = item.unwrap();
        size = item.olm.0.len();
        let frame = chatty_protocol::frame::TdItem {
            user: a.user,
            device: a.device,
            n: a.n,
            item,
        };
        let received = timed(&mut decrypt, || b.receive(&frame));
        assert!(delivered(&received, TEXT));
    }
    ((encrypt, decrypt), size)
}

fn olm_raw(size: usize) -> Pair {
    let (mut a, mut b) = sessions();
    let plain = vec![7; size.saturating_sub(OVERHEAD)];
    let (mut encrypt, mut decrypt) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..COUNT {
        let message = timed(&mut encrypt, || a.encrypt(&plain)).unwrap();
        let opened = timed(&mut decrypt, || b.decrypt(&message));
        assert_eq!(opened.unwrap(), plain);
    }
    (encrypt, decrypt)
}

/// Two sessions that have heard of each other.
fn sessions() -> (Session, Session) {
    let (a, mut b) = (Account::new(), Account::new());
    b.generate_one_time_keys(1);
    let key = *b.one_time_keys().values().next().unwrap();
    let config = SessionConfig::version_1();
    let mut out = a
        .create_outbound_session(config, b.curve25519_key(), key)
        .unwrap();
    let OlmMessage::PreKey(first) = out.encrypt("hello").unwrap() else {
        panic!("the first message is a pre-key message");
    };
    let made = b
        .create_inbound_session(config, a.curve25519_key(), &first)
        .unwrap();
    let mut back = made.session;
    let answer = back.encrypt("hello").unwrap();
    out.decrypt(&answer).unwrap();
    (out, back)
}
