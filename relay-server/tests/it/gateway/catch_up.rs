//! What a device missed: while it was away, and while it read too slowly.

use chatty_protocol::frame::{ClientFrame, Known, RowFrame, ServerFrame};
use chatty_protocol::limits;

use crate::kit::{TestRelay, TestSocket};

#[tokio::test]
async fn a_device_that_was_away_learns_what_changed() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    for n in 1..=5 {
        assert_eq!(a.send_and_wait(&chat.message(n)).await, Ok(n + 2));
    }
    let known = |seq| Known {
        conv: chat.conv,
        seq,
        mark_time: 0,
    };
    let (b, ready) = TestSocket::connect_with(&relay, ben.first(), vec![known(2)]).await;
    let changed = &ready.changed[0];
    assert_eq!(
        (changed.stream_head, changed.log_seq, changed.floor),
        (7, 1, 1)
    );
    assert_eq!(changed.own, (0, 0));
    assert_eq!(changed.newest.as_ref().unwrap().position(), (chat.conv, 7));
    let rows = relay.rows(ben.first(), &chat, "?after=2").await;
    assert_eq!((rows.head, rows.rows.len()), (7, 5));
    b.drop_dead();
    let (_, ready) = TestSocket::connect_with(&relay, ben.first(), vec![known(7)]).await;
    assert!(ready.changed.is_empty(), "{:?}", ready.changed);
    // Anna's own position feeds her rollback guard.
    let (_, ready) = TestSocket::connect_with(&relay, anna.first(), vec![known(6)]).await;
    assert_eq!(ready.changed[0].own, (7, 5));
}

#[tokio::test]
async fn a_large_newest_row_is_left_out_of_ready() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let large = chat.message_of(1, limits::READY_ROW_BYTES);
    assert_eq!(a.send_and_wait(&large).await, Ok(3));
    let (_, ready) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(ready.changed[0].stream_head, 3);
    assert_eq!(ready.changed[0].newest, None);
}

#[tokio::test]
async fn only_the_newest_two_hundred_come_with_ready() {
    let relay = TestRelay::start_with(|config| config.limits.strangers_per_day = 1_000).await;
    let anna = relay.sign_up("anna").await;
    let mut newest = None;
    for _ in 0..=limits::READY_CHANGED {
        relay.clock.advance(1);
        newest = Some(relay.group(&[&anna]).await.conv);
    }
    let (_, ready) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(ready.more, 2);
    assert_eq!(ready.changed.len(), limits::READY_CHANGED);
    assert_eq!(Some(ready.changed[0].conv), newest);
}

#[tokio::test]
async fn a_slow_reader_gets_every_row_once_and_in_order() {
    let relay = TestRelay::start_with(|config| config.limits.send_burst = 10_000).await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    // Far more than socket buffers and the out-queue hold, while ben reads nothing.
    const COUNT: u64 = 400;
    for n in 1..=COUNT {
        let send = chat.message_of(n, 64 * 1024);
        a.put(&ClientFrame::Send(send)).await;
        a.answer().await.unwrap();
    }
    let ben_route = relay.app.live.hub.device(&ben.first().id).unwrap();
    assert!(
        ben_route.waiting_bytes() <= limits::SLOW_BYTES,
        "memory is bounded"
    );
    for n in 1..=COUNT {
        let RowFrame::Message { seq, send, .. } = b.row().await else {
            panic!("not a message");
        };
        assert_eq!((seq, send.n), (n + 2, n));
    }
    b.settle().await;
    let rows = b.passed.iter().filter(|f| matches!(f, ServerFrame::Row(_)));
    assert_eq!(rows.count(), 0, "a row came twice");
}
