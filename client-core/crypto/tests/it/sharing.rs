//! Generations and who gets their keys, at once or when asked (protocol.md §13).

use chatty_crypto::megolm::{self, Ask, Lane, Prepared, Started, Unreadable};
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::limits;

use crate::room::{A0, B0, B1, Room, shows, unreadable};

#[test]
fn a_generation_ends_after_100_messages_and_after_a_day() {
    let mut room = Room::pair(6);
    for n in 0..limits::GENERATION_MESSAGES {
        let row = room.text(0, &n.to_string());
        assert!(shows(&room.read(1, &row), &n.to_string()));
    }
    let started = |prepared: Prepared| match prepared {
        Prepared::Ready {
            started,
            generation,
            ..
        } => (generation, started),
        Prepared::Skip => panic!("skipped"),
    };
    assert_eq!(
        started(room.share(0, Lane::Log)),
        (2, Some(Started::Messages))
    );
    room.pass(limits::GENERATION_SMALL_MS);
    assert_eq!(
        started(room.share(0, Lane::Mark)),
        (2, None),
        "marks start none for age"
    );
    assert_eq!(started(room.share(0, Lane::Log)), (3, Some(Started::Age)));
    let conv = room.conv;
    assert!(room.devices[0].run(|tx| megolm::retire(tx, &conv)).unwrap());
    assert!(
        !room.devices[0].run(|tx| megolm::retire(tx, &conv)).unwrap(),
        "once a day"
    );
    assert_eq!(
        room.devices[0]
            .run(|tx| megolm::prepare(tx, &conv, Lane::Flash))
            .unwrap(),
        Prepared::Skip
    );
    assert_eq!(
        started(room.share(0, Lane::Log)),
        (4, Some(Started::Requested))
    );
    let row = room.text(0, "after all that");
    assert!(shows(&room.read(1, &row), "after all that"));
}

#[test]
fn a_removed_person_gets_no_further_key() {
    let mut room = Room::group(7, 3);
    let before = room.text(0, "for all");
    assert!(shows(&room.read(2, &before), "for all"));
    let (conv, user) = (room.conv, room.devices[2].user);
    let cuts = room.devices[0]
        .run(|tx| megolm::cuts_for(tx, &conv, &user))
        .unwrap();
    room.entry(0, ConvOp::Remove { user, cuts });
    let after = room.text(0, "for two");
    assert!(shows(&room.read(1, &after), "for two"));
    room.drain(2);
    assert_eq!(
        unreadable(&room.receive(2, &after)),
        Some(Unreadable::KeyLate)
    );
}

#[test]
fn a_newcomer_reads_from_the_invite_on() {
    let mut room = Room::group(8, 2);
    let before = room.text(0, "before");
    assert!(shows(&room.read(1, &before), "before"));
    // A third person is invited while the generation goes on.
    let mut carol = crate::kit::Device::sign_up(8_100);
    for device in &mut room.devices {
        crate::kit::meet(device, &mut carol);
    }
    let conv = room.conv;
    let log = room.devices[0].conv_log(&conv);
    let user = carol.user;
    room.devices.push(carol);
    room.inbox.push(std::collections::VecDeque::new());
    room.devices[2].apply(&conv, &log);
    room.entry(0, ConvOp::Invite { users: vec![user] });
    let after = room.text(0, "after");
    room.drain(2);
    assert!(shows(&room.receive(2, &after), "after"));
    let verdict = room.receive(2, &before);
    assert_eq!(unreadable(&verdict), Some(Unreadable::BeforeJoin));
    room.pass(2 * limits::GAP_SHOWN_MS);
    assert_eq!(room.gaps(2), 0, "what was before the invite is not missing");
}

#[test]
fn a_linked_device_reads_from_the_link_on() {
    let mut room = Room::pair(9);
    let before = room.text(0, "before");
    assert!(shows(&room.read(1, &before), "before"));
    room.pass(1_000);
    let b1 = room.link(1, 9_100);
    let after = room.text(0, "after");
    assert!(shows(&room.read(b1, &after), "after"));
    assert_eq!(
        unreadable(&room.receive(b1, &before)),
        Some(Unreadable::BeforeLink)
    );
    room.pass(2 * limits::GAP_SHOWN_MS);
    assert_eq!(room.gaps(b1), 0);
}

#[test]
fn a_dormant_device_asks_the_owner() {
    let mut room = Room::direct(10);
    let conv = room.conv;
    let dormant = room.devices[B1].peer();
    let ready = room.number(A0, "you slept");
    room.devices[A0]
        .run(|tx| megolm::prepare(tx, &conv, Lane::Log))
        .unwrap();
    room.devices[A0]
        .run(|tx| megolm::mark_dormant(tx, &conv, &dormant))
        .unwrap();
    room.share(A0, Lane::Log);
    let send = room.encrypt(A0, &ready).unwrap();
    let row = room.accept(A0, send);
    assert!(shows(&room.read(B0, &row), "you slept"));
    assert_eq!(unreadable(&room.read(B1, &row)), Some(Unreadable::KeyLate));
    let owner = room.devices[A0].peer();
    let session = row.send.session;
    let ask = room.devices[B1]
        .run(|tx| megolm::request_key(tx, &conv, &owner, &session))
        .unwrap();
    let Ask::Send { to, body } = ask else {
        panic!("{ask:?}");
    };
    assert_eq!(to, owner);
    room.post(B1, to, &body);
    room.drain(A0);
    assert!(shows(&room.read(B1, &row), "you slept"));
    // The owner answers once a day for one session and device.
    room.post(B1, to, &body);
    room.drain(A0);
    assert!(room.inbox[B1].is_empty());
}

#[test]
fn a_message_leaves_only_after_the_first_keys() {
    let mut room = Room::pair(16);
    let ready = room.number(0, "not yet");
    let conv = room.conv;
    assert!(room.encrypt(0, &ready).is_err(), "no generation");
    room.devices[0]
        .run(|tx| megolm::prepare(tx, &conv, Lane::Log))
        .unwrap();
    assert!(room.encrypt(0, &ready).is_err(), "no key given");
    room.share(0, Lane::Log);
    assert!(room.encrypt(0, &ready).is_ok());
}

#[test]
fn a_closed_session_is_forgotten_in_a_conversation_with_a_timer() {
    let mut room = Room::group(18, 2);
    let conv = room.conv;
    let tidy =
        |room: &mut Room, at: usize| room.devices[at].run(|tx| megolm::tidy(tx, &conv)).unwrap();
    let row = room.text(0, "kept");
    assert!(shows(&room.read(1, &row), "kept"));
    let policy = chatty_protocol::conversation_log::Policy {
        timer_s: 3_600,
        ..Default::default()
    };
    room.entry(0, ConvOp::SetPolicy(policy));
    let next = room.text(0, "next");
    assert!(shows(&room.read(1, &next), "next"));
    assert_eq!(tidy(&mut room, 1), 0, "not at once");
    room.pass(limits::SESSION_FORGET_MS);
    assert_eq!(tidy(&mut room, 1), 1);
    assert_eq!(tidy(&mut room, 1), 0);
    assert_eq!(tidy(&mut room, 0), 0, "own ones live as long as ciphertext");
    // What was read stays known by its number; nothing opens it again.
    assert_eq!(
        unreadable(&room.receive(1, &row)),
        Some(Unreadable::KeyLate)
    );
    room.pass(limits::TIMER_PURGE_MS);
    assert_eq!(tidy(&mut room, 0), 1);
    let last = room.text(0, "still works");
    assert!(shows(&room.read(1, &last), "still works"));
}
