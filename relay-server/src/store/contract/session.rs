//! Refresh families (D2).

use super::sample::{at_once, device, people, user};
use crate::store::Store;
use crate::store::session::{NewFamily, Refresh, Refreshed};

const FAMILY: [u8; 16] = [4; 16];

async fn begin(store: &dyn Store) {
    people(store, &[1]).await;
    let family = NewFamily {
        family: FAMILY,
        user: user(1),
        device: None,
        hash: [0; 32],
        created: 1_000,
        expires: 10_000,
    };
    for _ in 0..2 {
        store.family_put(family.clone()).await.unwrap();
    }
}

/// The refresh of the token with this counter (its hash is the counter repeated).
fn refresh(counter: u8, now: u64, retry_ms: u64) -> Refresh {
    Refresh {
        family: FAMILY,
        counter: u64::from(counter),
        presented: [counter; 32],
        successor: [counter + 1; 32],
        now,
        expires: now + 10_000,
        retry_ms,
        device: None,
    }
}

pub async fn d2_one_refresh_wins(store: &dyn Store) {
    begin(store).await;
    let answers = at_once(200, |_| store.refresh(refresh(0, 2_000, 30_000))).await;
    let rotated = answers
        .iter()
        .filter(|answer| **answer == Ok(Refreshed::Rotated))
        .count();
    let repeats = answers
        .iter()
        .filter(|answer| **answer == Ok(Refreshed::Repeat { counter: 1 }))
        .count();
    assert_eq!((rotated, repeats), (1, 199));
    let family = store.family(FAMILY).await.unwrap().unwrap();
    assert_eq!(
        (family.counter, family.live, family.expires),
        (1, true, 12_000)
    );
}

pub async fn d2_reuse_kills_the_family(store: &dyn Store) {
    begin(store).await;
    assert_eq!(
        store.refresh(refresh(0, 2_000, 0)).await.unwrap(),
        Refreshed::Rotated
    );
    assert_eq!(
        store.refresh(refresh(0, 2_001, 0)).await.unwrap(),
        Refreshed::Reused,
        "no proof"
    );
    assert_eq!(
        store.refresh(refresh(1, 2_002, 0)).await.unwrap(),
        Refreshed::Dead,
        "the heir too"
    );
    assert!(!store.family(FAMILY).await.unwrap().unwrap().live);
}

pub async fn d2_a_proof_repeats_within_its_time(store: &dyn Store) {
    begin(store).await;
    store.refresh(refresh(0, 2_000, 0)).await.unwrap();
    let again = store.refresh(refresh(0, 31_999, 30_000)).await.unwrap();
    assert_eq!(again, Refreshed::Dead, "the family itself ended before");
    let mut long = refresh(1, 3_000, 0);
    long.expires = 900_000;
    store.refresh(long).await.unwrap();
    assert_eq!(
        store.refresh(refresh(2, 4_000, 0)).await.unwrap(),
        Refreshed::Rotated
    );
    let mut raced = refresh(3, 4_500, 0);
    raced.counter = 2;
    assert_eq!(store.refresh(raced).await.unwrap(), Refreshed::Raced);
    let repeat = store.refresh(refresh(2, 5_000, 30_000)).await.unwrap();
    assert_eq!(repeat, Refreshed::Repeat { counter: 3 });
    let older = store.refresh(refresh(1, 5_000, 30_000)).await.unwrap();
    assert_eq!(
        older,
        Refreshed::Reused,
        "two steps back is theft, proof or not"
    );
}

pub async fn revoked_families_stay_dead(store: &dyn Store) {
    begin(store).await;
    assert!(
        !store.family_revoke(user(2), FAMILY).await.unwrap(),
        "somebody else's"
    );
    let other = NewFamily {
        family: [5; 16],
        user: user(1),
        device: Some(device(1)),
        hash: [9; 32],
        created: 1,
        expires: 10_000,
    };
    store.family_put(other).await.unwrap();
    assert_eq!(store.families(user(1)).await.unwrap().len(), 2);
    let gone = store.families_revoke(user(1), Some([5; 16])).await.unwrap();
    assert_eq!(gone, [FAMILY]);
    assert_eq!(
        store.refresh(refresh(0, 2_000, 0)).await.unwrap(),
        Refreshed::Dead
    );
    assert!(store.family_revoke(user(1), [5; 16]).await.unwrap());
    assert!(!store.family_revoke(user(1), [5; 16]).await.unwrap());
    store
        .set_password(user(1), "new".into(), None)
        .await
        .unwrap();
    assert_eq!(
        store.password(user(1)).await.unwrap().as_deref(),
        Some("new")
    );
}
