//! A10: whatever the order in which a text, its edits and its deletion come, what is shown is the
//! same.

use chatty_core::store::message::change::{self, Target};
use chatty_core::store::message::version::{self, Edit};
use chatty_core::store::message::{self, write};
use chatty_core::store::{Store, StoreError, Tx};
use chatty_protocol::MsgId;
use proptest::prelude::*;

use super::{commit, conv, fresh, msg, text, user};

/// What is said about a message, itself included.
#[derive(Debug, Clone)]
enum Said {
    Text,
    Edit { rev: u64, id: u64 },
    Delete,
}

fn take(tx: &Tx<'_>, about: u64, said: &Said) -> Result<(), StoreError> {
    let target = Target {
        conv: &conv(1),
        author: &user(2),
        msg: &msg(about),
    };
    match said {
        Said::Text => write::insert(tx, &text(about, "original")).map(drop),
        Said::Delete => change::delete(tx, target).map(drop),
        Said::Edit { rev, id } => {
            let edit = Edit {
                rev: *rev,
                msg: msg(*id),
                at_ms: 2_000,
                text: format!("{rev} {id}"),
                spans: vec![0x80],
                mentions: vec![],
            };
            version::edit(tx, target, &edit).map(drop)
        }
    }
}

fn shown(store: &Store, id: &MsgId) -> (Option<String>, bool, bool) {
    let row = message::find(store, &conv(1), id).unwrap().unwrap();
    (row.body.text, row.edited, row.deleted)
}

fn saids() -> impl Strategy<Value = (Vec<Said>, Vec<Said>)> {
    let edit = (0u64..4, 50u64..58).prop_map(|(rev, id)| Said::Edit { rev, id });
    let one = prop_oneof![9 => edit, 1 => Just(Said::Delete)];
    proptest::collection::vec(one, 0..10).prop_flat_map(|mut all| {
        all.push(Said::Text);
        (Just(all.clone()), Just(all).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a10_edits_and_deletes_end_the_same_in_any_order((first, second) in saids()) {
        let (_folder, store) = fresh();
        for (about, order) in [(1, &first), (2, &second)] {
            for said in order {
                commit(&store, |tx| take(tx, about, said));
            }
        }
        let newest = first.iter().filter_map(|said| match said {
            Said::Edit { rev, id } => Some((*rev, *id)),
            _ => None,
        });
        let wanted = match newest.max() {
            _ if first.iter().any(|said| matches!(said, Said::Delete)) => (None, true),
            Some((rev, id)) => (Some(format!("{rev} {id}")), false),
            None => (Some("original".to_owned()), false),
        };
        let (one, other) = (shown(&store, &msg(1)), shown(&store, &msg(2)));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!((one.0, one.2), wanted);
    }
}
