//! Processes that die at named points.

use std::path::Path;

use chatty_core::store::{DatabaseKey, MIGRATIONS, Migration, Store, StoreError, VERSION, meta};
use chatty_native::{files, kill};

use super::processes::{HOME, child};
use super::{count, options, start, stop};

#[tokio::test]
async fn count_three_times() {
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    let engine = start(options(Path::new(&home))).await.unwrap();
    for _ in 0..3 {
        count(&engine).await;
    }
    stop(engine).await;
}

fn run_and_die(name: &str, home: &Path, point: &str) {
    let mut child = child(name, home)
        .env("CHATTY_KILL_AT", point)
        .spawn()
        .unwrap();
    assert!(
        !child.wait().unwrap().success(),
        "it did not die at {point}"
    );
}

#[tokio::test]
async fn a_home_survives_death_at_every_point_of_its_first_start() {
    for point in ["migrate.applied", "migrate.committed"] {
        let folder = tempfile::tempdir().unwrap();
        run_and_die("kills::count_three_times", folder.path(), point);
        let engine = start(options(folder.path())).await.unwrap();
        assert_eq!(count(&engine).await, "1", "{point}");
        stop(engine).await;
    }
}

#[tokio::test]
async fn what_was_committed_is_there_and_nothing_else() {
    for (point, counted) in [
        ("store.before-commit:2", "2"),
        ("store.after-commit:2", "3"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        run_and_die("kills::count_three_times", folder.path(), point);
        let engine = start(options(folder.path())).await.unwrap();
        assert_eq!(count(&engine).await, counted, "{point}");
        stop(engine).await;
    }
}

/// The list of a program that is one version ahead.
fn next() -> Vec<Migration> {
    let known = MIGRATIONS.iter().map(|step| Migration {
        version: step.version,
        sql: step.sql,
    });
    let sql = "CREATE TABLE later (a INTEGER) STRICT; INSERT INTO later VALUES (7);";
    let version = VERSION + 1;
    known.chain([Migration { version, sql }]).collect()
}

fn open_next(home: &Path) -> Store {
    let path = home.join("chatty.db");
    let copy = home.join("copy");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let key = DatabaseKey::new([7; 32]);
    let mut keep = |_| {
        files::copy_durable(&path, &copy).unwrap();
        Ok(())
    };
    let opened = Store::open_with(connection, &key, None, &next(), &mut keep);
    opened.unwrap().store
}

fn open_first(path: &Path) -> Store {
    let connection = rusqlite::Connection::open(path).unwrap();
    let key = DatabaseKey::new([7; 32]);
    let opened = Store::open(connection, &key, None, &mut |_| Ok(()));
    opened.unwrap().store
}

#[test]
fn migrate() {
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    kill::install();
    open_next(Path::new(&home));
}

#[test]
fn a_kill_during_a_migration_loses_nothing() {
    for point in ["migrate.copied", "migrate.applied", "migrate.committed"] {
        let folder = tempfile::tempdir().unwrap();
        let store = open_first(&folder.path().join("chatty.db"));
        let written: Result<(), StoreError> = store.commit(|tx| meta::set_number(tx, "kept", 5));
        written.unwrap();
        drop(store);
        run_and_die("kills::migrate", folder.path(), point);
        let copy = open_first(&folder.path().join("copy"));
        assert_eq!(
            meta::number(&copy, "kept").unwrap(),
            Some(5),
            "copy, {point}"
        );
        let store = open_next(folder.path());
        assert_eq!(meta::number(&store, "kept").unwrap(), Some(5), "{point}");
    }
}
