//! WebSocket exhaustion: frame sizes, silence, memory of an idle socket.

use chatty_protocol::{ErrorCode, limits};
use chatty_relay::config::Config;
use tokio_tungstenite::tungstenite::Message;

use crate::kit::{TestRelay, TestSocket};

#[tokio::test]
async fn d13_a_frame_above_the_limit_ends_the_socket() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    a.put_message(Message::Binary(vec![0; limits::FRAME_BYTES + 1].into()))
        .await;
    // The rest of the frame is never read, so the bye may be lost with the connection.
    if let Some(frame) = a.next_or_closed().await {
        let bye = chatty_protocol::frame::ServerFrame::Bye {
            code: ErrorCode::TooLarge,
        };
        assert_eq!(frame, bye);
        assert!(a.next_or_closed().await.is_none());
    }
}

#[tokio::test]
async fn d13_a_socket_without_hello_is_closed() {
    assert_eq!(Config::new("data").handshake_ms, limits::HANDSHAKE_MS);
    let relay = TestRelay::start_with(|config| config.handshake_ms = 100).await;
    let mut silent = TestSocket::raw(&relay).await;
    assert_eq!(silent.bye().await, ErrorCode::Unauthorised);
}
