//! Keys of conversations on their way through Olm: from the first word to a lost session.

use chatty_crypto::content::message::Text;
use chatty_crypto::content::to_device::{KeyRequest, Sync, ToDeviceBody};
use chatty_crypto::content::{Body, Content};
use chatty_crypto::dispatch::{Effect, Received};
use chatty_crypto::megolm::{self, Incoming, KeyOutcome, Lane, Prepared, Verdict};
use chatty_crypto::olm;
use chatty_protocol::codec::{Ext, Fixed};
use chatty_protocol::envelope::Send;
use chatty_protocol::{ConvId, MsgId};

use crate::kit::{Device, direct, meet, note};

fn text(id: u8, text: &str) -> Content {
    Content {
        msg: MsgId::from_rest([id; 16]),
        sent_at: 0,
        expires_s: 0,
        rel: None,
        body: Body::Text(Text {
            text: text.into(),
            spans: vec![],
            mentions: vec![],
        }),
        ext: Ext::default(),
    }
}

/// Sends a text and gives its key to the devices that need it.
fn say(from: &mut Device, conv: &ConvId, content: &Content, to: &mut [&mut Device]) -> Send {
    let ready = from
        .run(|tx| megolm::number_ready(tx, conv, content))
        .unwrap();
    let prepared = from.run(|tx| megolm::prepare(tx, conv, Lane::Log)).unwrap();
    let Prepared::Ready { first, .. } = prepared else {
        panic!("nothing to prepare");
    };
    for peer in first {
        let device = to
            .iter_mut()
            .find(|device| device.device == peer.device)
            .expect("a recipient that the test does not know");
        let missing = from.run(|tx| olm::missing_sessions(tx, &[peer])).unwrap();
        if !missing.is_empty() {
            from.open_session(device, false);
        }
        let key = from.run(|tx| megolm::key_for(tx, conv, &peer)).unwrap();
        let item = from.encrypt(peer, &key).unwrap();
        let Received::Done { effects, .. } = device.receive(&item) else {
            panic!("key not received");
        };
        assert!(
            matches!(effects[0], Effect::Key(KeyOutcome::Stored { .. })),
            "{effects:?}"
        );
    }
    from.run(|tx| megolm::encrypt(tx, conv, &ready)).unwrap()
}

fn read(by: &mut Device, from: &Device, send: &Send, seq: u64) -> Verdict {
    let incoming = Incoming {
        user: &from.user,
        device: &from.device,
        seq: Some(seq),
        time: by.now_ms,
        send,
    };
    by.run(|tx| megolm::receive(tx, &incoming, true)).unwrap()
}

fn shows(verdict: &Verdict, expected: &str) -> bool {
    matches!(verdict, Verdict::Show(shown)
        if matches!(&shown.content.body, Body::Text(text) if text.text == expected))
}

#[test]
fn one_message_travels_each_way() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let conv = direct(&mut a, &mut b);
    let send = say(&mut a, &conv, &text(1, "hello"), &mut [&mut b]);
    assert!(shows(&read(&mut b, &a, &send, 3), "hello"));
    let send = say(&mut b, &conv, &text(2, "hi"), &mut [&mut a]);
    assert!(shows(&read(&mut a, &b, &send, 4), "hi"));
}

#[test]
fn a_reset_brings_the_present_key_again() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let conv = direct(&mut a, &mut b);
    let send = say(&mut a, &conv, &text(1, "one"), &mut [&mut b]);
    assert!(shows(&read(&mut b, &a, &send, 3), "one"));
    // B is set back: it has neither the session nor the key any more.
    b.store.rows.retain(|(table, _), _| {
        !matches!(
            table,
            chatty_crypto::view::Table::OlmSession | chatty_crypto::view::Table::Inbound
        )
    });
    b.open_session(&mut a, false);
    let target = a.peer();
    let body = b
        .run(|tx| olm::reset(tx, &target, [1; 32]))
        .unwrap()
        .expect("allowed");
    let item = b.encrypt(a.peer(), &body).unwrap();
    let Received::Done {
        effects, replies, ..
    } = a.receive(&item)
    else {
        panic!("reset not received");
    };
    assert_eq!(effects, vec![Effect::PeerReset]);
    let keys: Vec<_> = replies
        .iter()
        .filter(|(_, body)| matches!(body, ToDeviceBody::ConvKey(_)))
        .collect();
    assert_eq!(keys.len(), 1);
    // It never carries a secret, and a second reset within the hour brings nothing.
    assert!(
        !replies
            .iter()
            .any(|(_, body)| matches!(body, ToDeviceBody::SecretSend(_)))
    );
    let item = a.encrypt(b.peer(), &keys[0].1).unwrap();
    assert!(matches!(b.receive(&item), Received::Done { .. }));
    let item = b.encrypt(a.peer(), &body).unwrap();
    let Received::Done {
        effects, replies, ..
    } = a.receive(&item)
    else {
        panic!("reset not received");
    };
    assert!(matches!(effects[..], [Effect::Refused(_)]));
    assert_eq!(replies, vec![]);
}

#[test]
fn a7_a_key_request_of_somebody_else_is_not_answered() {
    let (mut a, mut b, mut c) = (Device::sign_up(1), Device::sign_up(2), Device::sign_up(3));
    meet(&mut a, &mut b);
    meet(&mut a, &mut c);
    let conv = direct(&mut a, &mut b);
    let send = say(&mut a, &conv, &text(1, "secret"), &mut [&mut b]);
    let request = ToDeviceBody::KeyRequest(KeyRequest {
        request: Fixed([1; 16]),
        conv,
        session: send.session,
        owner: a.device,
    });
    // Somebody who is not in the conversation.
    c.open_session(&mut a, false);
    let item = c.encrypt(a.peer(), &request).unwrap();
    let Received::Done { replies, .. } = a.receive(&item) else {
        panic!("not received");
    };
    assert_eq!(replies, vec![]);
    // A member's device that was revoked, with its own keys and id.
    let old = b.encrypt_first(&mut a, &request);
    let user = b.user;
    let revoke = b.sign_out();
    a.learn(&user, &[revoke]);
    assert!(matches!(a.receive(&old), Received::Ignored(_)));
}

#[test]
fn own_state_comes_from_own_devices_only() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let conv = direct(&mut a, &mut b);
    b.open_session(&mut a, false);
    let body = ToDeviceBody::Sync(Sync::Read {
        conv,
        positions: vec![(a.device, 1)],
        time: 1,
    });
    let item = b.encrypt(a.peer(), &body).unwrap();
    let Received::Done { effects, .. } = a.receive(&item) else {
        panic!("not received");
    };
    assert!(matches!(effects[..], [Effect::Refused(_)]));
    let item = b.encrypt(a.peer(), &note("x")).unwrap();
    assert!(matches!(a.receive(&item), Received::Done { .. }));
}
