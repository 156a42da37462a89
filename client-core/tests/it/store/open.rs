//! Opening: keys, damage, generations, migrations.

use std::fs;

use chatty_core::store::message::change::Target;
use chatty_core::store::message::version;
use chatty_core::store::{
    Db, MIGRATIONS, Migration, Store, StoreError, VERSION, message, meta, salvage,
};

use super::{commit, conv, device, fresh, key, msg, open_in, text, user};

#[test]
fn a_wrong_key_is_refused_and_changes_nothing() {
    let (folder, store) = fresh();
    drop(store);
    let before = fs::read(folder.path().join("chatty.db")).unwrap();
    assert_eq!(
        open_in(folder.path(), 2, None).err(),
        Some(StoreError::WrongKey)
    );
    assert_eq!(fs::read(folder.path().join("chatty.db")).unwrap(), before);
    assert!(open_in(folder.path(), 1, None).is_ok());
}

#[test]
fn c10_neither_key_nor_text_is_in_the_files() {
    let (folder, store) = fresh();
    commit(&store, |tx| {
        message::write::insert(tx, &text(1, "canary-text-in-the-clear"))
    });
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!contains(&bytes, b"canary-text"));
        assert!(!contains(&bytes, b"SQLite format 3"));
        assert!(!contains(&bytes, &[1; 32]), "the raw key");
        assert!(!contains(&bytes, b"0101010101010101010101010101"));
    }
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn the_generation_rises_and_shuts_out_the_older_process() {
    let (folder, store) = fresh();
    assert_eq!(store.generation(), 1);
    // A second connection to the same file is refused by SQLite itself.
    assert_eq!(
        open_in(folder.path(), 1, None).err(),
        Some(StoreError::Busy)
    );
    drop(store);
    assert_eq!(
        open_in(folder.path(), 1, None).unwrap().store.generation(),
        2
    );
}

#[test]
fn a26_an_older_copy_of_the_database_is_noticed() {
    let (folder, store) = fresh();
    drop(store);
    let copy = fs::read(folder.path().join("chatty.db")).unwrap();
    let opened = open_in(folder.path(), 1, Some(1)).unwrap();
    assert!(!opened.restored);
    let outside = opened.epoch;
    drop(opened);
    // A crash after the database, before the outside epoch: the database is ahead, no alarm.
    assert!(!open_in(folder.path(), 1, Some(1)).unwrap().restored);
    fs::write(folder.path().join("chatty.db"), copy).unwrap();
    let opened = open_in(folder.path(), 1, Some(outside)).unwrap();
    assert!(opened.restored);
    assert!(opened.epoch > outside);
    // A crash before the engine has acted on it: it is still known at the next start.
    let outside = opened.epoch;
    drop(opened);
    let opened = open_in(folder.path(), 1, Some(outside)).unwrap();
    assert!(opened.restored && opened.store.was_restored());
    commit(&opened.store, |tx| meta::set_number(tx, meta::RESTORED, 0));
    drop(opened);
    assert!(!open_in(folder.path(), 1, Some(outside)).unwrap().restored);
}

#[test]
fn damage_is_found_and_the_rest_can_be_read() {
    let (folder, store) = fresh();
    for n in 1..=400 {
        let words = format!("message {n} {}", "x".repeat(200));
        commit(&store, |tx| message::write::insert(tx, &text(n, &words)));
    }
    store.check().unwrap();
    drop(store);
    let path = folder.path().join("chatty.db");
    let mut bytes = fs::read(&path).unwrap();
    // Past the schema, inside the pages of the rows.
    let middle = bytes.len() / 2;
    for byte in &mut bytes[middle..middle + 4096] {
        *byte ^= 0x5a;
    }
    fs::write(&path, &bytes).unwrap();
    if let Ok(opened) = open_in(folder.path(), 1, None) {
        assert_eq!(opened.store.check(), Err(StoreError::Damaged));
    }
    let connection = rusqlite::Connection::open(&path).unwrap();
    let damaged = Store::open_damaged(connection, &key(1)).unwrap();
    assert!(damaged.is_read_only());
    let refused = damaged.commit(|tx| message::write::insert(tx, &text(999, "no")));
    assert_eq!(refused.err(), Some(StoreError::ReadOnly));
    let found = salvage::messages(&damaged, 1_000).unwrap();
    assert!(
        found.messages.len() > 200,
        "{} readable",
        found.messages.len()
    );
    assert!(found.messages.iter().all(|row| row.conv == conv(1)));
    drop(damaged);
    fs::write(
        &path,
        b"not a database at all, but long enough to look at".repeat(100),
    )
    .unwrap();
    assert_eq!(
        open_in(folder.path(), 1, None).err(),
        Some(StoreError::WrongKey)
    );
}

#[test]
fn an_error_inside_a_commit_leaves_nothing() {
    let (_folder, store) = fresh();
    let failed: Result<(), StoreError> = store.commit(|tx| {
        message::write::insert(tx, &text(1, "half"))?;
        Err(StoreError::Rule("stop".into()))
    });
    assert!(failed.is_err());
    assert_eq!(message::by_seq(&store, &conv(1), 1).unwrap(), None);
}

/// The list of a program that is one version ahead.
fn next(sql: &'static str) -> Vec<Migration> {
    let known = MIGRATIONS.iter().map(|step| Migration {
        version: step.version,
        sql: step.sql,
    });
    let version = VERSION + 1;
    known.chain([Migration { version, sql }]).collect()
}

const LATER: &str = "CREATE TABLE later (a INTEGER) STRICT; INSERT INTO later VALUES (7);";
const BROKEN: &str = "CREATE TABLE later (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1);";

#[test]
fn a_copy_is_kept_before_a_migration_and_opens_by_itself() {
    let (folder, store) = fresh();
    commit(&store, |tx| message::write::insert(tx, &text(1, "before")));
    drop(store);
    let path = folder.path().join("chatty.db");
    let kept = folder.path().join("kept");
    fs::create_dir(&kept).unwrap();
    let mut versions = Vec::new();
    let connection = rusqlite::Connection::open(&path).unwrap();
    let opened = Store::open_with(connection, &key(1), None, &next(LATER), &mut |version| {
        versions.push(version);
        fs::copy(&path, kept.join("chatty.db")).unwrap();
        Ok(())
    });
    drop(opened.unwrap());
    assert_eq!(versions, [VERSION]);
    // The copy alone, without any log file, has everything.
    let copy = open_in(&kept, 1, None).unwrap().store;
    assert!(message::by_seq(&copy, &conv(1), 1).unwrap().is_some());
    // This program does not touch what a newer one wrote.
    let refused = open_in(folder.path(), 1, None).err();
    assert_eq!(
        refused,
        Some(StoreError::TooNew {
            found: VERSION + 1,
            known: VERSION
        })
    );
}

#[test]
fn a_migration_that_fails_leaves_the_old_version() {
    let (folder, store) = fresh();
    drop(store);
    let path = folder.path().join("chatty.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    assert!(Store::open_with(connection, &key(1), None, &next(BROKEN), &mut |_| Ok(())).is_err());
    let connection = rusqlite::Connection::open(&path).unwrap();
    assert!(Store::open_with(connection, &key(1), None, &next(LATER), &mut |_| Ok(())).is_ok());
}

#[test]
fn a_copy_that_fails_stops_the_migration() {
    let (folder, store) = fresh();
    drop(store);
    let path = folder.path().join("chatty.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let refused = Store::open_with(connection, &key(1), None, &next(LATER), &mut |_| {
        Err(StoreError::Full)
    });
    assert_eq!(refused.err(), Some(StoreError::Full));
    assert!(
        open_in(folder.path(), 1, None).is_ok(),
        "still the old version"
    );
}

#[test]
fn a_text_that_was_changed_before_versions_were_kept_still_shows_its_edit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chatty.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let old = Store::open_with(connection, &key(1), None, &MIGRATIONS[..2], &mut |_| Ok(()));
    let old = old.unwrap().store;
    let (conv, author, id) = (conv(1), user(2), msg(1));
    let row = |msg: &[u8], n: i64, kind: &str, shown: bool, text: Option<&str>| {
        old.connection()
            .execute(
                "INSERT INTO message (conv, author, device, msg, dev_seq, seq, sort, kind, shown,
                     mine, unread, at_ms, sent_at_ms, state, text, edited, deleted, expires_s)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5, ?6, ?7, 0, 0, 1000 + ?5, 0, 'read', ?8, ?7,
                     0, 0)",
                rusqlite::params![
                    conv.as_ref(),
                    author.as_ref(),
                    device(2).as_ref(),
                    msg,
                    n,
                    kind,
                    shown,
                    text
                ],
            )
            .unwrap();
    };
    row(id.as_ref(), 1, "text", true, Some("as it was changed"));
    row(msg(2).as_ref(), 2, "edit", false, None);
    old.connection()
        .execute(
            "INSERT INTO edit VALUES (?1, ?2, ?3, 1, ?4, 'as it was changed', x'', x'80')",
            [conv.as_ref(), author.as_ref(), id.as_ref(), msg(2).as_ref()],
        )
        .unwrap();
    drop(old);
    let store = open_in(folder.path(), 1, None).unwrap().store;
    let target = Target {
        conv: &conv,
        author: &author,
        msg: &id,
    };
    let history = version::history(&store, target).unwrap();
    let said: Vec<_> = history.iter().map(|v| (v.at_ms, v.text.as_str())).collect();
    assert_eq!(said, [(1_002, "as it was changed")]);
    assert_eq!(version::edit_rev(&store, target).unwrap(), 1);
}
