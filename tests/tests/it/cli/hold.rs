//! Processes that stay and hold their home: `follow` and `rpc`.

use chatty_e2e::town::Town;
use serde_json::json;

#[test]
fn a27_a_home_in_use_names_its_process_and_may_be_waited_for() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let mut rpc = ann.rpc();
    let who = rpc.call("account.who_am_i", json!({})).unwrap();
    assert_eq!(who["handle"], "ann");
    for words in [vec!["chats"], vec!["--offline", "whoami"], vec!["follow"]] {
        let second = ann.run(&words);
        assert_eq!(
            second.refused(),
            (73, "home_in_use".to_owned()),
            "{words:?}"
        );
        assert!(second.rows.is_empty());
        let pid = rpc.pid().to_string();
        assert!(second.error()["message"].as_str().unwrap().contains(&pid));
        assert!(
            second.error()["hint"]
                .as_str()
                .unwrap()
                .contains("--wait-lock")
        );
    }
    // Both work: the one that holds it, and everybody else on another home.
    bob.run(&["send", "@ann", "while it is held"]).ok();
    let waiting = ann.spawn(&["--wait-lock", "60", "messages", "@bob"]);
    let chat = rpc
        .call("chat.resolve", json!({ "name": "@bob", "create": false }))
        .unwrap();
    assert_eq!(chat["kind"], "direct");
    assert_eq!(rpc.end(), 0);
    let read = waiting.wait();
    assert_eq!(read.texts().last().unwrap(), "while it is held", "{read:?}");
}

#[test]
fn a27_a_killed_holder_leaves_the_home_free() {
    let town = Town::new();
    let ann = town.person("ann");
    let mut rpc = ann.rpc();
    rpc.call("account.who_am_i", json!({})).unwrap();
    rpc.kill();
    assert_eq!(ann.run(&["whoami"]).row()["handle"], "ann");
}

#[test]
fn follow_prints_what_happens_until_it_is_stopped() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let mut follow = bob.spawn(&["follow"]);
    follow.until("caught_up\":true");
    let id = ann.run(&["send", "@bob", "look up"]).row()["id"].clone();
    let line = follow.until("look up");
    let event: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(event["event"], "message.added", "{event}");
    assert_eq!(event["message"]["id"], id);
    assert_eq!(bob.run(&["chats"]).code, 73);
    follow.interrupt();
    let end = follow.wait();
    assert_eq!(end.code, 0, "{end:?}");
    assert_eq!(bob.run(&["messages", "@ann"]).texts().len(), 3);
}

#[test]
fn rpc_answers_errors_on_their_line_and_goes_on() {
    let town = Town::new();
    let ann = town.person("ann");
    let mut rpc = ann.rpc();
    let unknown = rpc.call("no.such", json!({})).unwrap_err();
    assert_eq!(unknown["code"], "unknown_method");
    let wrong = rpc.call("chat.read", json!({ "chat": 7 })).unwrap_err();
    assert_eq!(wrong["code"], "invalid");
    let chats = rpc.call("chat.list", json!({})).unwrap();
    assert_eq!(chats, json!([]));
    let nobody = rpc
        .call(
            "chat.resolve",
            json!({ "name": "@nobody_here", "create": true }),
        )
        .unwrap_err();
    assert_eq!(nobody["code"], "no_such_person");
    assert_eq!(rpc.end(), 0);
}
