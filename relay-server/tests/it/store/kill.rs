//! kill -9 under load: what was acknowledged is there afterwards, once, without a hole.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use chatty_relay::store::stream::Appended;
use chatty_relay::store::{MetaStore, StreamStore};

use super::rows::{conv, create, device, message, open, push, whole};

const HOME: &str = "CHATTY_TEST_KILL_HOME";
const STREAMS: u8 = 3;
const DEVICES: u8 = 4;

/// The child's side: appends for ever, prints a line after each acknowledgement.
#[test]
fn child_appends_until_it_is_killed() {
    let Ok(home) = std::env::var(HOME) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = open(Path::new(&home)).unwrap();
        for number in 0..STREAMS {
            push(&store, number, vec![create(200)]).await.unwrap();
        }
        let writers = (0..DEVICES).map(|dev| write_for_ever(&store, dev));
        futures::future::join_all(writers).await;
    });
}

async fn write_for_ever(store: &chatty_relay::store::SqliteStore, dev: u8) {
    let convs = (0..STREAMS).map(conv).collect();
    let own = store.own(device(dev), convs).await.unwrap();
    let mut last: Vec<u64> = own.iter().map(|(_, n)| *n).collect();
    for round in 0u64.. {
        let number = (round % u64::from(STREAMS)) as u8;
        let next = last[usize::from(number)] + 1;
        let rows = vec![message(dev, next, 400), message(dev, next + 1, 3_000)];
        for (outcome, n) in push(store, number, rows).await.unwrap().iter().zip(next..) {
            let (Appended::Accepted { seq } | Appended::Original { seq, .. }) = outcome else {
                panic!("{outcome:?}");
            };
            // One write call: a line is there whole or not at all.
            let line = format!("acked {number} {dev} {n} {seq}\n");
            std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
            last[usize::from(number)] = n;
        }
    }
}

fn start(home: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "store::kill::child_appends_until_it_is_killed",
            "--nocapture",
        ])
        .env(HOME, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// An acknowledged row: (conversation, device, n) → seq.
type Acked = HashMap<(u8, u8, u64), u64>;

/// Lets the child run for so many acknowledgements, kills it, and reads what it still said.
fn run_and_kill(home: &Path, count: usize, acked: &mut Acked) {
    let mut child = start(home);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = 0;
    while let Some(Ok(line)) = lines.next() {
        let Some(rest) = line.split("acked ").nth(1) else {
            continue;
        };
        let numbers: Vec<u64> = rest.split(' ').map(|part| part.parse().unwrap()).collect();
        let key = (numbers[0] as u8, numbers[1] as u8, numbers[2]);
        let known = acked.insert(key, numbers[3]);
        assert!(
            known.is_none() || known == Some(numbers[3]),
            "two numbers for one message"
        );
        seen += 1;
        if seen == count {
            // SIGKILL; what it wrote into the pipe before is still read.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(seen >= count, "the child ended by itself after {seen} rows");
}

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("relay.db");
    let mut acked = Acked::new();
    // Kills come after different numbers of commits, so at different points of one.
    for round in 0..12 {
        run_and_kill(&home, 1 + round * 37 % 211, &mut acked);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = open(&home).unwrap();
        let mut total = 0;
        for number in 0..STREAMS {
            let rows = whole(&store, number).await;
            let places: HashMap<_, _> = rows
                .iter()
                .map(|row| ((row.device, row.n), row.seq))
                .collect();
            assert_eq!(places.len(), rows.len(), "a row is stored twice");
            for ((_, dev, n), seq) in acked.iter().filter(|((conv, _, _), _)| *conv == number) {
                assert_eq!(
                    places.get(&(device(*dev), *n as i64)),
                    Some(seq),
                    "an acknowledged row"
                );
            }
            let per_device: HashSet<_> = rows.iter().map(|row| row.device).collect();
            assert!(per_device.len() > 1);
            total += rows.len();
        }
        assert!(
            total > acked.len(),
            "{total} rows for {} acknowledged",
            acked.len()
        );
        assert_eq!(store.stats().holes, 0);
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    });
}
