//! Sending and receiving between devices: the ordinary ways.

use chatty_crypto::content::Body;
use chatty_crypto::content::flash::Typing;
use chatty_crypto::content::mark::{Receipt, Row as MarkedRow};
use chatty_crypto::content::meta::MetaContent;
use chatty_crypto::megolm::{self, Ask, Lane, Prepared, Started, Unreadable, Verdict};
use chatty_protocol::conversation_log::{ConvOp, Cut};
use chatty_protocol::limits;

use crate::room::{A0, A1, B0, B1, Room, shows, unreadable};

#[test]
fn everybody_reads_in_any_order() {
    let mut room = Room::direct(1);
    let rows: Vec<_> = (0..6)
        .map(|n| room.text(A0, &format!("text {n}")))
        .collect();
    for reader in [B0, A1, B1] {
        room.drain(reader);
        for n in [5, 0, 3, 1, 4, 2] {
            let verdict = room.receive(reader, &rows[n]);
            assert!(
                shows(&verdict, &format!("text {n}")),
                "{reader} {n} {verdict:?}"
            );
        }
        room.devices[reader].now_ms += 2 * limits::GAP_SHOWN_MS;
        assert_eq!(room.gaps(reader), 0, "reader {reader}");
        for row in &rows {
            assert_eq!(room.receive(reader, row), Verdict::Ignore);
        }
    }
}

#[test]
fn both_sides_and_own_other_devices_write() {
    let mut room = Room::direct(2);
    for round in 0..3 {
        for from in [A0, B0, A1, B1] {
            let text = format!("{from} says {round}");
            let row = room.text(from, &text);
            for to in [A0, B0, A1, B1] {
                if to != from {
                    let verdict = room.read(to, &row);
                    assert!(shows(&verdict, &text), "{from} to {to}: {verdict:?}");
                }
            }
        }
    }
}

#[test]
fn a_message_waits_for_its_key() {
    let mut room = Room::pair(3);
    let row = room.text(0, "early");
    let conv = room.conv;
    let verdict = room.devices[1]
        .run(|tx| megolm::receive(tx, &row.incoming(), false))
        .unwrap();
    assert_eq!(unreadable(&verdict), Some(Unreadable::KeyComing));
    let verdict = room.receive(1, &row);
    assert_eq!(unreadable(&verdict), Some(Unreadable::KeyLate));
    assert!(shows(&room.read(1, &row), "early"));
    room.pass(2 * limits::GAP_SHOWN_MS);
    assert!(
        room.devices[1]
            .run(|tx| megolm::gaps(tx, &conv))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_gap_shows_after_a_minute_and_goes_when_filled() {
    let mut room = Room::pair(4);
    let rows: Vec<_> = (0..4).map(|n| room.text(0, &format!("{n}"))).collect();
    room.drain(1);
    room.receive(1, &rows[0]);
    room.receive(1, &rows[3]);
    assert_eq!(room.gaps(1), 0, "not before a minute");
    room.pass(limits::GAP_SHOWN_MS);
    assert_eq!(room.gaps(1), 1);
    let conv = room.conv;
    let device = room.devices[0].device;
    room.devices[1]
        .run(|tx| megolm::void(tx, &conv, &device, 3))
        .unwrap();
    assert_eq!(room.gaps(1), 0, "a purged row is no gap");
    room.receive(1, &rows[2]);
    room.receive(1, &rows[1]);
    assert_eq!(room.gaps(1), 0);
}

#[test]
fn what_another_sender_had_read_is_missed_here() {
    let mut room = Room::group(5, 3);
    let first = room.text(0, "first");
    for reader in [1, 2] {
        assert!(shows(&room.read(reader, &first), "first"));
    }
    let hidden = room.text(0, "hidden from 2");
    assert!(shows(&room.read(1, &hidden), "hidden from 2"));
    let answer = room.text(1, "answer");
    assert!(shows(&room.read(2, &answer), "answer"));
    room.pass(limits::GAP_SHOWN_MS);
    assert_eq!(room.gaps(2), 1, "the answer names a message that 2 lacks");
    assert!(shows(&room.receive(2, &hidden), "hidden from 2"));
    assert_eq!(room.gaps(2), 0);
}

#[test]
fn an_own_full_device_forwards_what_the_owner_cannot_give() {
    let mut room = Room::direct(11);
    let conv = room.conv;
    let row = room.text(A0, "kept by B0");
    assert!(shows(&room.read(B0, &row), "kept by B0"));
    // B1 never gets its item, and A0 does not answer.
    room.inbox[B1].clear();
    room.inbox[A0].clear();
    let owner = room.devices[A0].peer();
    let session = row.send.session;
    let mut asked = Vec::new();
    loop {
        let ask = room.devices[B1]
            .run(|tx| megolm::request_key(tx, &conv, &owner, &session))
            .unwrap();
        match ask {
            Ask::Send { to, body } => {
                asked.push(to.device);
                if to.device == room.devices[B0].device {
                    room.post(B1, to, &body);
                }
                room.devices[B1].now_ms += limits::KEY_REQUEST_MS / 2;
                let again = room.devices[B1]
                    .run(|tx| megolm::request_key(tx, &conv, &owner, &session))
                    .unwrap();
                assert!(matches!(again, Ask::Open { .. }), "one target at a time");
                if to.device != room.devices[B0].device {
                    room.devices[B1].now_ms += limits::KEY_REQUEST_MS;
                } else {
                    break;
                }
            }
            other => panic!("{other:?} after {asked:?}"),
        }
    }
    room.drain(B0);
    let Verdict::Show(shown) = room.read(B1, &row) else {
        panic!("not shown");
    };
    assert!(shown.forwarded_key);
    assert_eq!(asked, [room.devices[A0].device, room.devices[B0].device]);
}

#[test]
fn marks_and_flashes_travel_and_do_not_count() {
    let mut room = Room::pair(12);
    let row = room.text(0, "hello");
    assert!(shows(&room.read(1, &row), "hello"));
    let marked = MarkedRow {
        seq: row.seq,
        device: row.device,
        msg: row.send.msg,
    };
    let conv = room.conv;
    let receipt = Body::Receipt(Receipt {
        delivered: Some(marked.clone()),
        read: Some(marked),
        missing: Vec::new(),
    });
    for body in [receipt, Body::Typing(Typing { on: true })] {
        let lane = Lane::from_number(body.lane()).unwrap();
        if lane == Lane::Flash {
            // The mark made the generation that typing alone would not.
            assert!(matches!(
                room.share(1, lane),
                Prepared::Ready { started: None, .. }
            ));
        } else {
            assert_eq!(
                room.devices[1]
                    .run(|tx| megolm::prepare(tx, &conv, Lane::Flash))
                    .unwrap(),
                Prepared::Skip
            );
            room.share(1, lane);
        }
        let content = room.content(1, body.clone());
        let send = room.devices[1]
            .run(|tx| megolm::encrypt_mark(tx, &conv, &content))
            .unwrap();
        let mark = room.accept(1, send);
        let Verdict::Show(shown) = room.read(0, &mark) else {
            panic!("{body:?} was not read");
        };
        assert_eq!(shown.content.body, body);
        assert_eq!(room.receive(0, &mark), Verdict::Ignore);
    }
    assert_eq!(
        room.devices[1]
            .run(|tx| megolm::own_position(tx, &conv))
            .unwrap()
            .ready,
        0
    );
}

#[test]
fn receipts_are_off_in_large_groups() {
    let mut room = Room::group(13, limits::RECEIPT_MEMBERS + 1);
    assert_eq!(room.share(1, Lane::Mark), Prepared::Skip);
    assert_eq!(room.share(1, Lane::Flash), Prepared::Skip);
    let row = room.text(1, "text works");
    assert!(shows(&room.read(0, &row), "text works"));
}

#[test]
fn stale_log_encrypts_the_same_message_again() {
    let mut room = Room::group(14, 3);
    let first = room.text(0, "one");
    let (ready2, ready3) = (room.number(0, "two"), room.number(0, "three"));
    room.share(0, Lane::Log);
    let lost2 = room.encrypt(0, &ready2).unwrap();
    let lost3 = room.encrypt(0, &ready3).unwrap();
    // Before they arrive, an entry does: the relay refuses both.
    let (conv, user) = (room.conv, room.devices[2].user);
    let cuts: Vec<Cut> = Vec::new();
    room.entry(0, ConvOp::Remove { user, cuts });
    room.devices[0]
        .run(|tx| megolm::refused(tx, &conv, &ready2))
        .unwrap();
    assert!(room.encrypt(0, &ready2).is_err(), "prepare comes first");
    assert!(matches!(
        room.share(0, Lane::Log),
        Prepared::Ready {
            started: Some(Started::Forced),
            ..
        }
    ));
    let send2 = room.encrypt(0, &ready2).unwrap();
    let send3 = room.encrypt(0, &ready3).unwrap();
    assert_ne!(send2.ct, lost2.ct);
    assert_eq!((send2.n, send2.msg), (lost2.n, lost2.msg));
    assert_eq!((send3.n, send3.msg), (lost3.n, lost3.msg));
    let (row2, row3) = (room.accept(0, send2), room.accept(0, send3));
    assert!(shows(&room.read(1, &first), "one"));
    assert!(shows(&room.receive(1, &row2), "two"));
    assert!(shows(&room.receive(1, &row3), "three"));
    room.pass(2 * limits::GAP_SHOWN_MS);
    assert_eq!(room.gaps(1), 0);
    // The refused ciphertexts come after all: the same messages, nothing is shown twice.
    for lost in [lost2, lost3] {
        let row = room.accept(0, lost);
        assert_eq!(room.receive(1, &row), Verdict::Ignore);
    }
}

#[test]
fn a_cancelled_message_leaves_no_hole() {
    let mut room = Room::pair(15);
    let first = room.text(0, "one");
    let cancelled = room.number(0, "regretted");
    let queued = vec![room.number(0, "two"), room.number(0, "three")];
    let conv = room.conv;
    let queued = room.devices[0]
        .run(|tx| megolm::cancel(tx, &conv, &cancelled, &queued))
        .unwrap();
    room.share(0, Lane::Log);
    assert!(shows(&room.read(1, &first), "one"));
    for (ready, text) in queued.iter().zip(["two", "three"]) {
        let send = room.encrypt(0, ready).unwrap();
        let row = room.accept(0, send);
        assert!(shows(&room.read(1, &row), text));
    }
    let last = room.text(0, "four");
    assert_eq!(last.send.n, 4);
    assert!(shows(&room.read(1, &last), "four"));
    room.pass(2 * limits::GAP_SHOWN_MS);
    assert_eq!(room.gaps(1), 0);
}

#[test]
fn a_title_is_read_by_members_and_invited() {
    let mut room = Room::group(17, 2);
    let conv = room.conv;
    let state = |room: &mut Room, at: usize| {
        room.devices[at]
            .run(|tx| chatty_crypto::conversation::state_or_fail(tx, &conv))
            .unwrap()
    };
    let title = MetaContent::titled("Boats");
    let next = state(&mut room, 0).head.seq + 1;
    let (meta, new) = room.devices[0]
        .run(|tx| megolm::seal_meta(tx, &conv, next, &title))
        .unwrap();
    assert!(new);
    room.entry(0, ConvOp::SetMeta(meta.clone()));
    let open = |room: &mut Room, at: usize| {
        room.devices[at]
            .run(|tx| megolm::open_meta(tx, &conv, next, &meta))
            .unwrap()
    };
    assert_eq!(open(&mut room, 1), None, "no key yet");
    let body = room.devices[0]
        .run(|tx| megolm::meta_key(tx, &conv))
        .unwrap()
        .unwrap();
    let to = room.devices[1].peer();
    room.post(0, to, &body);
    room.drain(1);
    assert_eq!(open(&mut room, 1), Some(title.clone()));
    // Another number is another associated data.
    let moved = room.devices[1]
        .run(|tx| megolm::open_meta(tx, &conv, next + 1, &meta))
        .unwrap();
    assert_eq!(moved, None);
    // The next title of the same members needs no new key, and conv.key carries it.
    let (_, new) = room.devices[0]
        .run(|tx| megolm::seal_meta(tx, &conv, next + 1, &title))
        .unwrap();
    assert!(!new);
}

#[test]
fn a_title_entry_that_lost_its_race_still_gives_its_key() {
    let mut room = Room::group(19, 2);
    let conv = room.conv;
    let title = MetaContent::titled("Boats");
    for at in [5, 6] {
        let (_, fresh) = room.devices[0]
            .run(|tx| megolm::seal_meta(tx, &conv, at, &title))
            .unwrap();
        assert!(fresh, "nobody was given it");
    }
}

#[test]
fn a_message_under_an_older_membership_is_marked() {
    use chatty_crypto::conversation::{self, LogRow};
    let mut room = Room::group(20, 3);
    let conv = room.conv;
    let early = room.text(1, "early");
    room.drain(0);
    let user = room.devices[2].user;
    let entry = room.devices[0]
        .new_entry(
            &conv,
            ConvOp::Remove {
                user,
                cuts: Vec::new(),
            },
        )
        .unwrap();
    let row = LogRow {
        bytes: entry.bytes,
        stream_seq: Some(150),
    };
    let outcome = room.devices[0]
        .run(|tx| conversation::apply(tx, &conv, std::slice::from_ref(&row)))
        .unwrap();
    assert_eq!(outcome.stop, None);
    // Device 1 did not know yet: its next message stands behind the entry.
    let mut late = room.text(1, "late");
    late.seq = 151;
    for (row, older) in [(&early, false), (&late, true)] {
        let Verdict::Show(shown) = room.read(0, row) else {
            panic!("not shown");
        };
        assert_eq!(shown.older_membership, older);
    }
}
