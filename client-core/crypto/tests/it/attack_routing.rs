//! Attacks on who a message or key is from, and where it belongs.

use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::content::{Content, Payload, bind};
use chatty_crypto::dispatch::{Effect, Received};
use chatty_crypto::megolm::{self, Hold, KeyOutcome, Quarantine, Unreadable, Verdict};
use chatty_crypto::{olm, padding};
use chatty_protocol::MsgId;
use chatty_protocol::codec::{Any, Bytes, Fixed, decode_exact, encode};
use chatty_protocol::sign::Head;

use crate::forge::Forge;
use crate::room::{A0, A1, B0, Room, shows, text_content, unreadable};

#[test]
fn a5_olm_and_megolm_payloads_are_disjoint() {
    let mut room = Room::pair(21);
    let content = text_content(&mut room, 0, "hello");
    let forge = Forge::new(0, 1);
    let megolm: Payload = forge.payload(&mut room, 1, &content);
    assert!(decode_exact::<olm::Payload>(&encode(&megolm)).is_err());
    assert!(ToDeviceBody::from_body(1, &Any(content.to_bytes())).is_err());
    let key = forge.key(&mut room, 1);
    let body = ToDeviceBody::ConvKey(key);
    let Any(bytes) = body.to_body();
    assert!(Content::from_bytes(&bytes).is_err());
    // And the other way round, with a real Megolm session around an Olm body.
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let padded = padding::pad(&bytes).unwrap();
    let mut send = forge.row(&mut room, 1, &content).send;
    send.ct = Bytes(forge.session.encrypt(padded).to_bytes());
    let row = room.accept(0, send);
    assert_eq!(
        room.receive(1, &row),
        Verdict::Quarantine(Quarantine::Malformed)
    );
}

#[test]
fn a8_the_relay_cannot_give_a_message_to_somebody_else() {
    let mut room = Room::group(22, 3);
    let row = room.text(0, "mine");
    room.drain(1);
    for other in [1, 2] {
        let mut stolen = row.clone();
        stolen.user = room.devices[other].user;
        stolen.device = room.devices[other].device;
        assert!(unreadable(&room.receive(1, &stolen)).is_some());
    }
    let mut mixed = row.clone();
    mixed.user = room.devices[2].user;
    assert_eq!(
        room.receive(1, &mixed),
        Verdict::Quarantine(Quarantine::WrongBinding)
    );
    assert!(shows(&room.receive(1, &row), "mine"));
}

#[test]
fn a8_a_member_cannot_pass_off_another_members_session() {
    let mut room = Room::group(23, 3);
    let row = room.text(0, "written by 0");
    // Person 2 sends the session key of person 0 as if it were its own.
    let stolen = room.inbox[2].back().cloned().unwrap();
    let Received::Done { effects, .. } = room.devices[2].receive(&stolen) else {
        panic!("no key");
    };
    assert!(matches!(effects[0], Effect::Key(KeyOutcome::Stored { .. })));
    let conv = room.conv;
    let target = room.devices[2].peer();
    let given = room.devices[0]
        .run(|tx| megolm::key_for(tx, &conv, &target))
        .unwrap();
    let victim = room.devices[1].peer();
    room.post(2, victim, &given);
    room.drain(1);
    let mut relabelled = row.clone();
    relabelled.user = room.devices[2].user;
    relabelled.device = room.devices[2].device;
    assert_eq!(
        room.receive(1, &relabelled),
        Verdict::Quarantine(Quarantine::WrongBinding)
    );
    assert!(shows(&room.receive(1, &row), "written by 0"));
}

#[test]
fn a8_a_member_cannot_write_under_another_name() {
    let mut room = Room::group(24, 3);
    let mut forge = Forge::new(2, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let content = text_content(&mut room, 2, "I am 0");
    let mut payload = forge.payload(&mut room, 1, &content);
    payload.bind = bind(
        &room.conv,
        &room.devices[0].user,
        &room.devices[0].device,
        &forge.id(),
        1,
    );
    let send = forge.seal(&room, &payload, &content);
    let mut row = room.accept(2, send);
    assert_eq!(
        room.receive(1, &row),
        Verdict::Quarantine(Quarantine::WrongBinding)
    );
    row.user = room.devices[0].user;
    row.device = room.devices[0].device;
    assert_eq!(
        unreadable(&room.receive(1, &row)),
        Some(Unreadable::KeyLate)
    );
}

#[test]
fn envelope_and_payload_must_agree() {
    let mut room = Room::pair(25);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let content = text_content(&mut room, 0, "hello");
    let cases: [fn(&mut chatty_protocol::envelope::Send); 3] = [
        |send| send.msg = MsgId::from_rest([9; 16]),
        |send| send.log_seq += 1,
        |send| send.n += 1,
    ];
    for change in cases {
        let payload = forge.payload(&mut room, 1, &content);
        let mut send = forge.seal(&room, &payload, &content);
        change(&mut send);
        let row = room.accept(0, send);
        assert_eq!(
            room.receive(1, &row),
            Verdict::Quarantine(Quarantine::WrongEnvelope)
        );
    }
    // A text in the lane of marks, and a receipt's lane with a number.
    let payload = forge.payload(&mut room, 0, &content);
    let mut send = forge.seal(&room, &payload, &content);
    send.lane = 2;
    let row = room.accept(0, send);
    assert_eq!(
        room.receive(1, &row),
        Verdict::Quarantine(Quarantine::WrongEnvelope)
    );
    let payload = forge.payload(&mut room, 1, &content);
    let mut send = forge.seal(&room, &payload, &content);
    send.lane = 3;
    let row = room.accept(0, send);
    assert_eq!(room.receive(1, &row), Verdict::Drop);
}

#[test]
fn a_sender_with_another_history_waits() {
    let mut room = Room::pair(39);
    let mut forge = Forge::new(0, 1);
    forge.give(&mut room, 1);
    room.drain(1);
    let content = text_content(&mut room, 0, "hello");
    let honest = forge.payload(&mut room, 1, &content);
    let judge = |room: &mut Room, forge: &mut Forge, payload: &Payload| {
        let send = forge.seal(room, payload, &content);
        let row = room.accept(0, send);
        room.receive(1, &row)
    };
    let other = |head: Head| Head {
        seq: head.seq,
        hash: Fixed([7; 32]),
    };
    let ahead = |head: Head| Head {
        seq: head.seq + 1,
        hash: Fixed([7; 32]),
    };
    let user = room.devices[0].user;
    let mut payload = honest.clone();
    payload.conv_head = other(honest.conv_head);
    assert_eq!(
        judge(&mut room, &mut forge, &payload),
        Verdict::Hold(Hold::LogMismatch)
    );
    payload.conv_head = ahead(honest.conv_head);
    assert_eq!(
        judge(&mut room, &mut forge, &payload),
        Verdict::Hold(Hold::NeedConversationLog)
    );
    let mut payload = honest.clone();
    payload.device_head = other(honest.device_head);
    assert_eq!(
        judge(&mut room, &mut forge, &payload),
        Verdict::Hold(Hold::DeviceLogMismatch(user))
    );
    payload.device_head = ahead(honest.device_head);
    assert_eq!(
        judge(&mut room, &mut forge, &payload),
        Verdict::Hold(Hold::NeedDeviceLog(user))
    );
    assert!(matches!(
        judge(&mut room, &mut forge, &honest),
        Verdict::Show(_)
    ));
}

#[test]
fn a6_a7_keys_are_asked_and_given_by_the_rules_only() {
    let mut room = Room::direct(41);
    let conv = room.conv;
    let row = room.text(A0, "private");
    room.inbox[B0].clear();
    let session = row.send.session;
    let owner = room.devices[A0].peer();
    // Nobody outside the conversation is answered.
    let mut mallory = crate::kit::Device::sign_up(4_141);
    for device in &mut room.devices {
        let entries = mallory.log_entries();
        let user = mallory.user;
        device.learn(&user, &entries);
    }
    let outsider = mallory.peer();
    let request = chatty_crypto::content::to_device::KeyRequest {
        request: Fixed([5; 16]),
        conv,
        session,
        owner: owner.device,
    };
    let answer = |room: &mut Room, at: usize, from| {
        room.devices[at]
            .run(|tx| megolm::on_key_request(tx, &from, &request))
            .unwrap()
    };
    assert!(answer(&mut room, A0, outsider).is_none());
    // Another member's device holds the key but does not own it: no answer.
    let member = room.devices[B0].peer();
    assert!(shows(&room.read(A1, &row), "private"));
    assert!(answer(&mut room, A1, member).is_none());
    // The owner answers the entitled device.
    assert!(matches!(
        answer(&mut room, A0, member),
        Some(ToDeviceBody::ConvKey(_))
    ));
    // A forward that nobody asked for is refused, also from an own device.
    let sibling = room.devices[A1].peer();
    let Some(ToDeviceBody::KeyForward(forward)) = answer(&mut room, A0, sibling).map(|body| {
        match body {
            ToDeviceBody::ConvKey(_) => {
                // A1 was entitled: the owner gives it as owner. Asked again within a day it
                // falls back to forwarding among own devices.
                answer_again(&mut room, sibling, &request)
            }
            other => other,
        }
    }) else {
        panic!("own full device gets a forward");
    };
    let outcome = room.devices[A1]
        .run(|tx| megolm::on_key_forward(tx, &owner, &forward))
        .unwrap();
    assert_eq!(outcome, KeyOutcome::Rejected("not asked for"));
}

fn answer_again(
    room: &mut Room,
    sibling: olm::Peer,
    request: &chatty_crypto::content::to_device::KeyRequest,
) -> ToDeviceBody {
    room.devices[A0]
        .run(|tx| megolm::on_key_request(tx, &sibling, request))
        .unwrap()
        .unwrap()
}
