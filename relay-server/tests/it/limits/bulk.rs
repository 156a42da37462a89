//! Batches and inboxes.

use chatty_protocol::codec::{Ext, Fixed};
use chatty_protocol::envelope::Item;
use chatty_protocol::{DeviceId, ErrorCode, limits};

use crate::kit::{TestRelay, TestSocket};

/// Items for devices that nobody has: they cost their sender as much as others.
fn items(count: usize, size: usize) -> Vec<Item> {
    let to = |number: usize| {
        let mut id = [0x55; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        DeviceId::from_rest(id)
    };
    let item = |number| Item {
        id: Fixed([1; 16]),
        to: to(number),
        suite: 1,
        kind: 1,
        hint: Fixed([2; 8]),
        olm: vec![3; size].into(),
        expires: u64::MAX >> 11,
        ext: Ext::default(),
    };
    (0..count).map(item).collect()
}

#[tokio::test]
async fn a_batch_has_a_most_and_a_largest() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let many = items(limits::BATCH_ITEMS + 1, 10);
    assert_eq!(a.items(1, many).await, Err(ErrorCode::Malformed));
    let size = limits::BATCH_BYTES / 4 + 1;
    assert_eq!(a.items(1, items(4, size)).await, Err(ErrorCode::TooLarge));
    let most = items(limits::BATCH_ITEMS, 10);
    let answered = a.items(1, most).await.unwrap();
    assert_eq!(answered.len(), limits::BATCH_ITEMS, "each judged by itself");
}

#[tokio::test]
async fn items_have_a_burst_and_a_refill() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut sent, mut n) = (0, 1);
    let burst = limits::ITEM_BURST as usize;
    while sent < burst {
        let count = (burst - sent).min(limits::BATCH_ITEMS);
        a.items(n, items(count, 1)).await.unwrap();
        sent += count;
        n += count as u64;
    }
    assert_eq!(a.items(n, items(1, 1)).await, Err(ErrorCode::RateLimited));
    relay.clock.advance(limits::SECOND_MS);
    let refilled = limits::ITEM_PER_SECOND as usize;
    let over = items(refilled + 1, 1);
    assert_eq!(a.items(n, over).await, Err(ErrorCode::RateLimited));
    assert!(a.items(n, items(refilled, 1)).await.is_ok());
}
