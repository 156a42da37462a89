//! Lane 1: accepted, idempotent, ordered, refused.

use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::frame::RowFrame;
use chatty_protocol::sign::sha256;
use chatty_protocol::{ErrorCode, limits};

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

#[tokio::test]
async fn an_old_log_head_is_stale_and_a_future_one_a_conflict() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let old = chat.message(1);
    relay
        .act(&mut chat, &ben, ConvOp::Rotate { cuts: Vec::new() })
        .await;
    a.send(&old).await;
    let refused = Err((ErrorCode::StaleLog, Some((2, 3))));
    assert_eq!(a.answer().await, refused);
    let mut future = chat.message(1);
    future.log_seq += 1;
    assert_eq!(a.send_and_wait(&future).await, Err(ErrorCode::Conflict));
    // The same n with the present head is taken.
    assert_eq!(a.send_and_wait(&chat.message(1)).await, Ok(4));
}

#[tokio::test]
async fn who_is_no_member_does_not_send() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let eve = relay.sign_up("eve").await;
    let mut chat = relay.group(&[&anna, &ben]).await;
    let (mut e, _) = TestSocket::connect(&relay, eve.first()).await;
    // A conversation that exists for others answers like one that does not exist.
    assert_eq!(
        e.send_and_wait(&chat.message(1)).await,
        Err(ErrorCode::NotFound)
    );
    let mut nowhere = chat.message(2);
    nowhere.conv = chatty_protocol::ConvId::from_rest([7; 32]);
    assert_eq!(e.send_and_wait(&nowhere).await, Err(ErrorCode::NotFound));
    let users = vec![eve.user];
    relay.act(&mut chat, &anna, ConvOp::Invite { users }).await;
    assert_eq!(
        e.send_and_wait(&chat.message(1)).await,
        Err(ErrorCode::NotMember)
    );
}

#[tokio::test]
async fn a_request_is_five_small_messages_until_it_is_joined() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.request(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let large = chat.message_of(1, limits::REQUEST_CT_BYTES + 1);
    assert_eq!(a.send_and_wait(&large).await, Err(ErrorCode::Quota));
    for n in 1..=limits::REQUEST_MESSAGES {
        let send = chat.message_of(n, limits::REQUEST_CT_BYTES);
        assert_eq!(a.send_and_wait(&send).await, Ok(n + 1));
    }
    let sixth = limits::REQUEST_MESSAGES + 1;
    assert_eq!(
        a.send_and_wait(&chat.message(sixth)).await,
        Err(ErrorCode::Quota)
    );
    let join = chat.join_op(&ben);
    relay.act(&mut chat, &ben, join).await;
    assert_eq!(a.send_and_wait(&chat.message(sixth)).await, Ok(8));
}

#[tokio::test]
async fn a_send_of_the_wrong_shape_is_refused_and_the_socket_lives_on() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let mut no_number = chat.message(0);
    no_number.n = 0;
    assert_eq!(a.send_and_wait(&no_number).await, Err(ErrorCode::Malformed));
    let mut numbered_mark = chat.in_lane(2);
    numbered_mark.n = 3;
    assert_eq!(
        a.send_and_wait(&numbered_mark).await,
        Err(ErrorCode::Malformed)
    );
    for lane in [0, 3, 4] {
        assert_eq!(
            a.send_and_wait(&chat.in_lane(lane)).await,
            Err(ErrorCode::Malformed)
        );
    }
    let large = chat.message_of(1, limits::SEND_CT_BYTES + 1);
    assert_eq!(a.send_and_wait(&large).await, Err(ErrorCode::TooLarge));
    let largest = chat.message_of(1, limits::SEND_CT_BYTES);
    assert_eq!(a.send_and_wait(&largest).await, Ok(3));
}

#[tokio::test]
async fn a_burst_is_bounded_per_device_and_not_renewed_by_connecting() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let burst = u64::from(limits::SEND_BURST);
    for n in 1..=burst {
        assert!(a.send_and_wait(&chat.message(n)).await.is_ok());
    }
    let over = chat.message(burst + 1);
    assert_eq!(a.send_and_wait(&over).await, Err(ErrorCode::RateLimited));
    // What is stored already is answered in spite of it.
    let mut last = chat.message(burst);
    last.msg = chat.message(0).msg;
    assert_eq!(a.send_and_wait(&last).await, Err(ErrorCode::DeviceCloned));
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(a.send_and_wait(&over).await, Err(ErrorCode::RateLimited));
    relay.clock.advance(1_000);
    assert_eq!(a.send_and_wait(&over).await, Ok(burst + 3));
}
