//! A full disk refuses what grows and still takes acknowledgements and purge; a disk that fails
//! twice makes the store read-only, and loses nothing that was acknowledged.

use std::path::Path;
use std::process::Command;

use chatty_relay::store::purge::{PurgeCuts, PurgeStore};
use chatty_relay::store::sqlite::{Options, SqliteStore};
use chatty_relay::store::stream::Appended;
use chatty_relay::store::{AccountStore, MetaStore, StoreError, StreamStore};

use super::rows::{conv, create, message, open, options, push, whole};

const HOME: &str = "CHATTY_TEST_FULL_HOME";
const OLD: PurgeCuts = PurgeCuts {
    now: 0,
    rows: 1_200,
    inbox: 0,
    claims: 0,
    claimed_keys: 0,
};

#[tokio::test]
async fn a_full_disk_refuses_rows_until_purge_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let store = SqliteStore::open(
        &path,
        Options {
            max_pages: 400,
            ..options()
        },
    )
    .unwrap();
    push(&store, 1, vec![create(1)]).await.unwrap();
    let mut stored = 0;
    let error = loop {
        match push(&store, 1, vec![message(1, stored + 1, 4_000)]).await {
            Ok(_) => stored += 1,
            Err(error) => break error,
        }
        assert!(stored < 1_000, "the bound of the file does not hold");
    };
    assert_eq!(error, StoreError::Full);
    assert!(stored > 200);
    assert!(!path.with_extension("reserve").exists() || !store.stats().full);
    // Reading works, and so does everything that needs no room.
    assert_eq!(whole(&store, 1).await.len() as u64, stored + 1);
    store
        .spend("user/1".into(), "log-in", 1, 10, 1_000, 1)
        .await
        .unwrap();
    let mut purged = 0;
    loop {
        let step = store.purge(OLD, 50).await.unwrap();
        purged += step.rows;
        if !step.more {
            break;
        }
    }
    assert_eq!(purged, 199);
    let again = push(&store, 1, vec![message(1, stored + 1, 4_000)])
        .await
        .unwrap();
    assert_eq!(
        again,
        [Appended::Accepted { seq: stored + 2 }],
        "room again, and no number skipped"
    );
    assert!(!store.stats().full);
    assert!(
        path.with_extension("reserve").exists(),
        "the reserve is written again"
    );
    assert_eq!(
        store.stats().commit_errors,
        0,
        "a full disk is no broken disk"
    );
}

/// The child's side: the shell lets no file grow beyond a bound, so writes fail with an I/O error.
#[test]
fn child_writes_until_the_disk_fails() {
    let Ok(home) = std::env::var(HOME) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = open(Path::new(&home)).unwrap();
        push(&store, 1, vec![create(1)]).await.unwrap();
        let mut errors = Vec::new();
        for n in 1..2_000 {
            match push(&store, 1, vec![message(1, n, 4_000)]).await {
                Ok(_) if errors.is_empty() => println!("acked {n}"),
                Ok(_) => println!("acked {n} after an error"),
                Err(error) => errors.push(error),
            }
            if errors.len() == 4 {
                break;
            }
        }
        let rows = store.heads(vec![conv(1)]).await.unwrap()[0].unwrap().head;
        println!(
            "errors {errors:?} read_only {} head {rows}",
            store.stats().read_only
        );
    });
}

#[tokio::test]
async fn io_errors_end_in_read_only_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("relay.db");
    drop(open(&home).unwrap());
    let output = Command::new("sh")
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -f 4096; exec \"$0\" --exact store::full::child_writes_until_the_disk_fails --nocapture")
        .arg(std::env::current_exe().unwrap())
        .env(HOME, &home)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        text.contains("errors [Io(") && text.contains("read_only true"),
        "{text}"
    );
    let acked = text.lines().filter(|line| line.contains("acked ")).count();
    assert!(acked > 20, "{text}");
    // The process with the bound is gone: everything acknowledged is there.
    let store = open(&home).unwrap();
    assert!(whole(&store, 1).await.len() > acked);
    push(&store, 1, vec![message(1, 5_000, 100)]).await.unwrap();
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
