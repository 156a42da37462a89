//! Many writers at once: contiguous, nothing lost, nothing doubled.

use std::collections::HashSet;

use chatty_protocol::limits;
use futures::future::join_all;

use super::sample::{append, at_once, conv, device, entry, group, message, push};
use crate::store::Store;
use crate::store::conversation::MemberState::Member;
use crate::store::stream::{Appended, ReadFrom, StoredRow};

const STREAMS: u32 = 4;
const WRITERS: u32 = 12;
const ROWS: u64 = 60;

async fn whole(store: &dyn Store, number: u32) -> Vec<StoredRow> {
    let mut rows: Vec<StoredRow> = Vec::new();
    loop {
        let after = rows.last().map_or(0, |row| row.seq);
        let page = store
            .read(
                conv(number),
                ReadFrom::After(after),
                100,
                limits::PAGE_BYTES,
            )
            .await
            .unwrap();
        if page.rows.is_empty() {
            return rows;
        }
        rows.extend(page.rows);
    }
}

fn assert_contiguous(rows: &[StoredRow]) {
    for (seq, row) in (1..).zip(rows) {
        assert_eq!(row.seq, seq);
    }
    let keys: HashSet<_> = rows.iter().map(|row| (row.device, row.n)).collect();
    assert_eq!(keys.len(), rows.len(), "a row is stored twice");
}

pub async fn writers_of_one_stream_leave_no_hole(store: &dyn Store) {
    for number in 0..STREAMS {
        group(store, number, &[100]).await;
    }
    let writers = (1..=WRITERS).map(|dev| async move {
        for n in 1..=ROWS {
            let number = (dev + n as u32) % STREAMS;
            let outcome = push(store, number, message(dev, n, n)).await;
            assert!(matches!(outcome, Appended::Accepted { .. }), "{outcome:?}");
        }
    });
    join_all(writers).await;
    let mut total = 0;
    for number in 0..STREAMS {
        let rows = whole(store, number).await;
        assert_contiguous(&rows);
        for dev in 1..=WRITERS {
            let mine: Vec<i64> = rows
                .iter()
                .filter(|row| row.device == device(dev))
                .map(|row| row.n)
                .collect();
            assert!(mine.is_sorted(), "a sender's rows changed their order");
        }
        total += rows.len() as u64 - 1;
    }
    assert_eq!(total, u64::from(WRITERS) * ROWS);
    assert_eq!(store.stats().holes, 0);
}

pub async fn repeats_at_once_are_stored_once(store: &dyn Store) {
    group(store, 1, &[100]).await;
    // Three tasks send the same rows of one device: each row gets one number, the same for all.
    let tasks = (0..3).map(|_| async move {
        let mut seqs = Vec::new();
        for n in 1..=ROWS {
            seqs.push(match push(store, 1, message(1, n, n)).await {
                Appended::Accepted { seq } | Appended::Original { seq, .. } => seq,
                other => panic!("{other:?}"),
            });
        }
        seqs
    });
    let answers = join_all(tasks).await;
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    let rows = whole(store, 1).await;
    assert_contiguous(&rows);
    assert_eq!(rows.len() as u64, ROWS + 1);
}

pub async fn one_creator_of_a_conversation_wins(store: &dyn Store) {
    let answers = at_once(16, |dev| {
        let rows = vec![entry(dev, 0, true, &[(dev, Member)])];
        store.append(append(1, 0, rows))
    })
    .await;
    let accepted = answers
        .iter()
        .filter(|answer| answer.as_ref().unwrap()[0] == Appended::Accepted { seq: 1 })
        .count();
    let cloned = answers
        .iter()
        .filter(|answer| answer.as_ref().unwrap()[0] == Appended::Cloned);
    assert_eq!((accepted, cloned.count()), (1, 15));
}
