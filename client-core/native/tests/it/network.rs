//! HTTP and WebSockets against servers of this test.

use std::time::Duration;

use chatty_core::platform::{HttpRequest, MAX_ANSWER, NetError, Platform, Socket, blocking};
use chatty_native::platform::Native;
use futures::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;

/// Runs a test on a platform inside a `LocalSet`, as the engine's thread does.
async fn on_platform(test: impl AsyncFnOnce(Native)) {
    let folder = tempfile::tempdir().unwrap();
    let native = Native::new(folder.path()).unwrap();
    tokio::task::LocalSet::new().run_until(test(native)).await;
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// Answers one connection with these bytes; gives what came in.
async fn answer_once(listener: TcpListener, answer: Vec<u8>) -> String {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !whole(&request) {
        let count = socket.read(&mut buffer).await.unwrap();
        request.extend_from_slice(&buffer[..count]);
    }
    // The client may hang up in the middle of an answer that is too long.
    let _ = socket.write_all(&answer).await;
    String::from_utf8_lossy(&request).into_owned()
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.trim().parse().unwrap())
}

fn get(url: String) -> HttpRequest {
    HttpRequest {
        method: "GET",
        url,
        bearer: None,
        body: None,
        timeout_ms: 5_000,
    }
}

#[tokio::test]
async fn a_request_carries_token_and_body_and_brings_status_and_wait() {
    on_platform(async |native| {
        let (listener, address) = listen().await;
        let answer = b"HTTP/1.1 429 Too Many\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\n{}";
        let server = tokio::spawn(answer_once(listener, answer.to_vec()));
        let request = HttpRequest {
            method: "POST",
            bearer: Some("secret-token".into()),
            body: Some(b"{\"a\":1}".to_vec()),
            ..get(format!("http://{address}/v1/x"))
        };
        let answer = native.http(request).await.unwrap();
        assert_eq!((answer.status, answer.retry_after_ms), (429, Some(7_000)));
        assert_eq!(answer.body, b"{}");
        let seen = server.await.unwrap().to_lowercase();
        assert!(seen.starts_with("post /v1/x http/1.1"), "{seen}");
        assert!(seen.contains("authorization: bearer secret-token"));
        assert!(seen.contains("content-type: application/json"));
        assert!(seen.ends_with("{\"a\":1}"));
    })
    .await;
}

#[tokio::test]
async fn redirects_are_not_followed_and_endless_answers_are_cut() {
    on_platform(async |native| {
        let (listener, address) = listen().await;
        let answer =
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
        tokio::spawn(answer_once(listener, answer.to_vec()));
        let answer = native
            .http(get(format!("http://{address}/")))
            .await
            .unwrap();
        assert_eq!(answer.status, 302);

        let (listener, address) = listen().await;
        let mut long = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        long.resize(MAX_ANSWER + 100_000, b'x');
        tokio::spawn(answer_once(listener, long));
        let cut = native.http(get(format!("http://{address}/"))).await;
        assert_eq!(cut.err(), Some(NetError::Malformed));
    })
    .await;
}

#[tokio::test]
async fn absence_has_its_reasons() {
    on_platform(async |native| {
        let (listener, address) = listen().await;
        drop(listener);
        let gone = native.http(get(format!("http://{address}/"))).await;
        assert_eq!(gone.err(), Some(NetError::Unreachable));
        let gone = native.connect(&format!("ws://{address}/v1/ws")).await;
        assert_eq!(gone.err(), Some(NetError::Unreachable));

        // Somebody who listens and never answers.
        let (_listener, address) = listen().await;
        let silent = HttpRequest {
            timeout_ms: 50,
            ..get(format!("http://{address}/"))
        };
        assert_eq!(native.http(silent).await.err(), Some(NetError::Timeout));

        // Something that is no WebSocket.
        let (listener, address) = listen().await;
        let answer = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec();
        tokio::spawn(answer_once(listener, answer));
        let refused = native.connect(&format!("ws://{address}/v1/ws")).await;
        assert_eq!(refused.err(), Some(NetError::Malformed));
    })
    .await;
}

type Accepted = tokio_tungstenite::WebSocketStream<TcpStream>;

async fn socket(native: &Native) -> (Socket, Accepted) {
    let (listener, address) = listen().await;
    let accepted = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        tokio_tungstenite::accept_async(stream).await.unwrap()
    });
    let socket = native
        .connect(&format!("ws://{address}/v1/ws"))
        .await
        .unwrap();
    (socket, accepted.await.unwrap())
}

#[tokio::test]
async fn frames_go_both_ways_in_order_and_the_end_is_seen_on_both_sides() {
    on_platform(async |native| {
        let (here, mut there) = socket(&native).await;
        for n in 0..200u8 {
            there.send(Message::Binary(vec![n].into())).await.unwrap();
        }
        for n in 0..200u8 {
            assert_eq!(here.receive.recv().await.unwrap(), [n]);
        }
        here.send.send(b"up".to_vec()).await.unwrap();
        let up = there.next().await.unwrap().unwrap();
        assert_eq!(up, Message::Binary(b"up".to_vec().into()));
        // The server ends: the channel ends.
        there.close(None).await.unwrap();
        assert!(here.receive.recv().await.is_err());

        // This side ends: the server is told.
        let (here, mut there) = socket(&native).await;
        drop(here);
        let end = tokio::time::timeout(Duration::from_secs(10), there.next()).await;
        let end = end.unwrap();
        assert!(
            matches!(end, None | Some(Ok(Message::Close(_)) | Err(_))),
            "{end:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn text_and_oversized_frames_end_the_socket() {
    on_platform(async |native| {
        let (here, mut there) = socket(&native).await;
        there.send(Message::Text("hello".into())).await.unwrap();
        assert!(here.receive.recv().await.is_err());
        let (here, mut there) = socket(&native).await;
        let large = vec![0; chatty_protocol::limits::FRAME_BYTES + 1];
        let _ = there.send(Message::Binary(large.into())).await;
        assert!(here.receive.recv().await.is_err());
    })
    .await;
}

#[tokio::test]
async fn work_is_done_elsewhere_and_a_panic_there_is_seen() {
    on_platform(async |native| {
        let here = std::thread::current().id();
        let there = blocking(&native, move || std::thread::current().id());
        assert_ne!(there.await, Some(here));
        let broken = blocking(&native, move || {
            assert!(here == std::thread::current().id(), "on purpose");
        });
        assert_eq!(broken.await, None);
    })
    .await;
}
