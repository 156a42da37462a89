//! Published keys (A17, A18).

use std::collections::HashMap;

use bytes::Bytes;
use chatty_protocol::limits;

use super::sample::{at_once, change, device, people};
use crate::store::device::DeviceChange;
use crate::store::prekey::{ClaimTarget, Claimed, KeyCount, NewKey};
use crate::store::purge::PurgeCuts;
use crate::store::{Store, StoreError};

fn one_time(id: u64) -> NewKey {
    NewKey {
        fallback: false,
        id,
        bytes: Bytes::from(format!("one-time {id}")),
    }
}

fn fallback(id: u64) -> NewKey {
    NewKey {
        fallback: true,
        id,
        bytes: Bytes::from(format!("fallback {id}")),
    }
}

fn target(number: u32) -> ClaimTarget {
    ClaimTarget {
        device: device(number),
        fallback_only: false,
        repeat_only: false,
    }
}

fn claim_id(number: u32) -> [u8; 16] {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    id
}

async fn claim(store: &dyn Store, claimer: u32, id: u32, now: u64) -> Claimed {
    let since = now.saturating_sub(600_000);
    let mut all = store
        .claim(device(claimer), claim_id(id), vec![target(2)], now, since)
        .await
        .unwrap();
    all.remove(0)
}

pub async fn a18_each_key_is_claimed_once(store: &dyn Store) {
    people(store, &[1, 2, 3]).await;
    let mut keys: Vec<NewKey> = (1..=50).map(one_time).collect();
    keys.push(fallback(1));
    let count = store.keys_put(device(2), keys, 50, 1_000).await.unwrap();
    assert_eq!(
        count,
        KeyCount {
            one_time_left: 50,
            fallback_used: false
        }
    );
    // Two claimers, two hundred claims at once, some of them the same claim again.
    let answers = at_once(400, |number| {
        let (claimer, id) = (1 + 2 * (number % 2), number / 4);
        store.claim(device(claimer), claim_id(id), vec![target(2)], 5_000, 0)
    })
    .await;
    let mut by_claim: HashMap<(u32, u32), Bytes> = HashMap::new();
    for (number, answer) in (0..).zip(answers) {
        let key = answer.unwrap().remove(0).key.unwrap();
        let known = by_claim
            .entry((number % 2, number / 4))
            .or_insert_with(|| key.clone());
        assert_eq!(*known, key, "the same claim got two keys");
    }
    let mut uses: HashMap<Bytes, usize> = HashMap::new();
    for key in by_claim.into_values() {
        *uses.entry(key).or_default() += 1;
    }
    assert_eq!(uses.remove(&Bytes::from("fallback 1")), Some(150));
    assert_eq!(uses.len(), 50);
    assert!(
        uses.values().all(|count| *count == 1),
        "a one-time key went out twice"
    );
    let left = store.key_count(device(2)).await.unwrap();
    assert_eq!(
        left,
        KeyCount {
            one_time_left: 0,
            fallback_used: true
        }
    );
}

pub async fn a18_the_same_claim_gets_the_same_key(store: &dyn Store) {
    people(store, &[1, 2]).await;
    store
        .keys_put(
            device(2),
            vec![one_time(1), one_time(2), fallback(1)],
            50,
            1_000,
        )
        .await
        .unwrap();
    let first = claim(store, 1, 7, 1_000).await;
    assert_eq!(first.key, Some(Bytes::from("one-time 1")));
    assert_eq!(first.left.unwrap().one_time_left, 1);
    let again = claim(store, 1, 7, 600_000).await;
    assert_eq!((again.key, again.left), (first.key, None));
    let later = claim(store, 1, 7, 700_000).await;
    assert_eq!(
        later.key,
        Some(Bytes::from("one-time 2")),
        "ten minutes are over"
    );
    let none = store
        .claim(device(1), claim_id(9), vec![target(8)], 1, 0)
        .await
        .unwrap();
    assert_eq!(
        none,
        [Claimed {
            key: None,
            left: None
        }]
    );
    change(store, 2, vec![DeviceChange::Revoke { device: device(2) }]).await;
    assert_eq!(
        claim(store, 1, 7, 700_001).await.key,
        None,
        "revoked: not even by a repeat"
    );
    assert_eq!(claim(store, 1, 8, 700_001).await.key, None);
}

pub async fn a18_a_claimed_key_never_returns(store: &dyn Store) {
    people(store, &[1, 2]).await;
    store
        .keys_put(device(2), vec![one_time(1)], 50, 1_000)
        .await
        .unwrap();
    claim(store, 1, 1, 1_000).await;
    let count = store
        .keys_put(device(2), vec![one_time(1), one_time(2)], 50, 1_000)
        .await
        .unwrap();
    assert_eq!(count.one_time_left, 1, "a late repeat of the upload");
    assert_eq!(
        claim(store, 1, 2, 1_000).await.key,
        Some(Bytes::from("one-time 2"))
    );
    let cuts = PurgeCuts {
        now: 0,
        rows: 0,
        inbox: 0,
        claims: 1_001,
        claimed_keys: 1_001,
    };
    assert_eq!(store.purge(cuts, 100).await.unwrap().others, 4);
}

pub async fn a17_a_ticket_gives_the_fallback_only(store: &dyn Store) {
    people(store, &[1, 2]).await;
    store
        .keys_put(device(2), vec![one_time(1), fallback(3)], 50, 1_000)
        .await
        .unwrap();
    let by_ticket = ClaimTarget {
        device: device(2),
        fallback_only: true,
        repeat_only: false,
    };
    let claimed = store
        .claim(device(1), claim_id(1), vec![by_ticket], 1, 0)
        .await
        .unwrap();
    assert_eq!(claimed[0].key, Some(Bytes::from("fallback 3")));
    let left = claimed[0].left.unwrap();
    assert_eq!(
        left,
        KeyCount {
            one_time_left: 1,
            fallback_used: true
        }
    );
}

pub async fn fallback_keys_replace_each_other(store: &dyn Store) {
    people(store, &[1, 2]).await;
    assert!(store.key_count(device(2)).await.unwrap().fallback_used);
    store
        .keys_put(device(2), vec![fallback(1)], 50, 1_000)
        .await
        .unwrap();
    claim(store, 1, 1, 1).await;
    let count = store
        .keys_put(device(2), vec![fallback(1)], 50, 1_000)
        .await
        .unwrap();
    assert!(count.fallback_used, "a repeat is no new key");
    let count = store
        .keys_put(device(2), vec![fallback(2)], 50, 1_000)
        .await
        .unwrap();
    assert!(!count.fallback_used);
    store
        .keys_put(device(2), vec![fallback(1)], 50, 1_000)
        .await
        .unwrap();
    assert_eq!(
        claim(store, 1, 2, 1).await.key,
        Some(Bytes::from("fallback 2"))
    );
}

pub async fn fallback_keys_come_at_most_once_a_day(store: &dyn Store) {
    people(store, &[1, 2]).await;
    let put = |id, now| store.keys_put(device(2), vec![fallback(id)], 50, now);
    put(1, 1_000).await.unwrap();
    // The first may have come late, so the second may follow at once.
    put(2, 2_000).await.unwrap();
    for _ in 0..2 {
        let too_soon = put(3, 3_000).await;
        let wait = limits::FALLBACK_MIN_MS - 2_000;
        assert_eq!(too_soon, Err(StoreError::TooSoon(wait)));
    }
    put(2, 3_000).await.unwrap();
    let mixed = store.keys_put(device(2), vec![one_time(1), fallback(3)], 50, 4_000);
    assert!(mixed.await.is_err());
    assert_eq!(store.key_count(device(2)).await.unwrap().one_time_left, 0);
    put(3, 1_000 + limits::FALLBACK_MIN_MS).await.unwrap();
    let soon = put(4, 1_000 + limits::FALLBACK_MIN_MS).await;
    assert_eq!(soon, Err(StoreError::TooSoon(1_000)));
}

pub async fn key_ids_are_not_reused(store: &dyn Store) {
    people(store, &[1, 2]).await;
    store
        .keys_put(device(2), vec![one_time(1), fallback(1)], 50, 1_000)
        .await
        .unwrap();
    for mut other in [one_time(1), fallback(1)] {
        other.bytes = Bytes::from("other");
        let refused = store
            .keys_put(device(2), vec![one_time(5), other], 50, 1_000)
            .await;
        assert!(
            matches!(refused, Err(StoreError::Conflict(_))),
            "{refused:?}"
        );
    }
    assert_eq!(
        store.key_count(device(2)).await.unwrap().one_time_left,
        1,
        "nothing was stored"
    );
    let many = store
        .keys_put(device(2), (10..70).map(one_time).collect(), 50, 1_000)
        .await;
    assert!(matches!(many, Err(StoreError::Invalid(_))));
    let unknown = store
        .keys_put(device(9), vec![one_time(1)], 50, 1_000)
        .await;
    assert!(matches!(unknown, Err(StoreError::NotFound(_))));
}
