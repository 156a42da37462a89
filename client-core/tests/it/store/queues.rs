//! Outbox, to-device items, ranges.

use chatty_core::store::body::{self, BodyOut};
use chatty_core::store::item::{self, ItemIn};
use chatty_core::store::outbox::{self, OutRow, OutState};
use chatty_core::store::range;

use super::{commit, conv, device, fresh, msg};

fn out(n: u64) -> OutRow {
    OutRow {
        id: 0,
        conv: conv(1),
        msg: msg(n),
        dev_seq: n,
        prev: [n as u8; 32],
        content: vec![1, 2],
        envelope: None,
        state: OutState::Ready,
        tries: 0,
        next_try_ms: 0,
        refused: None,
        created_ms: n,
    }
}

#[test]
fn the_outbox_keeps_order_and_bytes() {
    let (_folder, store) = fresh();
    for n in 1..=3 {
        commit(&store, |tx| outbox::push(tx, &out(n)));
    }
    let mut rows = outbox::of_conversation(&store, &conv(1), 9).unwrap();
    assert_eq!(
        rows.iter().map(|row| row.dev_seq).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    rows[0].envelope = Some(vec![9, 9]);
    rows[0].state = OutState::Encrypted;
    rows[0].tries = 1;
    commit(&store, |tx| outbox::update(tx, &rows[0]));
    assert_eq!(
        outbox::get(&store, &conv(1), &msg(1)).unwrap().as_ref(),
        Some(&rows[0])
    );
    assert_eq!(outbox::conversations(&store).unwrap(), [conv(1)]);
    assert_eq!(outbox::count(&store).unwrap(), 3);
    let done = commit(&store, |tx| outbox::accepted(tx, &conv(1), &msg(1), 1_000));
    assert_eq!(done.as_ref(), Some(&rows[0]));
    assert_eq!(
        outbox::sent_above(&store, &conv(1), 0).unwrap(),
        [(1, vec![9, 9])]
    );
    assert_eq!(outbox::sent_above(&store, &conv(1), 1).unwrap(), []);
    assert_eq!(commit(&store, |tx| outbox::forget_sent(tx, 1_001)), 1);
    rows[1].state = OutState::Refused;
    rows[1].refused = Some("too_large".into());
    commit(&store, |tx| outbox::update(tx, &rows[1]));
    assert_eq!(outbox::count(&store).unwrap(), 1);
    // A number is used once, whatever happens around it.
    assert!(
        store
            .commit(|tx| outbox::push(
                tx,
                &OutRow {
                    msg: msg(9),
                    ..out(3)
                }
            ))
            .is_err()
    );
}

#[test]
fn batches_are_fifo_numbered_and_repeated_until_answered() {
    let (_folder, store) = fresh();
    for (to, bytes) in [(1, 10), (1, 11), (2, 20), (3, 30), (1, 12)] {
        commit(&store, |tx| item::push(tx, &device(to), &[bytes], 1_000));
    }
    commit(&store, |tx| item::push(tx, &device(4), &[40], 5));
    let bytes = |batch: &[item::ItemOut]| {
        batch
            .iter()
            .map(|item| (item.n.unwrap(), item.item[0]))
            .collect::<Vec<_>>()
    };
    // One item per recipient, oldest first; the expired one is gone.
    let first = commit(&store, |tx| item::batch(tx, 500));
    assert_eq!(bytes(&first), [(1, 10), (2, 20), (3, 30)]);
    assert_eq!(commit(&store, |tx| item::batch(tx, 600)), first);
    assert!(item::waits_up_to(&store, first[2].id).unwrap());
    // Refused whole: the numbers are used again for what is formed anew.
    commit(&store, item::unformed);
    commit(&store, |tx| item::drop_to(tx, &device(2)));
    let second = commit(&store, |tx| item::batch(tx, 500));
    assert_eq!(bytes(&second), [(1, 10), (2, 30)]);
    assert_eq!(commit(&store, item::answered), second);
    let third = commit(&store, |tx| item::batch(tx, 500));
    assert_eq!(bytes(&third), [(3, 11)]);
    commit(&store, item::answered);
    commit(&store, |tx| item::skip_to(tx, 10));
    assert_eq!(
        bytes(&commit(&store, |tx| item::batch(tx, 500))),
        [(10, 12)]
    );
    assert_eq!(item::count(&store).unwrap(), 1);
}

#[test]
fn a_batch_keeps_the_limits() {
    let (_folder, store) = fresh();
    let large = vec![0; 50 * 1024];
    commit(&store, |tx| {
        for n in 0..4 {
            item::push(tx, &device(n), &large, 1_000)?;
        }
        Ok(())
    });
    assert_eq!(commit(&store, |tx| item::batch(tx, 0)).len(), 2);
    commit(&store, item::answered);
    commit(&store, |tx| item::batch(tx, 0));
    commit(&store, item::answered);
    commit(&store, |tx| {
        for n in 0..200 {
            item::push(tx, &device(n), &[n], 1_000)?;
        }
        Ok(())
    });
    assert_eq!(commit(&store, |tx| item::batch(tx, 0)).len(), 128);
}

#[test]
fn item_cursors_only_rise_and_kept_items_wait() {
    let (_folder, store) = fresh();
    assert_eq!(item::cursor(&store, &device(1)).unwrap(), 0);
    for n in [5, 3] {
        commit(&store, |tx| item::set_cursor(tx, &device(1), n));
    }
    assert_eq!(item::cursor(&store, &device(1)).unwrap(), 5);
    let kept = ItemIn {
        device: device(1),
        n: 4,
        frame: vec![7],
        retry_ms: Some(100),
        until_ms: 900,
    };
    let unknown = ItemIn {
        n: 5,
        retry_ms: None,
        ..kept.clone()
    };
    commit(&store, |tx| item::keep(tx, &kept));
    commit(&store, |tx| item::keep(tx, &unknown));
    assert_eq!(item::kept_due(&store, 99, 9).unwrap(), []);
    assert_eq!(item::kept_due(&store, 100, 9).unwrap(), [kept]);
    commit(&store, |tx| item::forget(tx, &device(1), 4));
    assert_eq!(commit(&store, |tx| item::drop_kept(tx, 900)), 1);
}

#[test]
fn ranges_join_and_name_their_gaps() {
    let (_folder, store) = fresh();
    let add = |lo, hi| commit(&store, |tx| range::add(tx, &conv(1), lo, hi));
    let gaps = |lo, hi| range::gaps(&store, &conv(1), lo, hi).unwrap();
    assert_eq!(gaps(1, 10), [(1, 10)]);
    add(3, 4);
    add(8, 8);
    assert_eq!(gaps(1, 10), [(9, 10), (5, 7), (1, 2)]);
    assert_eq!(gaps(4, 8), [(5, 7)]);
    add(5, 6);
    assert_eq!(gaps(1, 8), [(7, 7), (1, 2)]);
    add(1, 9);
    assert_eq!(gaps(1, 9), []);
    assert_eq!(range::newest(&store, &conv(1)).unwrap(), 9);
    assert!(range::contains(&store, &conv(1), 9).unwrap());
    assert!(!range::contains(&store, &conv(2), 9).unwrap());
    add(20, 30);
    commit(&store, |tx| range::forget_above(tx, &conv(1), 5));
    assert_eq!(gaps(1, 30), [(6, 30)]);
    add(9, 8);
    assert_eq!(gaps(1, 30), [(6, 30)]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(20))]

    #[test]
    fn ranges_agree_with_a_plain_set(adds in proptest::collection::vec((1u64..60, 0u64..8), 1..20)) {
        let (_folder, store) = fresh();
        let mut set = std::collections::BTreeSet::new();
        for (lo, more) in adds {
            commit(&store, |tx| range::add(tx, &conv(1), lo, lo + more));
            set.extend(lo..=lo + more);
        }
        for seq in 1..70 {
            proptest::prop_assert_eq!(range::contains(&store, &conv(1), seq).unwrap(), set.contains(&seq));
        }
        let missing: usize = range::gaps(&store, &conv(1), 1, 69).unwrap()
            .iter().map(|(lo, hi)| (hi - lo + 1) as usize).sum();
        proptest::prop_assert_eq!(missing, 69 - set.iter().filter(|seq| **seq <= 69).count());
    }
}

fn waiting(to: u8, n: u64) -> BodyOut {
    BodyOut {
        id: 0,
        user: super::user(1),
        device: device(to),
        kind: 4,
        body: vec![n as u8],
        fresh: false,
        tries: 0,
        not_before_ms: 0,
        until_ms: 10_000,
    }
}

#[test]
fn bodies_wait_for_a_time_or_an_event_and_the_oldest_of_too_many_go() {
    let (_folder, store) = fresh();
    for n in 0..300 {
        commit(&store, |tx| body::push(tx, &waiting(1, n)));
    }
    let kept = body::due(&store, 1, 1_000).unwrap();
    assert_eq!(kept.len(), 256);
    assert_eq!(
        kept.last().map(|row| row.body[0]),
        Some(43),
        "the newest stay"
    );
    commit(&store, |tx| body::put_off(tx, &device(1), 500));
    assert_eq!(body::count_due(&store, 499).unwrap(), 0);
    assert_eq!(body::next_due(&store).unwrap(), Some(500));
    assert_eq!(body::due(&store, 500, 1).unwrap()[0].tries, 1);
    let later = BodyOut {
        not_before_ms: body::ON_EVENT,
        ..waiting(2, 1)
    };
    commit(&store, |tx| body::push(tx, &later));
    assert_eq!(body::count_due(&store, 499).unwrap(), 0);
    commit(&store, body::wake_all);
    assert_eq!(body::count_due(&store, 499).unwrap(), 1);
    assert!(commit(&store, |tx| body::wake(tx, &device(1))));
    assert!(
        !commit(&store, |tx| body::wake(tx, &device(1))),
        "awake already"
    );
    commit(&store, |tx| body::drop_to(tx, &device(1)));
    let left = body::due(&store, 1, 9).unwrap();
    assert_eq!(left.len(), 1);
    commit(&store, |tx| body::remove(tx, left[0].id));
    commit(&store, |tx| body::push(tx, &waiting(3, 1)));
    commit(&store, |tx| body::drop_expired(tx, 10_000));
    assert_eq!(body::next_due(&store).unwrap(), None);
}

#[test]
fn forgotten_numbers_leave_a_hole() {
    let (_folder, store) = fresh();
    commit(&store, |tx| range::add(tx, &conv(1), 1, 10));
    commit(&store, |tx| range::forget(tx, &conv(1), 4, 6));
    assert_eq!(range::gaps(&store, &conv(1), 1, 10).unwrap(), [(4, 6)]);
    commit(&store, |tx| range::forget(tx, &conv(1), 1, 2));
    assert_eq!(
        range::gaps(&store, &conv(1), 1, 10).unwrap(),
        [(4, 6), (1, 2)]
    );
    commit(&store, |tx| range::forget(tx, &conv(1), 9, 99));
    assert_eq!(range::newest(&store, &conv(1)).unwrap(), 8);
}
