//! Texts that break careless stores.

use chatty_core::api::state::{ChatKind, DeviceClass, DeviceState};
use chatty_core::store::account::{self, AccountRow};
use chatty_core::store::contact::{self, ContactRow};
use chatty_core::store::conversation::{self, ConversationRow};
use chatty_core::store::device::{self as devices, DeviceRow};
use chatty_core::store::message::change::{self, Target};
use chatty_core::store::message::version::{self, Edit};
use chatty_core::store::message::{self, Kind};
use chatty_core::store::outbox::{self, OutRow, OutState};
use chatty_core::store::setting::{self, SettingRow};
use chatty_core::store::{Store, meta, search};

use super::{commit, conv, device, fresh, msg, rows, text, user};

/// 500 texts: SQL, FTS syntax, quotes, controls, direction marks, length, and their mixtures.
fn corpus() -> Vec<String> {
    let seeds = [
        "'; DROP TABLE message; --",
        "\" OR \"\"=\"",
        "Robert'); DELETE FROM account;--",
        "%",
        "_",
        "?1",
        ":name",
        "@a",
        "$1",
        "NULL",
        "x'00'",
        "/*",
        "*/",
        "--",
        ";",
        "\\",
        "\\'",
        "''",
        "\"\"",
        "text:abc",
        "NEAR(a b)",
        "a AND b",
        "a OR",
        "NOT",
        "^abc",
        "abc*",
        "{a b}",
        "(",
        ")",
        "-abc",
        "a + b",
        "\"unclosed",
        "col : x",
        "\u{0}",
        "a\u{0}b",
        "\u{1}\u{2}\u{3}",
        "\u{7f}",
        "\r\n",
        "\t",
        "\u{202e}evil",
        "\u{2066}x\u{2069}",
        "\u{200b}",
        "\u{feff}bom",
        "\u{fffd}",
        "\u{10ffff}",
        "🏳️‍🌈👨‍👩‍👧‍👦",
        "e\u{301}\u{301}\u{301}",
        "ﷺ",
        "İıſ",
        "ǅ",
        "ß",
        "Ω",
        "日本語",
        "العربية",
    ];
    let mut all: Vec<String> = seeds.iter().map(|seed| (*seed).into()).collect();
    all.push(String::new());
    all.push("a".repeat(65_536));
    all.push("'".repeat(4_096));
    'fill: for first in seeds {
        for second in seeds {
            if all.len() == 500 {
                break 'fill;
            }
            all.push(format!("{first}{second}"));
        }
    }
    assert_eq!(all.len(), 500);
    all
}

#[test]
fn a30_500_hostile_strings_come_back_from_every_text_column() {
    let (_folder, store) = fresh();
    let corpus = corpus();
    for (n, hostile) in corpus.iter().enumerate() {
        write(&store, n as u64 + 1, hostile);
        check(&store, n as u64 + 1, hostile);
    }
    // Everything is still there, and the index still belongs to its texts.
    let count = message::window(&store, &conv(1), None, 1_000)
        .unwrap()
        .len();
    assert_eq!(count, corpus.len());
    store.check().unwrap();
}

#[test]
fn a30_500_hostile_queries_are_searched_or_find_nothing() {
    let (_folder, store) = fresh();
    let corpus = corpus();
    for (n, hostile) in corpus.iter().enumerate() {
        commit(&store, |tx| {
            message::write::insert(tx, &text(n as u64 + 1, hostile))
        });
    }
    for hostile in &corpus {
        let hits = search::find(&store, hostile, None, 500).unwrap();
        for hit in &hits {
            let length = hit
                .message
                .body
                .text
                .as_deref()
                .unwrap_or("")
                .chars()
                .count() as u64;
            assert!(
                hit.spans
                    .iter()
                    .all(|(start, end)| start < end && *end <= length)
            );
        }
        search::coverage(&store, hostile, Some(&conv(1))).unwrap();
    }
}

fn write(store: &Store, n: u64, hostile: &str) {
    let s = || hostile.to_owned();
    commit(store, |tx| {
        let mut row = text(n, hostile);
        row.reason = Some(s());
        message::write::insert(tx, &row)?;
        let (conv1, by, id) = (conv(1), user(2), msg(n));
        let target = Target {
            conv: &conv1,
            author: &by,
            msg: &id,
        };
        change::react(tx, target, &user(3), (1, &msg(n)), hostile, n)?;
        let edit = Edit {
            rev: 1,
            msg: msg(n),
            at_ms: n,
            text: s(),
            spans: vec![],
            mentions: vec![],
        };
        version::edit(tx, target, &edit)?;
        conversation::put(
            tx,
            &ConversationRow {
                title: s(),
                about: s(),
                reason: Some(s()),
                ..ConversationRow::new(conv(2), ChatKind::Group, n)
            },
        )?;
        account::put(
            tx,
            &AccountRow {
                relay: s(),
                handle: s(),
                email: Some(s()),
                ..rows::account()
            },
        )?;
        account::set_session(
            tx,
            Some(&account::SessionRow {
                sid: s(),
                access_token: s().into(),
                access_until_ms: 1,
                refresh_token: s().into(),
                scope: s(),
            }),
        )?;
        contact::put(
            tx,
            &ContactRow {
                handle: Some(s()),
                name: Some(s()),
                ..ContactRow::new(user(5), 1)
            },
        )?;
        devices::put(
            tx,
            &DeviceRow {
                device: device(3),
                name: s(),
                platform: s(),
                class: DeviceClass::Full,
                state: DeviceState::Approved,
                created_ms: 1,
                last_seen_ms: 1,
            },
        )?;
        setting::merge(
            tx,
            &SettingRow {
                name: format!("s/{hostile}"),
                value: vec![],
                rev: n,
                device: device(1),
            },
        )?;
        meta::set_blob(tx, &format!("m/{hostile}"), Some(hostile.as_bytes()))?;
        let out = OutRow {
            id: 0,
            conv: conv(1),
            msg: msg(n),
            dev_seq: n,
            prev: [0; 32],
            content: vec![],
            envelope: None,
            state: OutState::Refused,
            tries: 0,
            next_try_ms: 0,
            refused: Some(s()),
            created_ms: 0,
        };
        outbox::push(tx, &out)?;
        Ok(())
    });
}

fn check(store: &Store, n: u64, hostile: &str) {
    let row = message::by_seq(store, &conv(1), n).unwrap().unwrap();
    assert_eq!(row.kind, Kind::Text);
    assert_eq!(row.body.text.as_deref(), Some(hostile));
    assert_eq!(row.reason.as_deref(), Some(hostile));
    let (conv1, by, id) = (conv(1), user(2), msg(n));
    let target = Target {
        conv: &conv1,
        author: &by,
        msg: &id,
    };
    let reactions = change::reactions(store, target).unwrap();
    assert!(hostile.is_empty() || reactions[0].emoji == hostile);
    let chat = conversation::get(store, &conv(2)).unwrap().unwrap();
    assert_eq!(
        (chat.title.as_str(), chat.about.as_str()),
        (hostile, hostile)
    );
    assert_eq!(chat.reason.as_deref(), Some(hostile));
    let account = account::get(store).unwrap().unwrap();
    assert_eq!(
        (account.relay.as_str(), account.handle.as_str()),
        (hostile, hostile)
    );
    assert_eq!(account.email.as_deref(), Some(hostile));
    let session = account::session(store).unwrap().unwrap();
    assert_eq!(session.access_token.as_str(), hostile);
    assert_eq!(
        (session.sid.as_str(), session.scope.as_str()),
        (hostile, hostile)
    );
    let contact = &contact::with_handle(store, hostile).unwrap()[0];
    assert_eq!(contact.name.as_deref(), Some(hostile));
    let shown = devices::get(store, &device(3)).unwrap().unwrap();
    assert_eq!(
        (shown.name.as_str(), shown.platform.as_str()),
        (hostile, hostile)
    );
    assert!(
        setting::get(store, &format!("s/{hostile}"))
            .unwrap()
            .is_some()
    );
    let blob = meta::blob(store, &format!("m/{hostile}")).unwrap();
    assert_eq!(blob.as_deref(), Some(hostile.as_bytes()));
    let out = outbox::get(store, &conv(1), &msg(n)).unwrap().unwrap();
    assert_eq!(out.refused.as_deref(), Some(hostile));
}
