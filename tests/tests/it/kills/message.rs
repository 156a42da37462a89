//! Deaths while a message is on its way, on either side.

use chatty_e2e::process::{Cli, Ran};
use chatty_e2e::town::Town;
use serde_json::json;

const KILLED: i32 = -1;

/// Both sides show the same texts, each once.
fn same(ann: &Cli, at_ann: &str, bob: &Cli, at_bob: &str, point: &str) -> Vec<String> {
    // Receipts, keys and what waits in an outbox leave with any command; then both look.
    ann.run(&["chats"]).ok();
    let (mine, theirs) = (
        ann.run(&["messages", at_bob]),
        bob.run(&["messages", at_ann]),
    );
    assert_eq!(mine.texts(), theirs.texts(), "{point}");
    for ran in [&mine, &theirs] {
        let mut ids: Vec<String> = ran.rows.iter().map(|row| row["id"].to_string()).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "{point}: shown twice");
        assert!(
            ran.rows.iter().all(|row| row["text"].is_string()),
            "{point}: {ran:?}"
        );
    }
    theirs.texts()
}

fn times(texts: &[String], text: &str) -> usize {
    texts.iter().filter(|other| *other == text).count()
}

/// Points of a first message to somebody, and whether it was in the outbox by then.
const FIRST: [(&str, bool); 10] = [
    ("conversation.before-create", false),
    ("conversation.after-create", false),
    ("outbox.queued", true),
    ("claim.before-post", true),
    ("claim.answered", true),
    ("items.before-send", true),
    ("items.accepted", true),
    ("outbox.encrypted", true),
    ("outbox.sent", true),
    ("outbox.accepted", true),
];

#[test]
fn a_first_message_survives_death_at_every_point_of_its_way() {
    let town = Town::new();
    let bob = town.person("bob");
    for (number, (point, queued)) in FIRST.iter().enumerate() {
        let handle = format!("ann{number}");
        let ann = town.person(&handle);
        let died = ann.run_to_die(&["send", "@bob", "the first"], point);
        assert_eq!(died.code, KILLED, "{point} is not passed: {died:?}");
        assert!(died.rows.is_empty(), "{point}: it said that it was done");
        let sent = ann.run(&["send", "@bob", "the second"]);
        assert_eq!(sent.code, 0, "{point}: {sent:?}");
        bob.run(&["requests", "accept", &format!("@{handle}")]).ok();
        let texts = same(&ann, &format!("@{handle}"), &bob, "@bob", point);
        assert_eq!(
            times(&texts, "the first"),
            usize::from(*queued),
            "{point}: {texts:?}"
        );
        assert_eq!(times(&texts, "the second"), 1, "{point}: {texts:?}");
    }
}

#[test]
fn a_next_message_survives_death_before_and_after_each_of_its_commits() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let mut wanted = 2;
    for point in ["store.before-commit", "store.after-commit"] {
        let mut passes = 0;
        loop {
            let at = format!("{point}:{}", passes + 1);
            let text = format!("{at} lived");
            let ran = ann.run_to_die(&["send", "@bob", &text], &at);
            if ran.code != KILLED {
                assert_eq!(ran.code, 0, "{at}: {ran:?}");
                wanted += 1;
                break;
            }
            passes += 1;
            assert!(passes < 40, "{point} has no end");
            // A text that was not taken is said again by whoever saw that it was not.
            let kept = ann.run(&["--offline", "messages", "@bob"]).texts();
            if times(&kept, &text) == 0 {
                ann.run(&["send", "@bob", &text]).ok();
            }
            wanted += 1;
        }
        assert!(passes > 3, "{point} was passed {passes} times");
    }
    let texts = same(&ann, "@ann", &bob, "@bob", "every commit");
    assert_eq!(texts.len(), wanted, "{texts:?}");
    let mut once = texts.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), texts.len(), "said twice: {texts:?}");
}

#[test]
fn what_came_survives_death_before_it_was_acknowledged() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let points = [
        "store.before-commit:2",
        "store.before-commit:3",
        "store.before-commit:4",
        "store.after-commit:2",
        "store.after-commit:3",
        "store.after-commit:4",
    ];
    for point in points {
        let text = format!("read at {point}");
        ann.run(&["send", "@bob", &text]).ok();
        let died: Ran = bob.run_to_die(&["messages", "@ann"], point);
        assert_eq!(died.code, KILLED, "{point} is not passed: {died:?}");
        let texts = bob.run(&["messages", "@ann"]).texts();
        assert_eq!(times(&texts, &text), 1, "{point}: {texts:?}");
    }
    let texts = same(&ann, "@ann", &bob, "@bob", "receiving");
    assert_eq!(texts.len(), 2 + points.len());
}

#[test]
fn a_key_that_came_survives_death_before_it_was_acknowledged() {
    let town = Town::new();
    let bob = town.person("bob");
    for point in ["sync.before-ack", "sync.before-ack:2"] {
        let handle = format!("ann{}", point.len());
        let ann = town.person(&handle);
        ann.run(&["send", "@bob", "with its key"]).ok();
        let died = bob.run_to_die(&["requests"], point);
        if point == "sync.before-ack" {
            assert_eq!(died.code, KILLED, "{point} is not passed: {died:?}");
        }
        let requests = bob.run(&["requests"]).ok();
        assert_eq!(requests[0]["preview"], "with its key", "{point}");
        bob.run(&["requests", "accept", &format!("@{handle}")]).ok();
        let texts = same(&ann, &format!("@{handle}"), &bob, "@bob", point);
        assert_eq!(texts, ["with its key"], "{point}");
    }
}

#[test]
fn a_group_survives_the_death_of_who_changes_it() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    for (number, point) in [
        "conversation.before-entry",
        "conversation.after-entry",
        "items.waiting",
    ]
    .iter()
    .enumerate()
    {
        let title = format!("club {number}");
        let carl = town.person(&format!("carl{number}"));
        ann.run(&["group", "create", &title, "@bob"]).ok();
        let words = ["group", "invite", &title, &format!("@carl{number}")];
        let died = ann.run_to_die(&words, point);
        assert_eq!(died.code, KILLED, "{point} is not passed: {died:?}");
        ann.run(&words).ok();
        let members = ann.run(&["group", "members", &title]).ok();
        assert_eq!(members.len(), 3, "{point}: {members:?}");
        // The key of the title waited for a session: the invited one reads it all the same.
        let requests = carl.run(&["requests"]).ok();
        assert_eq!(requests.len(), 1, "{point}: {requests:?}");
        assert_eq!(requests[0]["preview"], title, "{point}");
        bob.run(&["send", &title, "to the club"]).ok();
        assert_eq!(ann.run(&["messages", &title]).texts(), ["to the club"]);
    }
}

#[test]
fn a_group_gets_its_title_and_its_people_though_its_maker_died() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let groups = |who: &Cli| -> Vec<String> {
        let rows = who.run(&["chats"]).ok().into_iter();
        let rows = rows.filter(|row| row["kind"] == "group");
        rows.map(|row| row["title"].as_str().unwrap().to_owned())
            .collect()
    };
    let points = [
        ("conversation.promised", false),
        ("conversation.after-create", true),
        ("conversation.before-entry", true),
        ("conversation.after-entry", true),
    ];
    for (number, (point, made)) in points.iter().enumerate() {
        let title = format!("club {number}");
        let words = ["group", "create", &title, "@bob"];
        let died = ann.run_to_die(&words, point);
        assert_eq!(died.code, KILLED, "{point} is not passed: {died:?}");
        let known = groups(&ann);
        let with_title = known.iter().filter(|other| **other == title).count();
        assert_eq!(with_title, usize::from(*made), "{point}: {known:?}");
        match made {
            true => ann.run(&["group", "invite", &title, "@bob"]).ok(),
            false => ann.run(&words).ok(),
        };
        assert!(groups(&bob).contains(&title), "{point}");
    }
    assert_eq!(groups(&ann).len(), points.len(), "none is there twice");
}

#[test]
fn what_was_typed_survives_the_death_of_the_program() {
    let town = Town::new();
    let (ann, _bob) = town.friends("ann", "bob");
    let chat = ann.run(&["chats"]).ok()[0]["id"].clone();
    let call = |method: &str, params: serde_json::Value| {
        format!("{}\n", json!({"id": 1, "method": method, "params": params}))
    };
    let typed = call("draft.set", json!({"chat": chat, "text": "half a thou"}));
    let dying = ann.with("CHATTY_KILL_AT", "draft.kept");
    let died = dying.type_in(&["--offline", "rpc"], &typed);
    assert_eq!(died.code, KILLED, "{died:?}");
    let look = call("draft.get", json!({"chat": chat}));
    let found = ann.type_in(&["--offline", "rpc"], &look).ok();
    let answer = found.iter().find(|row| row["id"] == 1).unwrap();
    assert_eq!(answer["result"]["text"], "half a thou");
    // What a script sends is not what was typed in the field.
    ann.run(&["--offline", "send", "@bob", "by hand"]);
    let found = ann.type_in(&["--offline", "rpc"], &look).ok();
    let answer = found.iter().find(|row| row["id"] == 1).unwrap();
    assert_eq!(answer["result"]["text"], "half a thou");
}
