//! The encrypted store with 100,000 messages: writing, start, chat list, window, search.
//!
//! `cargo xtask bench store [FOLDER]`; targets are those of docs/figures.md.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring program for developers"
)]

mod figure;

use std::path::Path;
use std::time::{Duration, Instant};

use chatty_core::api::state::{ChatKind, MessageState};
use chatty_core::store::message::{Body, Kind, MessageRow, view, write};
use chatty_core::store::{DatabaseKey, Store, StoreError, chat, conversation, message, search};
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};
use figure::{at_most, ms, plain, thread_cpu};

const MESSAGES: u64 = 100_000;
const CHATS: u64 = 200;
const BATCH: u64 = 64;
const SEARCHES: usize = 200;

/// A small generator with a fixed seed: the same texts every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn main() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = std::env::args().nth(1);
    let folder = folder.as_deref().map_or(scratch.path(), Path::new);
    let mut dice = Dice(42);
    let words: Vec<String> = (0..5_000).map(|_| word(&mut dice)).collect();
    let fill = fill(&open(folder), &words, &mut dice);

    let started = Instant::now();
    let store = open(folder);
    let chats = conversation::all_newest_first(&store).unwrap();
    for row in &chats {
        chat::view(&store, row).unwrap();
    }
    let start = started.elapsed();

    let started = Instant::now();
    let rows = message::window(&store, &chats[0].conv, None, 50).unwrap();
    let shown = view::messages(&store, &rows).unwrap().len();
    let window = started.elapsed();

    let mut times: Vec<Duration> = (0..SEARCHES).map(|n| find(&store, &words, n)).collect();
    times.sort_unstable();
    let cipher = cipher(folder);
    println!("SQLite {}, SQLCipher {cipher}", rusqlite::version());
    let name = format!(
        "start to the list of {} chats, 100,000 messages",
        chats.len()
    );
    at_most(&name, ms(start), 300.0, "ms");
    plain(
        &format!("  newest {shown} rows of one chat"),
        ms(window),
        "ms",
    );
    at_most(
        "search over 100,000 messages, p95",
        ms(times[SEARCHES * 95 / 100]),
        50.0,
        "ms",
    );
    plain("  p50", ms(times[SEARCHES / 2]), "ms");
    let (wall, cpu) = fill;
    let each = |time: Duration| time.as_secs_f64() * 1e6 / MESSAGES as f64;
    plain("writing, 64 a commit", each(wall), "µs/message");
    plain(
        "  of it CPU; the rest waits for the disk",
        each(cpu),
        "µs/message",
    );
}

/// Version of the cipher in use.
fn cipher(folder: &Path) -> String {
    let connection = rusqlite::Connection::open(folder.join("chatty.db")).unwrap();
    connection
        .query_row("PRAGMA cipher_version", [], |row| row.get(0))
        .unwrap()
}

fn open(folder: &Path) -> Store {
    let connection = rusqlite::Connection::open(folder.join("chatty.db")).unwrap();
    let key = DatabaseKey::new([1; 32]);
    let opened = Store::open(connection, &key, None, &mut |_| Ok(()));
    opened.unwrap().store
}

fn word(dice: &mut Dice) -> String {
    let length = 3 + dice.below(8);
    (0..length)
        .map(|_| char::from(b'a' + dice.below(26) as u8))
        .collect()
}

/// Words are drawn with a bias, so that some are common and most are rare.
fn sentence(words: &[String], dice: &mut Dice) -> String {
    let picks = (0..12).map(|_| {
        let pick = dice.below(words.len() as u64);
        let biased = pick * pick / words.len() as u64;
        words[biased as usize].as_str()
    });
    picks.collect::<Vec<_>>().join(" ")
}

fn fill(store: &Store, words: &[String], dice: &mut Dice) -> (Duration, Duration) {
    let (started, cpu) = (Instant::now(), thread_cpu().unwrap_or_default());
    let mut next = 1;
    while next <= MESSAGES {
        let last = (next + BATCH - 1).min(MESSAGES);
        let written: Result<(), StoreError> = store.commit(|tx| {
            for n in next..=last {
                write::insert(tx, &row(n, sentence(words, dice)))?;
            }
            Ok(())
        });
        written.unwrap();
        next = last + 1;
    }
    let listed: Result<(), StoreError> = store.commit(|tx| {
        for n in 0..CHATS {
            let chat = conversation::ConversationRow::new(conv(n), ChatKind::Group, 5);
            conversation::put(tx, &chat)?;
            conversation::refresh(tx, &conv(n))?;
        }
        Ok(())
    });
    listed.unwrap();
    (started.elapsed(), thread_cpu().unwrap_or_default() - cpu)
}

fn conv(n: u64) -> ConvId {
    ConvId::from_rest([(n % CHATS) as u8; 32])
}

fn row(n: u64, text: String) -> MessageRow {
    let mut id = [0; 16];
    id[8..].copy_from_slice(&n.to_be_bytes());
    MessageRow {
        row: 0,
        conv: conv(n),
        author: UserId::from_rest([2; 32]),
        device: DeviceId::from_rest([2; 16]),
        msg: Some(MsgId::from_rest(id)),
        dev_seq: n,
        seq: Some(n / CHATS + 1),
        kind: Kind::Text,
        shown: true,
        mine: false,
        unread: n > MESSAGES - 1_000,
        at_ms: n * 1_000,
        sent_at_ms: n * 1_000,
        state: MessageState::Delivered,
        reason: None,
        body: Body {
            text: Some(text),
            ..Body::default()
        },
        edited: false,
        deleted: false,
        expires_at_ms: None,
        older_membership: None,
    }
}

/// One search with its coverage: common words, rare ones, pairs, short ones.
fn find(store: &Store, words: &[String], n: usize) -> Duration {
    let pick = |at: usize| words[at % words.len()].as_str();
    let query = match n % 4 {
        0 => pick(n).to_owned(),
        1 => pick(n * 24).to_owned(),
        2 => format!("{} {}", pick(n), pick(n * 3)),
        _ => pick(n * 7)[..2].to_owned(),
    };
    let started = Instant::now();
    search::find(store, &query, None, 50).unwrap();
    search::coverage(store, &query, None).unwrap();
    started.elapsed()
}
