//! Deletion of accounts, as a saga.

use super::account::{CREATED, session};
use super::sample::{account, device, head_of, next, people, user};
use crate::store::account::SignUp;
use crate::store::device::{DeviceAppended, DeviceChange, DeviceState};
use crate::store::{Store, StoreError};

pub async fn a_close_entry_starts_the_deletion(store: &dyn Store) {
    people(store, &[1]).await;
    session(store, 1).await;
    let on = head_of(store, 1).await;
    let mut entry = next(1, on, 0, vec![DeviceChange::Revoke { device: device(1) }]);
    entry.close = true;
    let stored = store.device_log_append(entry.clone()).await.unwrap();
    assert!(matches!(stored, DeviceAppended::Stored(_)));
    // Whoever crashes here leaves an account that somebody else ends.
    let saga = store.sagas(9).await.unwrap();
    assert_eq!((saga.len(), saga[0].user), (1, user(1)));
    assert_eq!(store.password(user(1)).await.unwrap(), None);
    assert!(store.account(user(1)).await.unwrap().unwrap().closed);
    let again = store.device_log_append(entry).await.unwrap();
    assert!(matches!(again, DeviceAppended::Repeated(_)));
    store.saga_finish(user(1), 50_000).await.unwrap();
    assert_eq!(store.sagas(9).await.unwrap(), []);
}

pub async fn deletion_goes_on_after_a_crash(store: &dyn Store) {
    people(store, &[1]).await;
    session(store, 1).await;
    assert_eq!(store.saga_start(user(1)).await.unwrap().step, 0);
    assert_eq!(store.password(user(1)).await.unwrap(), None);
    assert_eq!(
        store.by_email("user1@example.org".into()).await.unwrap(),
        None
    );
    assert_eq!(store.by_handle("user1".into()).await.unwrap(), None);
    assert!(store.families(user(1)).await.unwrap().is_empty());
    let row = store.device(device(1)).await.unwrap().unwrap();
    assert_eq!(row.state, DeviceState::Revoked);
    store.saga_step(user(1), 2).await.unwrap();
    store.saga_step(user(1), 1).await.unwrap();
    assert_eq!(
        store.saga_start(user(1)).await.unwrap().step,
        2,
        "found where it was"
    );
    assert_eq!(store.sagas(9).await.unwrap().len(), 1);
    store.saga_finish(user(1), 50_000).await.unwrap();
    store.saga_finish(user(1), 60_000).await.unwrap();
    assert_eq!(store.sagas(9).await.unwrap(), []);
    assert!(store.account(user(1)).await.unwrap().unwrap().closed);
    assert_eq!(
        store.device_log_whole(user(1)).await.unwrap().len(),
        1,
        "the log stays"
    );
    let gone = store.saga_start(user(1)).await;
    assert_eq!(gone, Err(StoreError::NotFound("account")));
    let mut heir = account(2);
    heir.handle = "user1".into();
    heir.released_before = 50_000;
    assert_eq!(
        store.sign_up(heir.clone()).await.unwrap(),
        SignUp::HandleTaken
    );
    heir.released_before = 50_001;
    assert_eq!(
        store.sign_up(heir).await.unwrap(),
        CREATED,
        "ninety days later"
    );
}
