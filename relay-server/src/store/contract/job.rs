//! Jobs and small values.

use std::collections::HashSet;

use bytes::Bytes;

use super::sample::at_once;
use crate::store::Store;
use crate::store::job::JOB_TRIES;

pub async fn jobs_are_leased_one_by_one(store: &dyn Store) {
    for number in 0..30 {
        let put = store
            .job_put("mail", format!("m{number}"), 100, Bytes::from("x"))
            .await;
        assert_eq!(put, Ok(true));
    }
    assert!(
        !store
            .job_put("mail", "m1".into(), 100, Bytes::new())
            .await
            .unwrap()
    );
    assert!(
        store
            .job_put("other", "m1".into(), 100, Bytes::new())
            .await
            .unwrap()
    );
    assert_eq!(store.job_lease("mail", 5, 99, 500).await.unwrap(), []);
    let answers = at_once(10, |_| store.job_lease("mail", 5, 100, 500)).await;
    let leased: Vec<_> = answers.into_iter().flat_map(Result::unwrap).collect();
    let keys: HashSet<_> = leased.iter().map(|job| job.key.clone()).collect();
    assert_eq!((leased.len(), keys.len()), (30, 30), "each job once");
    for job in &leased[..10] {
        store.job_done(job.id).await.unwrap();
    }
    store.job_fail(leased[10].id, 300).await.unwrap();
    store
        .job_update(leased[11].id, Bytes::from("y"))
        .await
        .unwrap();
    assert_eq!(
        store.job_lease("mail", 99, 300, 900).await.unwrap().len(),
        1,
        "the failed one"
    );
    let again = store.job_lease("mail", 99, 500, 900).await.unwrap();
    assert_eq!(again.len(), 19, "a lease that ran out is offered again");
    assert!(again.iter().all(|job| job.tries == 2));
    let updated = again.iter().find(|job| job.id == leased[11].id).unwrap();
    assert_eq!(updated.payload, Bytes::from("y"));
}

pub async fn dead_after_twenty_tries(store: &dyn Store) {
    store
        .job_put("mail", "a".into(), 0, Bytes::new())
        .await
        .unwrap();
    for number in 1..=JOB_TRIES {
        let job = store
            .job_lease("mail", 1, u64::from(number), 1_000)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(job.tries, number);
        store.job_fail(job.id, u64::from(number)).await.unwrap();
    }
    assert_eq!(store.job_lease("mail", 1, 9_000, 9_001).await.unwrap(), []);
    assert!(
        !store
            .job_put("mail", "a".into(), 0, Bytes::new())
            .await
            .unwrap()
    );
}

pub async fn first_values_win(store: &dyn Store) {
    assert_eq!(store.meta_get("key").await.unwrap(), None);
    let answers = at_once(8, |n| {
        store.meta_init("key", Bytes::from(format!("value {n}")))
    })
    .await;
    let values: HashSet<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(values.len(), 1, "everybody sees the same value");
    store.meta_put("key", Bytes::from("new")).await.unwrap();
    assert_eq!(
        store.meta_get("key").await.unwrap(),
        Some(Bytes::from("new"))
    );
    assert_eq!(store.incarnation(), [7; 16]);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
