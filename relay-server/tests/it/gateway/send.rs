//! Lane 1: accepted, idempotent, ordered, refused.

use chatty_protocol::ErrorCode;
use chatty_protocol::frame::RowFrame;
use chatty_protocol::sign::sha256;

use crate::kit::{TestRelay, TestSocket};

#[tokio::test]
async fn a_message_is_accepted_and_reaches_the_other_side() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, ready) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(ready.changed.len(), 1);
    assert_eq!(ready.changed[0].stream_head, 2);
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    let send = chat.message(1);
    a.send(&send).await;
    assert_eq!(a.answer().await, Ok((3, sha256(&send.ct.0))));
    let expected = RowFrame::Message {
        conv: chat.conv,
        seq: 3,
        user: anna.user,
        device: anna.first().id,
        time: relay.now_ms(),
        send: send.clone(),
    };
    assert_eq!(b.row().await, expected);
    // The sender's own socket got 34 and no row.
    a.settle().await;
    assert!(a.passed.is_empty(), "{:?}", a.passed);
}

#[tokio::test]
async fn a_repeat_is_answered_by_the_first() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    let first = chat.message(5);
    assert_eq!(a.send_and_wait(&first).await, Ok(3));
    // The same n and msg with other ciphertext: the client keeps what is stored.
    let mut again = first.clone();
    again.ct = vec![1; 50].into();
    a.send(&again).await;
    assert_eq!(a.answer().await, Ok((3, sha256(&first.ct.0))));
    // Also after a reconnect, when the relay's memory of the device is fresh.
    a.drop_dead();
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    a.send(&first).await;
    assert_eq!(a.answer().await, Ok((3, sha256(&first.ct.0))));
    // The same n with another msg is a second device under one identity.
    let mut clone = chat.message(5);
    assert_eq!(a.send_and_wait(&clone).await, Err(ErrorCode::DeviceCloned));
    clone.n = 4;
    assert_eq!(a.send_and_wait(&clone).await, Err(ErrorCode::StaleCounter));
    b.row().await;
    b.settle().await;
    assert!(b.passed.is_empty(), "stored twice: {:?}", b.passed);
}
