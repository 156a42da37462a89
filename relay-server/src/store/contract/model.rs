//! Random appends against a model of one stream in memory.

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::sample::{append, conv, device, entry, message, msg};
use crate::store::Store;
use crate::store::stream::{Append, Appended, NewBody, NewRow, ReadFrom};

/// One random row: device, number, message.
type Step = (u32, u64, u64);

#[derive(Default)]
struct Model {
    /// (device, n, message or entry) by seq − 1.
    rows: Vec<(u32, i64, u64)>,
    last: HashMap<u32, u64>,
    log: Option<u64>,
}

impl Model {
    fn head(&self) -> u64 {
        self.rows.len() as u64
    }

    /// What the store must answer to a call of messages.
    fn append(&mut self, base: u64, steps: &[Step]) -> Vec<&'static str> {
        let moved = base != self.head();
        let mut refused = Vec::new();
        steps
            .iter()
            .map(|(dev, n, id)| {
                if refused.contains(dev) {
                    return "behind";
                }
                let known = self
                    .rows
                    .iter()
                    .find(|row| row.0 == *dev && row.1 == *n as i64);
                match known {
                    Some(row) if row.2 == *id => return "original",
                    Some(_) => {
                        refused.push(*dev);
                        return "cloned";
                    }
                    None => {}
                }
                if *n <= self.last.get(dev).copied().unwrap_or(0) {
                    refused.push(*dev);
                    return "stale";
                }
                if moved || self.log.is_none() {
                    return "retry";
                }
                self.rows.push((*dev, *n as i64, *id));
                self.last.insert(*dev, *n);
                "accepted"
            })
            .collect()
    }
}

fn name(outcome: &Appended) -> &'static str {
    match outcome {
        Appended::Accepted { .. } => "accepted",
        Appended::Original { .. } => "original",
        Appended::Cloned => "cloned",
        Appended::Stale => "stale",
        Appended::Behind => "behind",
        Appended::Retry { .. } => "retry",
    }
}

fn call(number: u32, base: u64, steps: &[Step]) -> Append {
    let rows = steps
        .iter()
        .map(|(dev, n, id)| message(*dev, *n, *id))
        .collect();
    append(number, base, rows)
}

pub async fn appends_agree_with_a_model(store: &dyn Store) {
    let step = (1..4u32, 1..12u64, 1..3u64);
    let calls = vec((vec(step, 1..6), any::<u8>(), any::<bool>()), 1..40);
    let mut runner = TestRunner::new(Config::default());
    for number in 0..24 {
        let calls = calls.new_tree(&mut runner).unwrap().current();
        let mut model = Model::default();
        for (steps, salt, entry_first) in calls {
            if entry_first && salt < 60 {
                append_entry(store, number, &mut model).await;
            }
            // Mostly the true head, sometimes one that is off.
            let base = if salt % 8 == 0 {
                model.head() + u64::from(salt % 3)
            } else {
                model.head()
            };
            let outcomes = store.append(call(number, base, &steps)).await.unwrap();
            let names: Vec<_> = outcomes.iter().map(name).collect();
            assert_eq!(names, model.append(base, &steps), "{steps:?} at {base}");
        }
        compare(store, number, &model).await;
    }
}

async fn append_entry(store: &dyn Store, number: u32, model: &mut Model) {
    let log_seq = model.log.map_or(0, |head| head + 1);
    let row: NewRow = entry(1, log_seq, false, &[]);
    let outcomes = store
        .append(append(number, model.head(), vec![row]))
        .await
        .unwrap();
    assert_eq!(
        outcomes,
        [Appended::Accepted {
            seq: model.head() + 1
        }]
    );
    model.rows.push((1, -(log_seq as i64), 0));
    model.log = Some(log_seq);
}

async fn compare(store: &dyn Store, number: u32, model: &Model) {
    let page = store
        .read(conv(number), ReadFrom::After(0), 500, 256 * 1024)
        .await
        .unwrap();
    assert_eq!(page.rows.len(), model.rows.len());
    for (row, (dev, n, id)) in page.rows.iter().zip(&model.rows) {
        assert_eq!((row.device, row.n), (device(*dev), *n));
        if *id > 0 {
            let NewBody::Message {
                msg: wanted, body, ..
            } = message(*dev, *n as u64, *id).body
            else {
                unreachable!()
            };
            assert_eq!((wanted, &row.body), (msg(*id), &body));
        }
    }
}
