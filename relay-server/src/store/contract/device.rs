//! Device logs and devices.

use bytes::Bytes;

use super::sample::{add, at_once, change, device, head_of, log_head, next, people, user};
use crate::store::Store;
use crate::store::device::{DeviceAppended, DeviceChange, DeviceState};
use crate::store::prekey::NewKey;
use crate::store::session::NewFamily;

pub async fn entries_follow_each_other(store: &dyn Store) {
    people(store, &[1]).await;
    let first = head_of(store, 1).await;
    assert_eq!((first.branch, first.head.seq), (0, 0));
    let entry = next(1, first, 0, vec![add(11)]);
    let stored = store.device_log_append(entry.clone()).await.unwrap();
    let head = head_of(store, 1).await;
    assert_eq!(stored, DeviceAppended::Stored(head));
    assert_eq!((head.head.seq, head.head.hash), (1, entry.hash));
    let again = store.device_log_append(entry.clone()).await.unwrap();
    assert_eq!(again, DeviceAppended::Repeated(head));
    let rival = store
        .device_log_append(next(1, first, 1, vec![]))
        .await
        .unwrap();
    assert_eq!(rival, DeviceAppended::Stale(head));
    let mut torn = next(1, head, 2, vec![]);
    torn.prev = first.head.hash;
    assert_eq!(
        store.device_log_append(torn).await.unwrap(),
        DeviceAppended::Stale(head)
    );
    let wrong = store
        .device_log_append(next(1, log_head(0, 7, 1), 0, vec![]))
        .await
        .unwrap();
    assert_eq!(wrong, DeviceAppended::Stale(head));
    let page = store
        .device_log(user(1), None, 1, 10)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (page.branch, page.head, page.entries),
        (0, head.head, vec![entry.bytes])
    );
    assert_eq!(
        store.device_log(user(1), Some(1), 0, 10).await.unwrap(),
        None
    );
    assert_eq!(store.device_log(user(9), None, 0, 10).await.unwrap(), None);
    let heads = store
        .device_log_heads(vec![user(9), user(1)])
        .await
        .unwrap();
    assert_eq!(heads, [(user(1), head)]);
}

pub async fn one_writer_of_a_number_wins(store: &dyn Store) {
    people(store, &[1]).await;
    let on = head_of(store, 1).await;
    let answers = at_once(20, |salt| {
        let salt = salt as u8;
        store.device_log_append(next(1, on, salt, vec![add(100 + u32::from(salt))]))
    })
    .await;
    let stored = answers
        .iter()
        .filter(|answer| matches!(answer.as_ref().unwrap(), DeviceAppended::Stored(_)))
        .count();
    assert_eq!(stored, 1);
    let devices = store.devices(user(1)).await.unwrap();
    assert_eq!(devices.len(), 2, "the losers' devices do not exist");
}

pub async fn revoking_takes_keys_and_sessions(store: &dyn Store) {
    people(store, &[1]).await;
    let key = NewKey {
        fallback: false,
        id: 1,
        bytes: Bytes::from("key"),
    };
    store
        .keys_put(device(1), vec![key], 50, 1_000)
        .await
        .unwrap();
    let family = NewFamily {
        family: [1; 16],
        user: user(1),
        device: Some(device(1)),
        hash: [0; 32],
        created: 1,
        expires: 99_999,
    };
    store.family_put(family).await.unwrap();
    change(
        store,
        1,
        vec![add(2), DeviceChange::Revoke { device: device(1) }],
    )
    .await;
    assert_eq!(store.key_count(device(1)).await.unwrap().one_time_left, 0);
    assert!(!store.family([1; 16]).await.unwrap().unwrap().live);
    let row = store.device(device(1)).await.unwrap().unwrap();
    assert_eq!(row.state, DeviceState::Revoked);
    // A revoked device never comes back, and the failed entry leaves nothing behind.
    let on = head_of(store, 1).await;
    let again = store
        .device_log_append(next(1, on, 0, vec![add(3), add(1)]))
        .await;
    assert!(again.is_err());
    assert_eq!(head_of(store, 1).await, on);
    assert_eq!(store.device(device(3)).await.unwrap(), None);
}

pub async fn recover_opens_a_branch(store: &dyn Store) {
    people(store, &[1]).await;
    let base = change(store, 1, vec![add(2)]).await;
    let left = change(store, 1, vec![add(3)]).await;
    let mut entry = next(
        1,
        base,
        9,
        vec![add(4), DeviceChange::Revoke { device: device(3) }],
    );
    entry.recover = true;
    let early = store.device_log_append(entry.clone()).await.unwrap();
    assert_eq!(
        early,
        DeviceAppended::Stale(left),
        "it must be validated on the newest head"
    );
    entry.on = Some(left);
    let stored = store.device_log_append(entry.clone()).await.unwrap();
    let head = head_of(store, 1).await;
    assert_eq!(stored, DeviceAppended::Stored(head));
    assert_eq!(
        (head.branch, head.head.seq),
        (1, 2),
        "the number is taken on the branch it leaves"
    );
    let again = store.device_log_append(entry.clone()).await.unwrap();
    assert_eq!(again, DeviceAppended::Repeated(head));
    let old = store
        .device_log(user(1), Some(0), 0, 10)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (old.entries.len(), old.head),
        (3, left.head),
        "the branch that was left is kept"
    );
    let last = change(store, 1, vec![]).await;
    let whole = store.device_log_whole(user(1)).await.unwrap();
    assert_eq!(
        (whole.len() as u64, &whole[2]),
        (last.head.seq + 1, &entry.bytes)
    );
    assert_eq!(whole[..2], old.entries[..2]);
}

pub async fn devices_are_listed(store: &dyn Store) {
    people(store, &[1, 2]).await;
    change(store, 1, vec![add(11)]).await;
    let renew = DeviceChange::Renew {
        device: device(11),
        class: 2,
        expires: 77,
    };
    change(store, 1, vec![renew]).await;
    store.device_seen(device(11), 500).await.unwrap();
    store.device_seen(device(11), 400).await.unwrap();
    let rows = store.devices(user(1)).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| row.device).collect::<Vec<_>>(),
        [device(1), device(11)]
    );
    let row = &rows[1];
    assert_eq!(
        (row.class, row.expires, row.last_seen, row.added),
        (2, 77, 500, 2_000)
    );
    assert_eq!(
        (row.cert.clone(), row.state),
        (Bytes::from("cert 11"), DeviceState::Live)
    );
    store
        .statement_put(user(1), Bytes::from("old"), 1)
        .await
        .unwrap();
    store
        .statement_put(user(1), Bytes::from("new"), 2)
        .await
        .unwrap();
    assert_eq!(
        store.statement(user(1)).await.unwrap(),
        Some((Bytes::from("new"), 2))
    );
    assert_eq!(store.statement(user(2)).await.unwrap(), None);
}
