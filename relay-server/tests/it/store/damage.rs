//! Files that must not be opened, or not be trusted.

use std::fs;
use std::io::{Seek, SeekFrom, Write};

use chatty_relay::store::{MetaStore, StoreError};

use super::rows::{create, message, open, push, whole};

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    fs::write(&path, vec![b'x'; 8192]).unwrap();
    assert!(matches!(open(&path).err(), Some(StoreError::Corrupt(_))));
}

#[tokio::test]
async fn damaged_pages_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let store = open(&path).unwrap();
    push(&store, 1, vec![create(1)]).await.unwrap();
    for n in 1..300 {
        push(&store, 1, vec![message(1, n, 1_000)]).await.unwrap();
    }
    store.close().await;
    drop(store);
    // Rows may still stand in the journal beside the file: bring them in, so that they are hit.
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(conn);
    let mut file = fs::File::options().write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    for page in (40..length / 4096).step_by(2) {
        file.seek(SeekFrom::Start(page * 4096)).unwrap();
        file.write_all(&[0xaa; 4096]).unwrap();
    }
    drop(file);
    // Whatever notices first says what it is: opening, or the check.
    match open(&path) {
        Err(error) => assert!(matches!(error, StoreError::Corrupt(_)), "{error}"),
        Ok(store) => {
            let checked = store.check().await;
            let found = match &checked {
                Ok(faults) => !faults.is_empty(),
                Err(error) => matches!(error, StoreError::Corrupt(_)),
            };
            assert!(found, "{checked:?}");
        }
    }
}

#[test]
fn a_newer_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    drop(open(&path).unwrap());
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", 999).unwrap();
    drop(conn);
    assert!(matches!(
        open(&path).err(),
        Some(StoreError::Newer { found: 999, .. })
    ));
}

#[test]
fn a_database_in_use_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let first = open(&path).unwrap();
    assert!(matches!(open(&path).err(), Some(StoreError::Conflict(_))));
    drop(first);
    open(&path).unwrap();
}

#[tokio::test]
async fn closing_writes_what_is_queued() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let store = open(&path).unwrap();
    push(&store, 1, vec![create(1)]).await.unwrap();
    let rows = (1..=80).map(|n| message(1, n, 10)).collect();
    let (pushed, ()) = futures::join!(push(&store, 1, rows), store.close());
    assert_eq!(
        push(&store, 1, vec![message(1, 99, 1)]).await,
        Err(StoreError::Closed)
    );
    drop(store);
    let stored = whole(&open(&path).unwrap(), 1).await.len();
    match pushed {
        Ok(_) => assert_eq!(stored, 81),
        Err(error) => assert_eq!((error, stored), (StoreError::Closed, 1)),
    }
}
