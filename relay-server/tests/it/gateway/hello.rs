//! The first frame: ticket, version, time.

use chatty_protocol::ErrorCode;
use chatty_protocol::frame::{ClientFrame, Hello, Known};
use chatty_protocol::{ConvId, SUITE_1, limits};

use crate::kit::{TestRelay, TestSocket};

async fn refused(relay: &TestRelay, hello: Hello) -> ErrorCode {
    let mut socket = TestSocket::raw(relay).await;
    socket.put(&ClientFrame::Hello(hello)).await;
    socket.bye().await
}

#[tokio::test]
async fn a_hello_needs_version_suite_and_a_fresh_ticket() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ticket = relay.ticket(anna.first()).await;
    let good = Hello {
        version: 1,
        ticket,
        suites: vec![SUITE_1],
        known: Vec::new(),
    };
    let newer = Hello {
        version: 2,
        ..good.clone()
    };
    assert_eq!(refused(&relay, newer).await, ErrorCode::NeedsUpdate);
    let other_suite = Hello {
        suites: vec![2],
        ..good.clone()
    };
    assert_eq!(refused(&relay, other_suite).await, ErrorCode::NeedsUpdate);
    let known = Known {
        conv: ConvId::from_rest([1; 32]),
        seq: 0,
        mark_time: 0,
    };
    let too_many = Hello {
        known: vec![known; limits::HEADS_PER_CALL + 1],
        ..good.clone()
    };
    assert_eq!(refused(&relay, too_many).await, ErrorCode::Malformed);
    // None of these used the ticket up.
    let mut socket = TestSocket::raw(&relay).await;
    socket.put(&ClientFrame::Hello(good.clone())).await;
    socket.settle().await;
    // A second use finds nothing.
    assert_eq!(refused(&relay, good).await, ErrorCode::Unauthorised);
}

#[tokio::test]
async fn a_ticket_dies_after_thirty_seconds() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ticket = relay.ticket(anna.first()).await;
    relay.clock.advance(limits::TICKET_MS);
    let hello = Hello {
        version: 1,
        ticket,
        suites: vec![SUITE_1],
        known: Vec::new(),
    };
    assert_eq!(refused(&relay, hello).await, ErrorCode::Unauthorised);
}

#[tokio::test]
async fn another_first_frame_and_a_second_hello_end_the_socket() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let mut socket = TestSocket::raw(&relay).await;
    socket.put(&ClientFrame::Ping).await;
    assert_eq!(socket.bye().await, ErrorCode::Malformed);
    let (mut socket, _) = TestSocket::connect(&relay, anna.first()).await;
    let ticket = relay.ticket(anna.first()).await;
    socket.hello(ticket, Vec::new()).await;
    assert_eq!(socket.bye().await, ErrorCode::Malformed);
}
