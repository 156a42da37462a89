//! Cross-site WebSocket hijack: origins, tickets, no token in an address.

use crate::kit::{TestRelay, TestSocket};

#[tokio::test]
async fn d14_only_listed_origins_open_a_socket() {
    let relay = TestRelay::start_with(|config| {
        config.listen.allowed_origins = vec!["https://web.example".into()];
    })
    .await;
    let own = relay.origin().to_owned();
    for (origin, status) in [
        ("https://evil.example", Some(403)),
        ("https://web.example.evil.example", Some(403)),
        ("null", Some(403)),
        ("https://web.example", None),
        (own.as_str(), None),
    ] {
        let refused = TestSocket::refused(&relay, &[("origin", origin)]).await;
        assert_eq!(refused, status, "{origin}");
    }
}

#[tokio::test]
async fn d14_a_ticket_in_the_address_opens_nothing() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ticket = relay.ticket(anna.first()).await;
    // The handshake passes, as for anybody; without a hello there is no session.
    let url = format!("{}?ticket={ticket}", relay.socket_url());
    let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    assert!(relay.app.live.hub.device(&anna.first().id).is_none());
    drop(socket);
}

#[tokio::test]
async fn d14_a_plain_request_is_no_handshake() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let answer = relay.get(anna.first(), "/ws").await;
    assert_eq!(answer.status, 400);
}
