//! Message rows: windows, numbers, changes in any order, receipts, expiry.

use chatty_core::api::state::MessageState;
use chatty_core::store::message::change::{self, Target};
use chatty_core::store::message::expire;
use chatty_core::store::message::sealed::{self, SealedRow};
use chatty_core::store::message::version::{self, Edit};
use chatty_core::store::message::view;
use chatty_core::store::message::write::{self, Inserted};
use chatty_core::store::message::{self, Body, Kind, MessageRow};
use chatty_core::store::{Store, conversation, search};

use chatty_protocol::limits;

use super::{commit, conv, device, fresh, msg, own, text, user};

fn insert(store: &Store, row: &MessageRow) -> Inserted {
    commit(store, |tx| write::insert(tx, row))
}

fn texts(rows: &[MessageRow]) -> Vec<&str> {
    rows.iter()
        .map(|row| row.body.text.as_deref().unwrap_or("-"))
        .collect()
}

#[test]
fn a_row_comes_back_as_it_was_written() {
    let (_folder, store) = fresh();
    let mut row = text(5, "hello");
    row.body.mentions = vec![user(1), user(3)];
    row.body.spans = vec![0x80];
    row.body.reply_to = Some((user(3), msg(77)));
    row.body.expires_s = 60;
    row.reason = Some("why".into());
    row.older_membership = Some(user(9));
    let Inserted::New(number) = insert(&store, &row) else {
        panic!("not new");
    };
    row.row = number;
    assert_eq!(message::by_row(&store, number).unwrap(), Some(row.clone()));
    assert_eq!(
        message::by_seq(&store, &conv(1), 5).unwrap(),
        Some(row.clone())
    );
    assert_eq!(
        message::by_dev_seq(&store, &conv(1), &device(2), 5).unwrap(),
        Some(row.clone())
    );
    assert_eq!(
        message::get(&store, &conv(1), &user(2), &msg(5)).unwrap(),
        Some(row.clone())
    );
    assert_eq!(message::find(&store, &conv(1), &msg(5)).unwrap(), Some(row));
    assert_eq!(message::find(&store, &conv(2), &msg(5)).unwrap(), None);
}

#[test]
fn the_same_message_is_stored_once_and_another_one_clashes() {
    let (_folder, store) = fresh();
    let Inserted::New(row) = insert(&store, &text(1, "one")) else {
        panic!("not new");
    };
    assert_eq!(insert(&store, &text(1, "one")), Inserted::Known(row));
    let other_id = MessageRow {
        msg: Some(msg(99)),
        ..text(1, "evil")
    };
    assert_eq!(insert(&store, &other_id), Inserted::Clash(row));
    let same_place = MessageRow {
        seq: Some(1),
        ..text(2, "evil")
    };
    assert_eq!(insert(&store, &same_place), Inserted::Clash(row));
    assert_eq!(
        texts(&message::window(&store, &conv(1), None, 9).unwrap()),
        ["one"]
    );
}

#[test]
fn windows_page_backwards_with_unsent_messages_last() {
    let (_folder, store) = fresh();
    insert(&store, &own(1, "unsent"));
    for n in [3, 1, 2, 5, 4] {
        insert(&store, &text(n, &n.to_string()));
    }
    let newest = message::window(&store, &conv(1), None, 3).unwrap();
    assert_eq!(texts(&newest), ["4", "5", "unsent"]);
    let older = message::window(&store, &conv(1), Some(newest[0].row), 10).unwrap();
    assert_eq!(texts(&older), ["1", "2", "3"]);
    // Accepted: it takes its place in the stream, keeps its id and row.
    let moved = commit(&store, |tx| {
        write::accepted(tx, &conv(1), &device(1), &msg(1), 6, 2_000)
    });
    assert_eq!(moved, Some(newest[2].row));
    insert(&store, &text(7, "7"));
    let newest = message::window(&store, &conv(1), None, 3).unwrap();
    assert_eq!(texts(&newest), ["5", "unsent", "7"]);
    assert_eq!(newest[1].state, MessageState::Sent);
    assert_eq!(newest[1].at_ms, 2_000);
}

#[test]
fn edits_deletions_and_reactions_work_in_any_order() {
    let (_folder, store) = fresh();
    let (conv, author, id) = (conv(1), user(2), msg(1));
    let target = Target {
        conv: &conv,
        author: &author,
        msg: &id,
    };
    let edit = |rev, n, text: &str| Edit {
        rev,
        msg: msg(n),
        at_ms: 2_000 + n,
        text: text.into(),
        spans: vec![0x80],
        mentions: vec![],
    };
    // Before the message itself, the greater one first.
    commit(&store, |tx| {
        version::edit(tx, target, &edit(2, 50, "second"))
    });
    commit(&store, |tx| {
        version::edit(tx, target, &edit(1, 60, "first"))
    });
    commit(&store, |tx| {
        change::react(tx, target, &user(3), (1, &msg(61)), "👍", 10)
    });
    insert(&store, &text(1, "original"));
    let shown = |store: &Store| {
        let row = message::find(store, &conv, &id).unwrap().unwrap();
        view::message(store, &row).unwrap().unwrap()
    };
    let now = shown(&store);
    assert_eq!((now.text.as_deref(), now.edited), (Some("second"), true));
    assert_eq!(now.reactions[0].by, [user(3)]);
    // Equal revs: the greater message id wins, whichever comes first.
    commit(&store, |tx| {
        version::edit(tx, target, &edit(2, 51, "later id"))
    });
    commit(&store, |tx| {
        version::edit(tx, target, &edit(2, 49, "earlier id"))
    });
    assert_eq!(shown(&store).text.as_deref(), Some("later id"));
    assert_eq!(version::edit_rev(&store, target).unwrap(), 2);
    let said = |store: &Store| {
        let all = version::history(store, target).unwrap();
        all.into_iter()
            .map(|v| (v.at_ms, v.text))
            .collect::<Vec<_>>()
    };
    let history = [
        (1_001, "original"),
        (2_060, "first"),
        (2_049, "earlier id"),
        (2_050, "second"),
        (2_051, "later id"),
    ];
    assert_eq!(
        said(&store),
        history.map(|(at, text)| (at, text.to_owned()))
    );
    // A reaction is replaced, never lower; an empty one takes it back.
    assert!(commit(&store, |tx| change::react(
        tx,
        target,
        &user(3),
        (2, &msg(62)),
        "",
        11
    )));
    assert!(!commit(&store, |tx| change::react(
        tx,
        target,
        &user(3),
        (1, &msg(99)),
        "👎",
        12
    )));
    assert!(shown(&store).reactions.is_empty());
    // A deletion wins over everything, also over what comes later.
    commit(&store, |tx| change::delete(tx, target));
    commit(&store, |tx| {
        version::edit(tx, target, &edit(9, 90, "back again"))
    });
    let gone = shown(&store);
    assert_eq!((gone.text, gone.deleted), (None, true));
    assert_eq!(said(&store), [], "nothing of its history stays");
    assert!(search::find(&store, "later", None, 9).unwrap().is_empty());
}

#[test]
fn a_flood_of_edits_keeps_the_original_and_the_newest() {
    let (_folder, store) = fresh();
    let (conv, author, id) = (conv(1), user(2), msg(1));
    let target = Target {
        conv: &conv,
        author: &author,
        msg: &id,
    };
    insert(&store, &text(1, "original"));
    let most = limits::EDITS_PER_MESSAGE as u64;
    commit(&store, |tx| {
        for rev in 1..=most + 7 {
            let edit = Edit {
                rev,
                msg: msg(1_000 + rev),
                at_ms: rev,
                text: rev.to_string(),
                spans: vec![],
                mentions: vec![],
            };
            version::edit(tx, target, &edit)?;
        }
        Ok(())
    });
    let history = version::history(&store, target).unwrap();
    assert_eq!(history.len() as u64, most + 1);
    assert_eq!(history[0].text, "original");
    assert_eq!(history[1].text, "8");
    // One that pretends to be the original changes nothing.
    let mask = Edit {
        rev: 0,
        msg: id,
        at_ms: 1,
        text: "never said".into(),
        spans: vec![],
        mentions: vec![],
    };
    assert_eq!(commit(&store, |tx| version::edit(tx, target, &mask)), None);
    assert_eq!(
        version::history(&store, target).unwrap()[0].text,
        "original"
    );
    commit(&store, |tx| {
        let row = message::find(tx, &conv, &id)?.unwrap();
        expire::empty(tx, row.row)
    });
    assert_eq!(version::history(&store, target).unwrap(), []);
}

#[test]
fn an_unread_message_that_names_somebody_is_found() {
    let (_folder, store) = fresh();
    let mut row = text(1, "look here");
    row.body.mentions = vec![user(5), user(6)];
    insert(&store, &row);
    insert(&store, &text(2, "nobody"));
    let named = |n| message::is_mentioned(&store, &conv(1), &user(n)).unwrap();
    assert!(named(5) && named(6) && !named(2));
    commit(&store, |tx| write::read_up_to(tx, &conv(1), 1, 5_000));
    assert!(!named(5), "read");
}

#[test]
fn pages_go_forward_from_a_row() {
    let (_folder, store) = fresh();
    for n in 1..=5 {
        insert(&store, &text(n, &n.to_string()));
    }
    insert(&store, &own(9, "unsent"));
    let middle = message::find(&store, &conv(1), &msg(3)).unwrap().unwrap();
    let from = |inclusive, limit| {
        let rows = message::window_from(&store, &conv(1), middle.row, inclusive, limit);
        texts(&rows.unwrap()).join(" ")
    };
    assert_eq!(from(true, 2), "3 4");
    assert_eq!(from(false, 9), "4 5 unsent");
}

#[test]
fn a_deletion_that_comes_first_keeps_the_text_out() {
    let (_folder, store) = fresh();
    let (conv, author, id) = (conv(1), user(2), msg(4));
    let target = Target {
        conv: &conv,
        author: &author,
        msg: &id,
    };
    commit(&store, |tx| change::delete(tx, target));
    insert(&store, &text(4, "secret after all"));
    let row = message::find(&store, &conv, &id).unwrap().unwrap();
    assert_eq!(
        (row.body.text, row.deleted, row.unread),
        (None, true, false)
    );
}

#[test]
fn somebody_else_cannot_edit_or_delete() {
    let (_folder, store) = fresh();
    insert(&store, &text(1, "mine"));
    let (conv, other, id) = (conv(1), user(3), msg(1));
    let target = Target {
        conv: &conv,
        author: &other,
        msg: &id,
    };
    assert_eq!(commit(&store, |tx| change::delete(tx, target)), None);
    let row = message::find(&store, &conv, &id).unwrap().unwrap();
    assert_eq!(row.body.text.as_deref(), Some("mine"));
}

#[test]
fn sealed_rows_wait_and_are_opened_in_place() {
    let (_folder, store) = fresh();
    let sealed_row = MessageRow {
        kind: Kind::Sealed,
        state: MessageState::KeyComing,
        unread: false,
        body: Body::default(),
        ..text(1, "")
    };
    let Inserted::New(row) = insert(&store, &sealed_row) else {
        panic!("not new");
    };
    let waiting = SealedRow {
        row,
        frame: vec![1, 2, 3],
        tries: 1,
        retry_ms: Some(500),
        until_ms: None,
    };
    commit(&store, |tx| sealed::put(tx, &waiting));
    assert_eq!(sealed::get(&store, row).unwrap(), Some(waiting.clone()));
    assert_eq!(sealed::due(&store, 499, 9).unwrap(), []);
    assert_eq!(sealed::next_due(&store).unwrap(), Some(500));
    assert_eq!(
        sealed::due(&store, 500, 9).unwrap(),
        std::slice::from_ref(&waiting)
    );
    for found in [
        sealed::waiting(&store, &conv(1), 9).unwrap(),
        sealed::of_device(&store, &conv(1), &device(2)).unwrap(),
    ] {
        assert_eq!(found, std::slice::from_ref(&waiting));
    }
    // What is given up does not stand in the way of what waits; its own key still finds it.
    commit(&store, |tx| {
        write::set_state(tx, row, MessageState::BeforeLink, None)
    });
    assert_eq!(sealed::waiting(&store, &conv(1), 9).unwrap(), []);
    let found = sealed::of_device(&store, &conv(1), &device(2)).unwrap();
    assert_eq!(found.len(), 1);
    commit(&store, |tx| {
        write::set_state(tx, row, MessageState::KeyComing, None)
    });
    assert_eq!(
        sealed::in_state(&store, MessageState::KeyComing, 9).unwrap(),
        [waiting]
    );
    commit(&store, |tx| {
        write::replace(tx, row, &text(1, "opened at last"))
    });
    assert_eq!(sealed::get(&store, row).unwrap(), None);
    let hits = search::find(&store, "at last", None, 9).unwrap();
    assert_eq!(hits[0].message.row, row);
}

#[test]
fn reading_counts_down_and_starts_the_timer() {
    let (_folder, store) = fresh();
    commit(&store, |tx| {
        let kind = chatty_core::api::state::ChatKind::Group;
        conversation::put(tx, &conversation::ConversationRow::new(conv(1), kind, 5))
    });
    let mut timed = text(2, "soon gone");
    timed.body.expires_s = 30;
    insert(&store, &text(1, "a"));
    insert(&store, &timed);
    insert(&store, &text(3, "c"));
    commit(&store, |tx| conversation::refresh(tx, &conv(1)));
    let row = conversation::get(&store, &conv(1)).unwrap().unwrap();
    assert_eq!((row.unread, row.last_at_ms), (3, 1_003));
    let changed = commit(&store, |tx| write::read_up_to(tx, &conv(1), 2, 10_000));
    assert_eq!(changed.len(), 2);
    commit(&store, |tx| conversation::refresh(tx, &conv(1)));
    assert_eq!(
        conversation::get(&store, &conv(1)).unwrap().unwrap().unread,
        1
    );
    assert_eq!(expire::next(&store).unwrap(), Some(40_000));
    assert_eq!(commit(&store, |tx| expire::due(tx, 39_999, 9)), []);
    let gone = commit(&store, |tx| expire::due(tx, 40_000, 9));
    assert_eq!(gone[0].msg, Some(msg(2)));
    assert_eq!(
        texts(&message::window(&store, &conv(1), None, 9).unwrap()),
        ["a", "c"]
    );
    // The place stays known, the words are nowhere.
    let void = message::by_seq(&store, &conv(1), 2).unwrap().unwrap();
    assert_eq!((void.kind, void.body.text), (Kind::Void, None));
    assert!(search::find(&store, "soon", None, 9).unwrap().is_empty());
}

#[test]
fn receipts_raise_own_messages_and_never_lower_them() {
    let (_folder, store) = fresh();
    for n in 1..=4 {
        insert(&store, &own(n, "mine"));
        commit(&store, |tx| {
            write::accepted(tx, &conv(1), &device(1), &msg(n), n, 100)
        });
    }
    insert(&store, &own(5, "not sent"));
    let advance = |up_to, missing: &[u64], state| {
        commit(&store, |tx| {
            write::advance(tx, &conv(1), up_to, missing, state)
        })
        .len()
    };
    assert_eq!(advance(4, &[2], MessageState::Delivered), 3);
    assert_eq!(advance(3, &[], MessageState::Read), 3);
    assert_eq!(advance(4, &[], MessageState::Delivered), 0);
    let states: Vec<_> = message::window(&store, &conv(1), None, 9)
        .unwrap()
        .iter()
        .map(|row| row.state)
        .collect();
    use MessageState::{Delivered, Read, Waiting};
    assert_eq!(states, [Read, Read, Read, Delivered, Waiting]);
}

#[test]
fn a_restored_relay_gives_numbers_anew() {
    let (_folder, store) = fresh();
    for n in 1..=3 {
        insert(&store, &text(n, &n.to_string()));
    }
    commit(&store, |tx| write::forget_numbers_above(tx, &conv(1), 1));
    let again = MessageRow {
        seq: Some(2),
        ..text(3, "3")
    };
    let Inserted::Known(row) = insert(&store, &again) else {
        panic!("it is the same message");
    };
    commit(&store, |tx| write::renumber(tx, row, 2, 7_000));
    assert_eq!(
        message::by_seq(&store, &conv(1), 2).unwrap().unwrap().msg,
        Some(msg(3))
    );
    assert_eq!(
        texts(&message::window(&store, &conv(1), None, 9).unwrap()),
        ["1", "3", "2"]
    );
}

#[test]
fn held_messages_are_counted_and_never_shown() {
    let (_folder, store) = fresh();
    for n in 1..=3 {
        let mut row = text(n, "");
        row.kind = Kind::Sealed;
        row.shown = false;
        row.body.text = None;
        row.state = match n {
            3 => MessageState::KeyComing,
            _ => MessageState::WaitingCut,
        };
        let Inserted::New(row) = insert(&store, &row) else {
            panic!("not new");
        };
        let kept = SealedRow {
            row,
            frame: vec![1],
            tries: 1,
            retry_ms: None,
            until_ms: None,
        };
        commit(&store, |tx| sealed::put(tx, &kept));
    }
    let held = |n| sealed::count_waiting_cut(&store, &conv(n)).unwrap();
    assert_eq!((held(1), held(2)), (2, 0));
}
