//! Bad input at the socket: a bye, never a panic, never a relay that stops.

use chatty_protocol::codec::encode;
use chatty_protocol::frame::{Ack, ClientFrame};
use chatty_protocol::{ErrorCode, limits};
use tokio_tungstenite::tungstenite::Message;

use crate::kit::{TestRelay, TestSocket};

#[tokio::test]
async fn a_malformed_frame_ends_only_its_own_socket() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    let good = encode(&ClientFrame::Send(chat.message(1)));
    let mut corpus: Vec<Vec<u8>> = vec![
        vec![],
        vec![0x80],
        vec![0x81, 0x18, 0x06],
        vec![0x81, 0x06, 0x00],
        vec![0x82, 0x06, 0x06],
        vec![0x81, 0x09],
        vec![0x81, 0x21],
        vec![0x9f, 0x06, 0xff],
        vec![0xff; 300],
        b"hello".to_vec(),
        vec![0x82, 0x07, 0x9a, 0xff, 0xff, 0xff, 0xff],
        vec![0x83, 0x03, 0x01, 0x9b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
    ];
    corpus.push(good[..good.len() - 1].to_vec());
    corpus.push([good.clone(), vec![0]].concat());
    corpus.push(vec![0x81; 200]);
    let many = vec![chat.conv; limits::OPEN_CONVERSATIONS + 1];
    corpus.push(encode(&ClientFrame::Open(many)));
    // Every place of a good frame, one bit turned: refused, answered or ended, never silence.
    for bytes in corpus {
        let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
        a.put_bytes(bytes.clone()).await;
        assert_eq!(a.bye().await, ErrorCode::Malformed, "{bytes:02x?}");
    }
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    a.put_message(Message::Text("hello".into())).await;
    assert_eq!(a.bye().await, ErrorCode::Malformed);
    b.settle().await;
    assert!(b.passed.is_empty(), "{:?}", b.passed);
}

#[tokio::test]
async fn a_turned_bit_never_stops_the_relay() {
    let relay = TestRelay::start_with(|config| config.limits.send_burst = 100_000).await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let frames = [
        encode(&ClientFrame::Send(chat.message_of(1, 20))),
        encode(&ClientFrame::Ack(Ack {
            items: vec![(ben.first().id, 3)],
            rows: vec![(chat.conv, 2)],
        })),
        encode(&ClientFrame::Open(vec![chat.conv])),
    ];
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    for frame in &frames {
        for place in 0..frame.len() {
            let mut bytes = frame.clone();
            bytes[place] ^= 1 << (place % 8);
            a.put_bytes(bytes).await;
            a.put(&ClientFrame::Ping).await;
            // A pong means that the socket lives on; else it said bye.
            loop {
                match a.next_or_closed().await {
                    Some(chatty_protocol::frame::ServerFrame::Pong) => break,
                    Some(_) => {}
                    None => {
                        a = TestSocket::connect(&relay, anna.first()).await.0;
                        break;
                    }
                }
            }
        }
    }
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    b.settle().await;
}
