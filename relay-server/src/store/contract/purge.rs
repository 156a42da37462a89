//! Purge: places stay, heads never fall.

use bytes::Bytes;
use chatty_protocol::limits;

use super::sample::{append, conv, entry, group, message, msg, push};
use crate::store::Store;
use crate::store::purge::{PurgeCuts, Purged};
use crate::store::stream::{Appended, NewBody, NewRow, ReadFrom, RowKind, StreamHead};

const NOTHING: PurgeCuts = PurgeCuts {
    now: 0,
    rows: 0,
    inbox: 0,
    claims: 0,
    claimed_keys: 0,
};
const ALL_ROWS: PurgeCuts = PurgeCuts {
    rows: u64::MAX,
    ..NOTHING
};

async fn purge_all(store: &dyn Store, cuts: PurgeCuts) -> Purged {
    let mut total = Purged::default();
    loop {
        let step = store.purge(cuts, 3).await.unwrap();
        assert!(
            step.rows <= 3 && step.voided <= 3,
            "a step does more than its budget"
        );
        total.rows += step.rows;
        total.voided += step.voided;
        total.items += step.items;
        total.others += step.others;
        if !step.more {
            return total;
        }
    }
}

fn expiring(n: u64, at: u64) -> NewRow {
    let mut row = message(1, n, n);
    row.body = NewBody::Message {
        msg: msg(n),
        n,
        body: Bytes::from("secret"),
        expires: Some(at),
    };
    row
}

pub async fn timers_empty_rows_and_keep_their_place(store: &dyn Store) {
    group(store, 1, &[1]).await;
    for n in 1..=8 {
        push(store, 1, expiring(n, 5_000 + n)).await;
    }
    assert_eq!(
        purge_all(
            store,
            PurgeCuts {
                now: 5_000,
                ..NOTHING
            }
        )
        .await
        .voided,
        0
    );
    assert_eq!(
        purge_all(
            store,
            PurgeCuts {
                now: 5_006,
                ..NOTHING
            }
        )
        .await
        .voided,
        6
    );
    let page = store
        .read(conv(1), ReadFrom::After(0), 500, limits::PAGE_BYTES)
        .await
        .unwrap();
    assert_eq!(page.rows.len(), 9);
    for row in &page.rows[1..7] {
        assert_eq!(
            (row.kind, row.n, row.body.len()),
            (RowKind::Void, row.seq as i64 - 1, 0)
        );
    }
    assert_eq!(page.rows[7].body, Bytes::from("secret"));
    // A late repeat still finds its place; another message is still a clone.
    let again = push(store, 1, expiring(2, 9_000)).await;
    assert!(
        matches!(&again, Appended::Original { seq: 3, body, .. } if body.is_empty()),
        "{again:?}"
    );
    assert_eq!(push(store, 1, message(1, 2, 99)).await, Appended::Cloned);
}

pub async fn old_rows_go_and_entries_stay(store: &dyn Store) {
    group(store, 1, &[1]).await;
    for n in 1..=10 {
        push(store, 1, message(1, n, n)).await;
    }
    push(store, 1, entry(1, 1, false, &[])).await;
    push(store, 1, message(1, 11, 11)).await;
    // Messages of time 1,001 to 1,007 go.
    let purged = purge_all(
        store,
        PurgeCuts {
            rows: 1_008,
            ..NOTHING
        },
    )
    .await;
    assert_eq!(purged.rows, 7);
    let head = store.heads(vec![conv(1)]).await.unwrap()[0].unwrap();
    assert_eq!(
        head,
        StreamHead {
            head: 13,
            floor: 9,
            log_seq: 1
        }
    );
    let page = store
        .read(conv(1), ReadFrom::After(0), 500, limits::PAGE_BYTES)
        .await
        .unwrap();
    let seqs: Vec<u64> = page.rows.iter().map(|row| row.seq).collect();
    assert_eq!((page.floor, seqs), (9, vec![9, 10, 11, 12, 13]));
    let down = store
        .read(conv(1), ReadFrom::Before(11), 500, limits::PAGE_BYTES)
        .await
        .unwrap();
    assert_eq!(down.rows.len(), 2);
    assert_eq!(
        store.log(conv(1), 0, 10).await.unwrap().len(),
        2,
        "entries stay"
    );
    assert_eq!(
        push(store, 1, message(1, 1, 1)).await,
        Appended::Stale,
        "deleted, never stored twice"
    );
    assert_eq!(store.stats().holes, 0);
}

pub async fn an_empty_stream_keeps_its_head(store: &dyn Store) {
    for number in 1..=2 {
        group(store, number, &[1]).await;
        for n in 1..=4 {
            push(store, number, message(1, n, n)).await;
        }
    }
    assert_eq!(purge_all(store, ALL_ROWS).await.rows, 8);
    let page = store
        .read(conv(1), ReadFrom::After(0), 500, limits::PAGE_BYTES)
        .await
        .unwrap();
    assert_eq!((page.floor, page.head, page.rows.len()), (6, 5, 0));
    let stale = store
        .append(append(1, 1, vec![message(1, 5, 5)]))
        .await
        .unwrap();
    assert_eq!(stale, [Appended::Retry { head: 5 }]);
    assert_eq!(
        push(store, 1, message(1, 5, 5)).await,
        Appended::Accepted { seq: 6 }
    );
    // The new row is found by the next purge too.
    assert_eq!(purge_all(store, ALL_ROWS).await.rows, 1);
    assert_eq!(
        store.heads(vec![conv(1)]).await.unwrap()[0].unwrap().head,
        6
    );
}
