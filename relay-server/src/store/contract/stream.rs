//! Streams: compare-and-swap, idempotency, reading.

use bytes::Bytes;
use chatty_protocol::limits;

use super::sample::{append, conv, device, entry, group, message, push, user};
use crate::store::conversation::MemberState::Member;
use crate::store::stream::{Appended, NewBody, ReadFrom, RowKind, StreamHead, partition};
use crate::store::{Store, StoreError};

const ALL: (usize, usize) = (limits::PAGE, limits::PAGE_BYTES);

pub async fn first_entry_creates_the_stream(store: &dyn Store) {
    let early = store
        .append(append(1, 0, vec![message(1, 1, 1)]))
        .await
        .unwrap();
    assert_eq!(
        early,
        [Appended::Retry { head: 0 }],
        "no messages before entry 0"
    );
    group(store, 1, &[1, 2]).await;
    let heads = store.heads(vec![conv(1), conv(2)]).await.unwrap();
    assert_eq!(
        heads,
        [
            Some(StreamHead {
                head: 1,
                floor: 1,
                log_seq: 0
            }),
            None
        ]
    );
    let log = store.log(conv(1), 0, 10).await.unwrap();
    assert_eq!(
        (log[0].log_seq, log[0].seq, &log[0].bytes[..]),
        (0, 1, &b"entry 1/0"[..])
    );
    let unknown = store
        .read(conv(2), ReadFrom::After(0), ALL.0, ALL.1)
        .await
        .unwrap();
    assert_eq!(unknown.rows, []);
}

pub async fn rows_read_back_both_ways(store: &dyn Store) {
    group(store, 1, &[1]).await;
    for n in 1..=150 {
        assert_eq!(
            push(store, 1, message(1, n, n)).await,
            Appended::Accepted { seq: n + 1 }
        );
    }
    let up = store
        .read(conv(1), ReadFrom::After(0), ALL.0, ALL.1)
        .await
        .unwrap();
    assert_eq!((up.floor, up.head, up.rows.len()), (1, 151, 151));
    let down = store
        .read(conv(1), ReadFrom::Before(152), ALL.0, ALL.1)
        .await
        .unwrap();
    assert_eq!(up, down);
    assert_eq!(up.rows[0].kind, RowKind::Log);
    let row = &up.rows[5];
    assert_eq!(
        (row.seq, row.n, row.user, row.device),
        (6, 5, user(1), device(1))
    );
    assert_eq!(row.body, Bytes::from_static(b"body 1/5/5"));
    let few = store
        .read(conv(1), ReadFrom::Before(100), 10, ALL.1)
        .await
        .unwrap();
    let seqs: Vec<u64> = few.rows.iter().map(|row| row.seq).collect();
    assert_eq!(seqs, (90..100).collect::<Vec<_>>());
    // From memory and from the file, the same rows; at least one however small the page.
    let new = store
        .read(conv(1), ReadFrom::After(140), ALL.0, ALL.1)
        .await
        .unwrap();
    assert_eq!(new.rows, up.rows[140..]);
    let tiny = store
        .read(conv(1), ReadFrom::After(2), ALL.0, 1)
        .await
        .unwrap();
    assert_eq!(tiny.rows, up.rows[2..3]);
    let beyond = store
        .read(conv(1), ReadFrom::After(500), ALL.0, ALL.1)
        .await
        .unwrap();
    assert_eq!((beyond.head, beyond.rows.len()), (151, 0));
    assert_eq!(store.stats().holes, 0);
}

pub async fn repeats_get_the_first_answer(store: &dyn Store) {
    group(store, 1, &[1]).await;
    let rows: Vec<_> = (1..=10).map(|n| message(1, n, n)).collect();
    let call = append(1, 1, rows);
    store.append(call.clone()).await.unwrap();
    let again = store.append(call).await.unwrap();
    for (n, outcome) in (1..).zip(&again) {
        let body = Bytes::from(format!("body 1/{n}/{n}"));
        assert_eq!(
            *outcome,
            Appended::Original {
                seq: n + 1,
                time: 1_000 + n,
                body
            }
        );
    }
    let first = store
        .append(append(1, 0, vec![entry(1, 0, false, &[(1, Member)])]))
        .await
        .unwrap();
    assert!(
        matches!(first[0], Appended::Original { seq: 1, .. }),
        "{first:?}"
    );
    assert_eq!(
        store.heads(vec![conv(1)]).await.unwrap()[0].unwrap().head,
        11
    );
}

pub async fn another_message_under_a_known_number_is_cloned(store: &dyn Store) {
    group(store, 1, &[1, 2]).await;
    push(store, 1, message(1, 5, 50)).await;
    let rows = vec![message(1, 5, 51), message(1, 6, 60), message(2, 1, 1)];
    let outcomes = store.append(append(1, 2, rows)).await.unwrap();
    assert_eq!(
        outcomes,
        [
            Appended::Cloned,
            Appended::Behind,
            Appended::Accepted { seq: 3 }
        ]
    );
    let own = store.own(device(1), vec![conv(1), conv(9)]).await.unwrap();
    assert_eq!(own, [(2, 5), (0, 0)]);
}

pub async fn numbers_may_skip_but_never_fall(store: &dyn Store) {
    group(store, 1, &[1]).await;
    push(store, 1, message(1, 3, 3)).await;
    push(store, 1, message(1, 9, 9)).await;
    assert_eq!(push(store, 1, message(1, 5, 5)).await, Appended::Stale);
    assert_eq!(push(store, 1, message(1, 1, 1)).await, Appended::Stale);
    assert!(matches!(
        push(store, 1, message(1, 3, 3)).await,
        Appended::Original { seq: 2, .. }
    ));
    assert_eq!(
        push(store, 1, message(1, 10, 10)).await,
        Appended::Accepted { seq: 4 }
    );
}

pub async fn a_moved_stream_takes_nothing(store: &dyn Store) {
    group(store, 1, &[1, 2]).await;
    push(store, 1, message(1, 1, 1)).await;
    for base in [0, 1, 3] {
        let outcomes = store
            .append(append(1, base, vec![message(2, 1, 1)]))
            .await
            .unwrap();
        assert_eq!(outcomes, [Appended::Retry { head: 2 }]);
    }
    // A repeat is found even so; what is new beside it is not stored.
    let rows = vec![message(1, 1, 1), message(1, 2, 2)];
    let outcomes = store.append(append(1, 1, rows)).await.unwrap();
    assert!(matches!(outcomes[0], Appended::Original { seq: 2, .. }));
    assert_eq!(outcomes[1], Appended::Retry { head: 2 });
}

pub async fn groups_do_not_touch_each_other(store: &dyn Store) {
    group(store, 1, &[1]).await;
    group(store, 2, &[1]).await;
    let calls = vec![
        append(1, 1, vec![message(1, 1, 1)]),
        append(2, 7, vec![message(1, 1, 2)]),
        append(1, 2, vec![message(1, 2, 3)]),
    ];
    let outcomes = store.append_groups(calls).await.unwrap();
    assert_eq!(outcomes[0], [Appended::Accepted { seq: 2 }]);
    assert_eq!(outcomes[1], [Appended::Retry { head: 1 }]);
    assert_eq!(outcomes[2], [Appended::Accepted { seq: 3 }]);
}

pub async fn an_entry_number_is_taken_once(store: &dyn Store) {
    group(store, 1, &[1, 2]).await;
    assert_eq!(
        push(store, 1, entry(1, 1, false, &[])).await,
        Appended::Accepted { seq: 2 }
    );
    assert!(matches!(
        push(store, 1, entry(1, 1, false, &[])).await,
        Appended::Original { seq: 2, .. }
    ));
    assert_eq!(
        push(store, 1, entry(2, 1, false, &[])).await,
        Appended::Cloned
    );
    let skip = store
        .append(append(1, 2, vec![entry(1, 5, false, &[])]))
        .await
        .unwrap();
    assert_eq!(skip, [Appended::Retry { head: 2 }]);
    // Entries do not use up message numbers.
    assert_eq!(
        push(store, 1, message(1, 1, 1)).await,
        Appended::Accepted { seq: 3 }
    );
    assert_eq!(store.own(device(1), vec![conv(1)]).await.unwrap(), [(3, 1)]);
    assert_eq!(store.log(conv(1), 1, 10).await.unwrap().len(), 1);
}

pub async fn marks_are_replaced(store: &dyn Store) {
    group(store, 1, &[1, 2]).await;
    for (dev, time) in [(1, 10), (2, 20), (1, 30)] {
        let body = Bytes::from(format!("mark {time}"));
        store
            .mark_put(conv(1), user(dev), device(dev), time, body)
            .await
            .unwrap();
    }
    let marks = store.marks(conv(1), 0).await.unwrap();
    let seen: Vec<_> = marks
        .iter()
        .map(|mark| (mark.device, mark.time, mark.body.clone()))
        .collect();
    assert_eq!(
        seen,
        [
            (device(2), 20, Bytes::from("mark 20")),
            (device(1), 30, Bytes::from("mark 30"))
        ]
    );
    assert_eq!(store.marks(conv(1), 21).await.unwrap().len(), 1);
    let unknown = store
        .mark_put(conv(9), user(1), device(1), 1, Bytes::new())
        .await;
    assert_eq!(unknown, Err(StoreError::NotFound("conversation")));
}

pub async fn recent_names_what_was_appended_to(store: &dyn Store) {
    for number in 1..=3 {
        group(store, number, &[1]).await;
    }
    for (number, n) in [(1, 100), (2, 200), (1, 300)] {
        push(store, number, message(1, n, n)).await;
    }
    let all = store.recent(0..=u16::MAX, 1_150, 10).await.unwrap();
    assert_eq!(all, [(conv(1), 3), (conv(2), 2)]);
    let mine = partition(&conv(2));
    assert!(mine < 4096);
    assert_eq!(
        store.recent(mine..=mine, 1_150, 10).await.unwrap(),
        [(conv(2), 2)]
    );
    assert_eq!(store.recent(0..=u16::MAX, 0, 2).await.unwrap().len(), 2);
}

pub async fn calls_out_of_bounds_are_refused(store: &dyn Store) {
    group(store, 1, &[1]).await;
    let many = (1..=101).map(|n| message(1, n, n)).collect();
    let mut large = message(1, 1, 1);
    large.body = NewBody::Message {
        msg: super::sample::msg(1),
        n: 1,
        body: Bytes::from(vec![0; 1024 * 1024 + 1]),
        expires: None,
    };
    for rows in [
        many,
        vec![large],
        vec![message(1, 0, 1)],
        vec![message(1, u64::MAX, 1)],
    ] {
        let refused = store.append(append(1, 1, rows)).await;
        assert!(
            matches!(refused, Err(StoreError::Invalid(_))),
            "{refused:?}"
        );
    }
    assert_eq!(
        store.heads(vec![conv(1)]).await.unwrap()[0].unwrap().head,
        1
    );
}
