//! Inboxes.

use bytes::Bytes;
use chatty_protocol::limits;

use super::sample::{at_once, change, device, people, user};
use crate::store::Store;
use crate::store::device::DeviceChange;
use crate::store::inbox::{ItemPut, NewBatch, NewItem};
use crate::store::purge::PurgeCuts;

fn item(to: u32, size: usize) -> NewItem {
    NewItem {
        to: device(to),
        body: Bytes::from(vec![1; size]),
        expires: 9_000,
        own: false,
        refused: false,
    }
}

fn batch(from: u32, n0: u64, items: Vec<NewItem>) -> NewBatch {
    NewBatch {
        user: user(from),
        device: device(from),
        n0,
        items,
        now: 1_000,
    }
}

async fn numbers(store: &dyn Store, to: u32) -> Vec<u64> {
    let page = store
        .inbox_take(device(to), 0, 1_000, usize::MAX, 1_000)
        .await
        .unwrap();
    page.items.iter().map(|item| item.n).collect()
}

pub async fn items_wait_until_acknowledged(store: &dyn Store) {
    people(store, &[1, 2, 3]).await;
    for n in 1..=5 {
        let put = store
            .inbox_put(batch(1, n, vec![item(2, 10)]))
            .await
            .unwrap();
        assert_eq!(put, [ItemPut::Stored]);
    }
    store
        .inbox_put(batch(3, 1, vec![item(2, 10)]))
        .await
        .unwrap();
    let page = store
        .inbox_take(device(2), 0, 3, usize::MAX, 1_000)
        .await
        .unwrap();
    assert_eq!((page.items.len(), page.pending), (3, 6));
    assert_eq!(
        (page.items[0].user, page.items[0].device),
        (user(1), device(1))
    );
    let rest = store
        .inbox_take(device(2), page.items[2].place, 9, usize::MAX, 1_000)
        .await
        .unwrap();
    assert_eq!(
        rest.items.iter().map(|item| item.n).collect::<Vec<_>>(),
        [4, 5, 1]
    );
    let small = store.inbox_take(device(2), 0, 9, 15, 1_000).await.unwrap();
    assert_eq!(small.items.len(), 1);
    assert_eq!(numbers(store, 2).await.len(), 6, "taking deletes nothing");
    assert_eq!(
        store
            .inbox_ack(device(2), vec![(device(1), 3)])
            .await
            .unwrap(),
        3
    );
    assert_eq!(
        store
            .inbox_ack(device(2), vec![(device(1), 3)])
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        store
            .inbox_ack(device(3), vec![(device(1), 9)])
            .await
            .unwrap(),
        0,
        "own inbox only"
    );
    assert_eq!(numbers(store, 2).await, [4, 5, 1]);
}

pub async fn a_place_is_never_given_again(store: &dyn Store) {
    people(store, &[1, 2]).await;
    let mut last = 0;
    for n in 1..=4 {
        store
            .inbox_put(batch(1, n, vec![item(2, 10)]))
            .await
            .unwrap();
        let page = store.inbox_take(device(2), last, 9, 1_000, 1_000).await;
        let places: Vec<u64> = page.unwrap().items.iter().map(|item| item.place).collect();
        assert_eq!(places.len(), 1, "item {n} stands behind the ones that went");
        assert!(places[0] > last);
        last = places[0];
        let gone = store.inbox_ack(device(2), vec![(device(1), n)]).await;
        assert_eq!(gone.unwrap(), 1, "the inbox is empty again");
    }
}

pub async fn repeats_are_stored_once(store: &dyn Store) {
    people(store, &[1, 2, 3]).await;
    let mut refused = item(3, 5);
    refused.refused = true;
    let call = batch(1, 7, vec![item(2, 5), refused, item(3, 5)]);
    for _ in 0..3 {
        let put = store.inbox_put(call.clone()).await.unwrap();
        assert_eq!(put, [ItemPut::Stored, ItemPut::Refused, ItemPut::Stored]);
    }
    assert_eq!(
        (numbers(store, 2).await, numbers(store, 3).await),
        (vec![7], vec![9])
    );
}

pub async fn a_pair_has_a_quota(store: &dyn Store) {
    people(store, &[1, 2, 3]).await;
    for n in 1..=limits::INBOX_PAIR_ITEMS as u64 {
        store
            .inbox_put(batch(1, n, vec![item(2, 1)]))
            .await
            .unwrap();
    }
    assert_eq!(
        store
            .inbox_put(batch(1, 257, vec![item(2, 1)]))
            .await
            .unwrap(),
        [ItemPut::Full]
    );
    assert_eq!(
        store
            .inbox_put(batch(1, 256, vec![item(2, 1)]))
            .await
            .unwrap(),
        [ItemPut::Stored]
    );
    assert_eq!(
        store
            .inbox_put(batch(3, 1, vec![item(2, 1)]))
            .await
            .unwrap(),
        [ItemPut::Stored]
    );
    store
        .inbox_ack(device(2), vec![(device(1), 1)])
        .await
        .unwrap();
    assert_eq!(
        store
            .inbox_put(batch(1, 258, vec![item(2, 1)]))
            .await
            .unwrap(),
        [ItemPut::Stored]
    );
    // Bytes count as well.
    let half = limits::INBOX_PAIR_BYTES / 2;
    store
        .inbox_put(batch(1, 300, vec![item(3, half)]))
        .await
        .unwrap();
    assert_eq!(
        store
            .inbox_put(batch(1, 301, vec![item(3, half + 1)]))
            .await
            .unwrap(),
        [ItemPut::Full]
    );
}

pub async fn a_quarter_is_kept_for_own_devices(store: &dyn Store) {
    let senders: Vec<u32> = (10..40).collect();
    people(store, &[2]).await;
    people(store, &senders).await;
    let size = limits::INBOX_PAIR_BYTES - 1;
    let mut stored = 0;
    for sender in senders {
        let put = store
            .inbox_put(batch(sender, 1, vec![item(2, size)]))
            .await
            .unwrap();
        stored += usize::from(put == [ItemPut::Stored]);
    }
    let whole = limits::INBOX_BYTES / limits::INBOX_PAIR_BYTES;
    assert_eq!(stored, whole - whole / limits::INBOX_OWN_SHARE);
    let mut own = item(2, size);
    own.own = true;
    assert_eq!(
        store.inbox_put(batch(50, 1, vec![own])).await.unwrap(),
        [ItemPut::Stored]
    );
}

pub async fn an_inbox_has_a_most(store: &dyn Store) {
    let most = limits::INBOX_ITEMS - limits::INBOX_ITEMS / limits::INBOX_OWN_SHARE;
    let senders = u32::try_from(most / limits::INBOX_PAIR_ITEMS).unwrap();
    people(store, &[2]).await;
    for n in 1..=limits::INBOX_PAIR_ITEMS as u64 {
        let put = |sender| store.inbox_put(batch(10 + sender, n, vec![item(2, 1)]));
        for stored in at_once(senders, put).await {
            assert_eq!(stored.unwrap(), [ItemPut::Stored]);
        }
    }
    let left = (most % limits::INBOX_PAIR_ITEMS) as u64;
    for n in 1..=left + 1 {
        let put = store.inbox_put(batch(500, n, vec![item(2, 1)])).await;
        let expected = if n > left {
            ItemPut::Full
        } else {
            ItemPut::Stored
        };
        assert_eq!(put.unwrap(), [expected], "item {n} of {left}");
    }
    let mut own = item(2, 1);
    own.own = true;
    let put = store.inbox_put(batch(501, 1, vec![own])).await;
    assert_eq!(put.unwrap(), [ItemPut::Stored], "the last quarter");
}

pub async fn expired_items_are_left_out(store: &dyn Store) {
    people(store, &[1, 2]).await;
    store
        .inbox_put(batch(1, 1, vec![item(2, 5)]))
        .await
        .unwrap();
    let late = store.inbox_take(device(2), 0, 9, 99, 9_001).await.unwrap();
    assert_eq!((late.items.len(), late.pending), (0, 0));
    let cuts = PurgeCuts {
        now: 9_001,
        rows: 0,
        inbox: 0,
        claims: 0,
        claimed_keys: 0,
    };
    assert_eq!(store.purge(cuts, 100).await.unwrap().items, 1);
    let cuts = PurgeCuts {
        now: 0,
        inbox: 1_001,
        ..cuts
    };
    store
        .inbox_put(batch(1, 2, vec![item(2, 5)]))
        .await
        .unwrap();
    assert_eq!(store.purge(cuts, 100).await.unwrap().items, 1);
}

pub async fn unknown_and_revoked_devices_take_nothing(store: &dyn Store) {
    people(store, &[1, 2]).await;
    let put = store
        .inbox_put(batch(1, 1, vec![item(9, 5), item(2, 5)]))
        .await
        .unwrap();
    assert_eq!(put, [ItemPut::Unknown, ItemPut::Stored]);
    change(store, 2, vec![DeviceChange::Revoke { device: device(2) }]).await;
    assert_eq!(
        store
            .inbox_put(batch(1, 3, vec![item(2, 5)]))
            .await
            .unwrap(),
        [ItemPut::Unknown]
    );
    let cuts = PurgeCuts {
        now: 0,
        rows: 0,
        inbox: 0,
        claims: 0,
        claimed_keys: 0,
    };
    assert_eq!(
        store.purge(cuts, 100).await.unwrap().items,
        1,
        "its inbox goes"
    );
}
