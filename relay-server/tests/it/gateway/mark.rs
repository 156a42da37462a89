//! Receipts and typing (B12).

use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::envelope::{LANE_FLASH, LANE_MARK};
use chatty_protocol::frame::{ClientFrame, Known, ServerFrame};
use chatty_protocol::rest::Marks;
use chatty_protocol::{ErrorCode, limits};

use crate::kit::{TestRelay, TestSocket};

#[tokio::test]
async fn a_mark_replaces_the_one_before_and_comes_after_a_reconnect() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(b.send_and_wait(&chat.in_lane(LANE_MARK)).await, Ok(0));
    assert_eq!(a.mark().await.device, ben.first().id);
    a.drop_dead();
    relay.clock.advance(limits::RECEIPT_MS);
    let newer = chat.in_lane(LANE_MARK);
    assert_eq!(b.send_and_wait(&newer).await, Ok(0));
    let known = Known {
        conv: chat.conv,
        seq: 2,
        mark_time: relay.now_ms() - limits::RECEIPT_MS,
    };
    let (_a, ready) = TestSocket::connect_with(&relay, anna.first(), vec![known]).await;
    let marks = &ready.changed[0].marks;
    assert_eq!(marks.len(), 1);
    assert_eq!(
        (marks[0].send.msg, marks[0].time),
        (newer.msg, relay.now_ms())
    );
    let path = format!("/conversations/{}/marks?since=0", chat.conv);
    let marks: Marks = relay.get(anna.first(), &path).await.json();
    assert_eq!(marks.marks.len(), 1);
}

#[tokio::test]
async fn b12_receipts_and_typing_have_a_pace() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    let mark = || chat.in_lane(LANE_MARK);
    assert_eq!(b.send_and_wait(&mark()).await, Ok(0));
    assert_eq!(b.send_and_wait(&mark()).await, Err(ErrorCode::RateLimited));
    relay.clock.advance(limits::RECEIPT_MS);
    assert_eq!(b.send_and_wait(&mark()).await, Ok(0));
    // Typing goes only to sockets that have the conversation open, and at most once in 3 s.
    let flash = || ClientFrame::Flash(chat.in_lane(LANE_FLASH));
    b.put(&flash()).await;
    b.settle().await;
    a.put(&ClientFrame::Open(vec![chat.conv])).await;
    a.settle().await;
    relay.clock.advance(limits::TYPING_MS);
    b.put(&flash()).await;
    b.put(&flash()).await;
    b.settle().await;
    a.settle().await;
    let flashes = a
        .passed
        .iter()
        .filter(|f| matches!(f, ServerFrame::Flash(_)));
    assert_eq!(flashes.count(), 1);
}

#[tokio::test]
async fn b12_nobody_marks_in_a_large_group_or_from_outside() {
    let relay = TestRelay::start_with(|config| config.limits.strangers_per_day = 1_000).await;
    let anna = relay.sign_up("anna").await;
    let eve = relay.sign_up("eve").await;
    let mut chat = relay.group(&[&anna]).await;
    let mut users = Vec::new();
    for index in 0..limits::RECEIPT_MEMBERS {
        users.push(relay.sign_up(&format!("person{index}")).await.user);
    }
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(a.send_and_wait(&chat.in_lane(LANE_MARK)).await, Ok(0));
    relay.act(&mut chat, &anna, ConvOp::Invite { users }).await;
    relay.clock.advance(limits::RECEIPT_MS);
    let mark = chat.in_lane(LANE_MARK);
    assert_eq!(a.send_and_wait(&mark).await, Err(ErrorCode::NotAllowed));
    let (mut e, _) = TestSocket::connect(&relay, eve.first()).await;
    assert_eq!(e.send_and_wait(&mark).await, Err(ErrorCode::NotFound));
}

#[tokio::test]
async fn a_block_hides_marks_and_typing() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    a.put(&ClientFrame::Open(vec![chat.conv])).await;
    a.settle().await;
    let answer = relay
        .put(anna.first(), &format!("/blocks/{}", ben.user))
        .await;
    assert_eq!(answer.status, 204);
    // The blocked side notices nothing.
    assert_eq!(b.send_and_wait(&chat.in_lane(LANE_MARK)).await, Ok(0));
    b.put(&ClientFrame::Flash(chat.in_lane(LANE_FLASH))).await;
    b.settle().await;
    a.settle().await;
    assert!(a.passed.is_empty(), "{:?}", a.passed);
    let path = format!("/conversations/{}/marks", chat.conv);
    assert!(
        relay
            .get(anna.first(), &path)
            .await
            .json::<Marks>()
            .marks
            .is_empty()
    );
    relay
        .delete(anna.first(), &format!("/blocks/{}", ben.user))
        .await;
    relay.clock.advance(limits::TYPING_MS);
    assert_eq!(b.send_and_wait(&chat.in_lane(LANE_MARK)).await, Ok(0));
    a.mark().await;
}
