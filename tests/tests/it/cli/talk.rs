//! Talking while relays die and people go offline.

use chatty_e2e::town::Town;

#[test]
fn what_is_written_while_the_relay_is_away_leaves_with_the_next_command() {
    let mut town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    town.kill_relay();
    let mut queued = Vec::new();
    for text in ["canary while it was away", "canary and once more"] {
        let sent = ann.run(&["send", "@bob", text]);
        assert_eq!(sent.code, 75, "{sent:?}");
        assert_eq!(sent.rows[0]["state"], "queued");
        assert!(sent.rows[0].get("seq").is_none());
        assert!(sent.errors.contains("not_reachable"), "{sent:?}");
        queued.push(sent.rows[0]["id"].clone());
    }
    // Reading shows what is stored and says that it may be old.
    let stored = bob.run(&["messages", "@ann"]);
    assert_eq!((stored.code, stored.rows.len()), (0, 2), "{stored:?}");
    assert!(
        stored.errors.contains("showing what is stored"),
        "{stored:?}"
    );
    let waiting = ann.run(&["--offline", "messages", "@bob"]).ok();
    assert_eq!(waiting.len(), 4);
    assert!(waiting[2..].iter().all(|row| row["state"] == "waiting"));
    town.start_relay();
    // Any next command will do.
    ann.run(&["chats"]).ok();
    let read = bob.run(&["messages", "@ann"]);
    assert_eq!(
        read.texts()[2..],
        ["canary while it was away", "canary and once more"]
    );
    let ids: Vec<_> = read.rows[2..].iter().map(|row| row["id"].clone()).collect();
    assert_eq!(
        ids, queued,
        "the id that was printed is the id that arrived"
    );
    town.assert_nowhere("canary");
}

#[test]
fn a_killed_relay_keeps_what_it_accepted_and_both_go_on() {
    let mut town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let mut wanted = vec!["hello".to_owned(), "hello back".to_owned()];
    for round in 0..3 {
        let text = format!("letter {round}");
        let sent = ann.run(&["send", "@bob", &text]).row();
        assert_eq!(sent["state"], "accepted");
        town.restart_relay();
        let answer = format!("answer {round}");
        bob.run(&["send", "@ann", &answer]).ok();
        town.restart_relay();
        wanted.extend([text, answer]);
    }
    assert_eq!(ann.run(&["messages", "@bob"]).texts(), wanted);
    assert_eq!(bob.run(&["messages", "@ann"]).texts(), wanted);
    town.assert_nowhere("letter");
    town.assert_nowhere("answer 1");
}

#[test]
fn one_side_may_be_offline_for_as_long_as_it_likes() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    for number in 0..5 {
        ann.run(&["send", "@bob", &format!("online {number}")]).ok();
        let sent = bob.run(&["--offline", "send", "@ann", &format!("offline {number}")]);
        assert_eq!(sent.code, 75, "{sent:?}");
        assert!(sent.errors.is_empty(), "asked for, so no warning: {sent:?}");
    }
    assert_eq!(bob.run(&["--offline", "messages", "@ann"]).texts().len(), 7);
    bob.run(&["read", "@ann"]).ok();
    let (at_ann, at_bob) = (
        ann.run(&["messages", "@bob"]).texts(),
        bob.run(&["messages", "@ann"]).texts(),
    );
    assert_eq!(at_ann, at_bob);
    assert_eq!(at_ann.len(), 12);
    for number in 0..5 {
        assert_eq!(at_ann[2 + number], format!("online {number}"));
        assert_eq!(at_ann[7 + number], format!("offline {number}"));
    }
}
