//! What a message costs in a large group: nothing that grows with the group, once the keys are out.

use std::cell::Cell;

use chatty_crypto::megolm::{self, Lane, Prepared};
use chatty_crypto::tx::Tx;
use chatty_crypto::view::{Row, Table, View, ViewError};
use chatty_protocol::conversation_log::ConvOp;

use crate::kit::{DAY_MS, Store};
use crate::room::{A0, Room, shows};

/// Counts the rows that are read.
struct Counting<'a>(&'a Store, Cell<usize>);

impl View for Counting<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        self.1.set(self.1.get() + 1);
        self.0.get(table, key)
    }

    fn scan(&self, table: Table, prefix: &[u8]) -> Result<Vec<Row>, ViewError> {
        let rows = self.0.scan(table, prefix)?;
        self.1.set(self.1.get() + rows.len());
        Ok(rows)
    }
}

/// Rows that one more `prepare` reads, and what it answers.
fn cost(room: &mut Room, at: usize) -> (usize, Prepared) {
    let conv = room.conv;
    let device = &mut room.devices[at];
    let view = Counting(&device.store, Cell::new(0));
    let mut tx = Tx::new(&view, &mut device.dice, device.now_ms);
    let prepared = megolm::prepare(&mut tx, &conv, Lane::Log).unwrap();
    (view.1.get(), prepared)
}

#[test]
fn a_message_reads_as_many_rows_in_a_large_group_as_in_a_small_one() {
    let (mut small, mut large) = (Room::group(71, 3), Room::group(72, 12));
    for room in [&mut small, &mut large] {
        let row = room.text(A0, "the keys go out");
        assert!(shows(&room.read(1, &row), "the keys go out"));
    }
    let (few, _) = cost(&mut small, A0);
    let (many, prepared) = cost(&mut large, A0);
    assert_eq!(few, many);
    assert!(
        matches!(prepared, Prepared::Ready { started: None, first, later: 0, .. } if first.is_empty())
    );
}

#[test]
fn whatever_may_change_the_recipients_is_looked_at_again() {
    let mut room = Room::group(73, 4);
    room.text(A0, "one");
    let (cheap, _) = cost(&mut room, A0);
    // A device more.
    let new = room.link(1, 7_301);
    let (dear, prepared) = cost(&mut room, A0);
    assert!(dear > cheap);
    let Prepared::Ready { first, .. } = prepared else {
        panic!("ready");
    };
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].device, room.devices[new].device);
    let row = room.text(A0, "two");
    assert!(shows(&room.read(new, &row), "two"));
    assert!(cost(&mut room, A0).0 <= cheap + 1);
    // Somebody less.
    let user = room.devices[3].user;
    let conv = room.conv;
    let cuts = room.devices[A0]
        .run(|tx| megolm::cuts_for(tx, &conv, &user))
        .unwrap();
    room.entry(A0, ConvOp::Remove { user, cuts });
    let row = room.text(A0, "three");
    assert!(shows(&room.read(1, &row), "three"));
    assert!(!shows(&room.read(3, &row), "three"));
    // Time: the generation is too old.
    room.devices[A0].now_ms += DAY_MS;
    let (_, prepared) = cost(&mut room, A0);
    assert!(matches!(
        prepared,
        Prepared::Ready {
            started: Some(_),
            ..
        }
    ));
}
