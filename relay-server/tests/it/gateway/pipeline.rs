//! Many sends in flight: order, conflicts above a refused n, one order for everybody.

use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::frame::{ClientFrame, RowFrame};
use chatty_protocol::{ErrorCode, MsgId};

use crate::kit::{Chat, TestRelay, TestSocket};

/// Feeds messages in one write and returns their answers in order.
async fn pipeline(
    socket: &mut TestSocket,
    chat: &Chat,
    numbers: &[u64],
) -> Vec<Result<u64, ErrorCode>> {
    for n in numbers {
        socket.feed(&ClientFrame::Send(chat.message(*n))).await;
    }
    socket.flush().await;
    let mut answers = Vec::new();
    for _ in numbers {
        let answer = socket.answer().await;
        answers.push(answer.map(|(seq, _)| seq).map_err(|(code, _)| code));
    }
    answers
}

#[tokio::test]
async fn what_is_above_a_refused_number_waits_for_it() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(pipeline(&mut a, &chat, &[1, 2]).await, [Ok(3), Ok(4)]);
    let old = chat.clone();
    relay
        .act(&mut chat, &ben, ConvOp::Rotate { cuts: Vec::new() })
        .await;
    let refused = [Err(ErrorCode::StaleLog), Err(ErrorCode::Conflict)];
    assert_eq!(pipeline(&mut a, &old, &[3, 4]).await, refused);
    // Encrypted again, but 3 does not come first: still a conflict, nothing is stored out of order.
    assert_eq!(
        pipeline(&mut a, &chat, &[4]).await,
        [Err(ErrorCode::Conflict)]
    );
    assert_eq!(pipeline(&mut a, &chat, &[3, 4]).await, [Ok(6), Ok(7)]);
    // A cancelled number: the next message takes it with other content.
    assert_eq!(pipeline(&mut a, &old, &[5, 6]).await, refused);
    assert_eq!(pipeline(&mut a, &chat, &[5]).await, [Ok(8)]);
}

#[tokio::test]
async fn a_refusal_does_not_outlive_its_connection() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let old = chat.clone();
    relay
        .act(&mut chat, &ben, ConvOp::Rotate { cuts: Vec::new() })
        .await;
    assert_eq!(
        pipeline(&mut a, &old, &[1]).await,
        [Err(ErrorCode::StaleLog)]
    );
    // Numbers may skip: on a new connection nothing is in flight any more.
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(pipeline(&mut a, &chat, &[2]).await, [Ok(4)]);
}

#[tokio::test]
async fn everybody_sees_one_order() {
    let relay = TestRelay::start_with(|config| config.limits.send_burst = 1_000).await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let cleo = relay.sign_up("cleo").await;
    let chat = relay.group(&[&anna, &ben, &cleo]).await;
    let (mut a, ready) = TestSocket::connect(&relay, anna.first()).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    let (mut c, _) = TestSocket::connect(&relay, cleo.first()).await;
    let start = ready.changed[0].stream_head;
    const EACH: u64 = 150;
    let mut mine: Vec<(u64, MsgId)> = Vec::new();
    for n in 1..=EACH {
        let (from_a, from_b) = (chat.message(n), chat.message(n));
        mine.push((n, from_a.msg));
        a.feed(&ClientFrame::Send(from_a)).await;
        b.feed(&ClientFrame::Send(from_b)).await;
    }
    a.flush().await;
    b.flush().await;
    let mut seen = Vec::new();
    for _ in 0..2 * EACH {
        let RowFrame::Message {
            seq, user, send, ..
        } = c.row().await
        else {
            panic!("not a message");
        };
        seen.push((seq, user, send.n, send.msg));
    }
    let numbers: Vec<u64> = seen.iter().map(|row| row.0).collect();
    let expected: Vec<u64> = (start + 1..=start + 2 * EACH).collect();
    assert_eq!(numbers, expected);
    let of_anna = seen.iter().filter(|row| row.1 == anna.user);
    assert_eq!(of_anna.map(|row| (row.2, row.3)).collect::<Vec<_>>(), mine);
    // What anna was told agrees with what cleo saw.
    for (n, msg) in mine {
        let (seq, _) = a.answer().await.unwrap();
        let row = seen.iter().find(|row| row.3 == msg).unwrap();
        assert_eq!((row.0, row.2), (seq, n));
    }
}
