//! Backup while serving, and what happens to a copy that is put back.

use std::cell::Cell;

use chatty_relay::store::sqlite::SqliteStore;
use chatty_relay::store::{MetaStore, StoreError};

use super::rows::{create, message, open, push, whole};

#[tokio::test]
async fn a_copy_starts_only_after_restored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let copy = folder.path().join("copy.db");
    let store = open(&path).unwrap();
    push(&store, 1, vec![create(1)]).await.unwrap();
    for n in 1..=50 {
        push(&store, 1, vec![message(1, n, 500)]).await.unwrap();
    }
    store.backup(copy.clone()).await.unwrap();
    let again = store.backup(copy.clone()).await;
    assert!(
        matches!(again, Err(StoreError::Conflict(_))),
        "no backup is overwritten"
    );
    push(&store, 1, vec![message(1, 51, 500)]).await.unwrap();
    assert_eq!((store.incarnation(), store.restored_at()), ([7; 16], None));

    assert_eq!(open(&copy).err(), Some(StoreError::BackupCopy));
    assert_eq!(
        open(&copy).err(),
        Some(StoreError::BackupCopy),
        "trying changes nothing"
    );
    SqliteStore::restored(&copy, [8; 16], 12_345).unwrap();
    let restored = open(&copy).unwrap();
    assert_eq!(
        (restored.incarnation(), restored.restored_at()),
        ([8; 16], Some(12_345))
    );
    assert_eq!(whole(&restored, 1).await.len(), 51);
    assert_eq!(whole(&store, 1).await.len(), 52);
    drop(restored);
    assert_eq!(
        open(&copy).unwrap().incarnation(),
        [8; 16],
        "the new identity stays"
    );
}

#[tokio::test]
async fn a_backup_under_load_is_consistent() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("relay.db")).unwrap();
    let copy = folder.path().join("copy.db");
    push(&store, 1, vec![create(1)]).await.unwrap();
    // More pages than some steps copy, so that commits fall between any two of them.
    for n in 0..30 {
        let rows = (1..=10)
            .map(|row| message(1, n * 10 + row, 80_000))
            .collect();
        push(&store, 1, rows).await.unwrap();
    }
    let done = Cell::new(false);
    let backup = async {
        store.backup(copy.clone()).await.unwrap();
        done.set(true);
    };
    let writing = async {
        let mut n = 300;
        while !done.get() {
            n += 1;
            push(&store, 1, vec![message(1, n, 2_000)]).await.unwrap();
            assert!(n < 1_000, "the copy does not end while rows come in");
        }
        n
    };
    let ((), n) = futures::join!(backup, writing);
    SqliteStore::restored(&copy, [8; 16], 1).unwrap();
    let restored = open(&copy).unwrap();
    // Whatever moment the copy caught, it is a prefix without a hole.
    whole(&restored, 1).await;
    assert_eq!(restored.check().await.unwrap(), Vec::<String>::new());
    assert_eq!(whole(&store, 1).await.len() as u64, n + 1);
}

#[test]
fn only_a_relay_database_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let missing = SqliteStore::restored(&folder.path().join("none.db"), [1; 16], 1);
    assert!(matches!(missing, Err(StoreError::NotFound(_))));
    let path = folder.path().join("relay.db");
    let _open = open(&path).unwrap();
    let in_use = SqliteStore::restored(&path, [1; 16], 1);
    assert!(matches!(in_use, Err(StoreError::Conflict(_))));
}
