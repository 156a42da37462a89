//! What one Olm item costs; run with `--release -- --ignored --nocapture figures`.

#![allow(clippy::print_stderr)]

use std::time::Instant;

use chatty_crypto::olm;

use crate::kit::{DAY_MS, Device, delivered, meet, note};

fn time<T>(
    count: u32,
    name: &str,
    device: &mut Device,
    mut part: impl FnMut(&mut chatty_crypto::tx::Tx<'_>) -> T,
) {
    let begin = Instant::now();
    device
        .run(|tx| {
            for _ in 0..count {
                part(tx);
            }
            Ok::<_, ()>(())
        })
        .unwrap();
    eprintln!("{name} {:?}", begin.elapsed() / count);
}

#[test]
fn figures_of_olm_items() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    a.open_session(&mut b, false);
    let item = a.encrypt(b.peer(), &note("one")).unwrap();
    assert!(delivered(&b.receive(&item), "one"));
    let item = b.encrypt(a.peer(), &note("two")).unwrap();
    assert!(delivered(&a.receive(&item), "two"));
    let body = note("x");
    let peer = b.peer();
    let count = 2_000;
    let begin = Instant::now();
    let expires = a.now_ms + DAY_MS;
    let items: Vec<_> = a
        .run(|tx| {
            (0..count)
                .map(|_| olm::encrypt(tx, &peer, &body, expires, None))
                .collect::<Result<Vec<_>, _>>()
        })
        .unwrap();
    eprintln!("encrypt {:?} per item", begin.elapsed() / count);
    time(count, "standing", &mut a, |tx| {
        chatty_crypto::identity::require_live(tx).unwrap()
    });
    let user = b.user;
    time(count, "log", &mut a, |tx| {
        chatty_crypto::device_log::get(tx, &user).unwrap()
    });
    time(count, "missing", &mut a, |tx| {
        olm::missing_sessions(tx, &[peer]).unwrap()
    });
    time(count, "cloned", &mut a, |tx| {
        olm::is_cloned(tx, &peer.device).unwrap()
    });
    let begin = Instant::now();
    for item in items {
        a.n += 1;
        let frame = chatty_protocol::frame::TdItem {
            user: a.user,
            device: a.device,
            n: a.n,
            item,
        };
        assert!(delivered(&b.receive(&frame), "x"));
    }
    eprintln!("receive {:?} per item", begin.elapsed() / count);
}
