//! To-device: at least once until acknowledged, in order per sender, bounded.

use chatty_protocol::codec::{Ext, Fixed};
use chatty_protocol::envelope::Item;
use chatty_protocol::rest::ToDevicePage;
use chatty_protocol::{DeviceId, ErrorCode, limits};

use crate::kit::{TestRelay, TestSocket};

fn item(relay: &TestRelay, to: DeviceId, size: usize) -> Item {
    Item {
        id: Fixed([1; 16]),
        to,
        suite: 1,
        kind: 1,
        hint: Fixed([2; 8]),
        olm: vec![3; size].into(),
        expires: relay.now_ms() + limits::DAY_MS,
        ext: Ext::default(),
    }
}

#[tokio::test]
async fn an_item_comes_until_it_is_acknowledged() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let to = ben.first().id;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    for n in 1..=3 {
        let batch = vec![item(&relay, to, 50)];
        assert_eq!(a.items(n, batch.clone()).await, Ok(Vec::new()));
        // A lost answer: the same batch again changes nothing.
        assert_eq!(a.items(n, batch).await, Ok(Vec::new()));
    }
    let (mut b, ready) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(ready.td_pending, 3);
    for n in 1..=3 {
        let got = b.item().await;
        assert_eq!(
            (got.user, got.device, got.n),
            (anna.user, anna.first().id, n)
        );
    }
    b.ack_items(vec![(anna.first().id, 2)]).await;
    b.settle().await;
    b.drop_dead();
    // Only what was not acknowledged comes again, also by REST.
    let page: ToDevicePage = relay.get(ben.first(), "/to-device").await.json();
    assert_eq!((page.items.len(), page.pending), (1, 1));
    let (mut b, ready) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(ready.td_pending, 1);
    assert_eq!(b.item().await.n, 3);
    b.ack_items(vec![(anna.first().id, 3)]).await;
    b.settle().await;
    // A live socket gets new items at once.
    assert_eq!(a.items(4, vec![item(&relay, to, 50)]).await, Ok(Vec::new()));
    assert_eq!(b.item().await.n, 4);
}

#[tokio::test]
async fn at_most_256_items_are_under_way() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let cleo = relay.sign_up("cleo").await;
    let to = ben.first().id;
    for person in [&anna, &cleo] {
        let (mut socket, _) = TestSocket::connect(&relay, person.first()).await;
        for n in 1..=150 {
            let batch = vec![item(&relay, to, 10)];
            assert_eq!(socket.items(n, batch).await, Ok(Vec::new()));
        }
    }
    let (mut b, ready) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(ready.td_pending, 300);
    let mut last = std::collections::HashMap::<DeviceId, u64>::new();
    for _ in 0..limits::ITEMS_UNACKED {
        let got = b.item().await;
        let before = last.insert(got.device, got.n).unwrap_or_default();
        assert_eq!(got.n, before + 1, "rising per sender");
    }
    b.settle().await;
    assert!(b.passed.is_empty(), "more than 256 came");
    let acks = last.iter().map(|(device, n)| (*device, *n)).collect();
    b.ack_items(acks).await;
    for _ in limits::ITEMS_UNACKED..300 {
        let got = b.item().await;
        let before = last.insert(got.device, got.n).unwrap_or_default();
        assert_eq!(got.n, before + 1);
    }
}

#[tokio::test]
async fn a_batch_is_judged_as_a_whole_and_item_by_item() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let to = ben.first().id;
    let nobody = DeviceId::from_rest([9; 16]);
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let one = || item(&relay, to, 10);
    assert_eq!(a.items(0, vec![one()]).await, Err(ErrorCode::Malformed));
    assert_eq!(a.items(1, Vec::new()).await, Err(ErrorCode::Malformed));
    assert_eq!(
        a.items(1, vec![one(), one()]).await,
        Err(ErrorCode::Malformed)
    );
    let large = vec![item(&relay, to, limits::ITEM_BYTES + 1)];
    assert_eq!(a.items(1, large).await, Err(ErrorCode::TooLarge));
    // No number was used up; an unknown recipient uses its own only.
    let mixed = vec![item(&relay, nobody, 10), one()];
    let refused = vec![(0, ErrorCode::UnknownDevice)];
    assert_eq!(a.items(1, mixed).await, Ok(refused));
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(b.item().await.n, 2);
}

#[tokio::test]
async fn a_pair_of_devices_has_a_quota() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let to = ben.first().id;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let quota = limits::INBOX_PAIR_ITEMS as u64;
    for n in 1..=quota {
        assert_eq!(a.items(n, vec![item(&relay, to, 10)]).await, Ok(Vec::new()));
    }
    let full = vec![(0, ErrorCode::InboxFull)];
    let next = vec![item(&relay, to, 10)];
    assert_eq!(a.items(quota + 1, next.clone()).await, Ok(full));
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    b.ack_items(vec![(anna.first().id, quota)]).await;
    b.settle().await;
    assert_eq!(a.items(quota + 2, next).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_device_that_was_away_for_thirty_days_is_dormant() {
    let relay = TestRelay::start().await;
    let (mut anna, mut ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    relay.clock.advance(limits::INBOX_MS + limits::HOUR_MS);
    crate::kit::direct::open_session(&relay, &anna.handle.clone(), &mut anna.devices[0]).await;
    crate::kit::direct::open_session(&relay, &ben.handle.clone(), &mut ben.devices[0]).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let batch = vec![item(&relay, ben.first().id, 10)];
    let dormant = vec![(0, ErrorCode::InboxFull)];
    assert_eq!(a.items(1, batch.clone()).await, Ok(dormant));
    let (_b, _) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(a.items(2, batch).await, Ok(Vec::new()));
}
