//! Readers that stop reading, and more sockets at once than a relay takes (ARCHITECTURE.md §5).

use bytes::Bytes;
use chatty_protocol::frame::{ClientFrame, Known};
use chatty_protocol::{ConvId, DeviceId, UserId, limits};
use chatty_relay::config::Config;
use chatty_relay::gateway::{Route, RowOut};

use crate::kit::{TestRelay, TestSocket};

/// New sockets per second.
const ACCEPTS: usize = 500;
/// Far more than the buffers of two sockets on one machine hold.
const COUNT: u64 = 300;
const SIZE: usize = 64 * 1024;

/// Waits until the relay let go of a device.
async fn gone(relay: &TestRelay, device: &DeviceId) {
    let mut tick = tokio::time::interval(std::time::Duration::from_millis(5));
    for _ in 0..4_000 {
        if relay.app.live.hub.device(device).is_none() {
            return;
        }
        tick.tick().await;
    }
    panic!("the relay keeps a reader that does not read");
}

#[tokio::test]
async fn a_reader_that_stalls_is_let_go_and_misses_nothing() {
    assert_eq!(Config::new("data").stall_ms, limits::STALL_MS);
    let relay = TestRelay::start_with(|config| {
        config.limits.send_burst = 10_000;
        config.stall_ms = 300;
    })
    .await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (stalled, _) = TestSocket::connect(&relay, ben.first()).await;
    for n in 1..=COUNT {
        a.put(&ClientFrame::Send(chat.message_of(n, SIZE))).await;
        a.answer().await.unwrap();
        if let Some(route) = relay.app.live.hub.device(&ben.first().id) {
            assert!(route.waiting_bytes() <= limits::SLOW_BYTES);
        }
    }
    gone(&relay, &ben.first().id).await;
    // The others never noticed, and the store still has every row for the one who stalled.
    assert_eq!(
        a.send_and_wait(&chat.message(COUNT + 1)).await,
        Ok(COUNT + 3)
    );
    drop(stalled);
    let known = Known {
        conv: chat.conv,
        seq: 2,
        mark_time: 0,
    };
    let (_again, ready) = TestSocket::connect_with(&relay, ben.first(), vec![known]).await;
    assert_eq!(ready.changed[0].stream_head, COUNT + 3);
    let mut after = 2;
    while after < COUNT + 3 {
        let query = format!("?after={after}");
        let page = relay.rows(ben.first(), &chat, &query).await;
        assert!(!page.rows.is_empty(), "rows behind {after}");
        after += page.rows.len() as u64;
    }
    let metrics = relay.metrics().await;
    assert!(
        metrics.contains("chatty_byes_total{code=\"busy\"} 1"),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_storm_of_sockets_waits_its_turn() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ticket = relay.ticket(anna.first()).await;
    for _ in 0..ACCEPTS {
        TestSocket::raw(&relay).await.drop_dead();
    }
    assert_eq!(TestSocket::refused(&relay, &[]).await, Some(503));
    let url = format!("{}/v1/ws", relay.base());
    let asked = relay.http.get(url).header("connection", "upgrade");
    let asked = asked.header("upgrade", "websocket");
    let asked = asked.header("sec-websocket-version", "13");
    let asked = asked.header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    let refused = asked.send().await.unwrap();
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(
        (1..=30).contains(&wait),
        "spread over half a minute: {wait}"
    );
    // REST goes on, and a moment later so do sockets.
    assert_eq!(relay.get(anna.first(), "/account").await.status, 200);
    relay.clock.advance(10);
    let mut a = TestSocket::raw(&relay).await;
    a.hello(ticket, Vec::new()).await;
    a.next().await;
}

#[test]
fn many_small_rows_are_dropped_like_few_large_ones() {
    let (user, device) = (UserId::from_rest([1; 32]), DeviceId::from_rest([2; 16]));
    let conv = ConvId::from_rest([3; 32]);
    let route = Route::new(1, user, device, "session".into());
    let row = |seq| RowOut {
        seq,
        frame: Bytes::from_static(b"row"),
    };
    let most = limits::SLOW_FRAMES as u64;
    for seq in 1..=most {
        route.push_rows(&conv, &[row(seq)]);
    }
    assert_eq!(route.waiting_bytes(), 3 * limits::SLOW_FRAMES);
    route.push_rows(&conv, &[row(most + 1)]);
    assert_eq!(route.waiting_bytes(), 0);
    let behind = route.take(limits::SLOW_BYTES).behind;
    let (of, behind) = behind.unwrap();
    assert_eq!((of, behind.next, behind.head), (conv, 1, most + 1));
}
