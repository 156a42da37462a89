//! Every command of the contract, run at least once, its rows held against the table.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::process::Command;

use chatty_e2e::process::{Cli, Ran, WORDS, program};
use chatty_e2e::town::Town;
use serde_json::Value;

use super::rows::{self, check, check_all};

/// A town in which every command that ran is written down.
struct Story {
    town: Town,
    ran: RefCell<BTreeSet<String>>,
}

impl Story {
    fn note(&self, words: &[&str]) {
        let bare: Vec<&str> = words
            .iter()
            .copied()
            .take_while(|word| !word.starts_with('-'))
            .collect();
        for length in 1..=bare.len().min(2) {
            self.ran.borrow_mut().insert(bare[..length].join(" "));
        }
    }

    fn run(&self, who: &Cli, words: &[&str]) -> Ran {
        self.note(words);
        who.run(words)
    }

    fn ok(&self, who: &Cli, words: &[&str]) -> Vec<Value> {
        self.run(who, words).ok()
    }

    fn row(&self, who: &Cli, words: &[&str], shape: &str) -> Value {
        let row = self.run(who, words).row();
        check(&row, shape);
        row
    }

    fn type_in(&self, who: &Cli, words: &[&str], input: &str) -> Ran {
        self.note(words);
        who.type_in(words, input)
    }
}

/// Every command and subcommand that `--help` lists.
fn listed() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for verb in subcommands(&[]) {
        let below = subcommands(&[&verb]);
        found.extend(below.iter().map(|below| format!("{verb} {below}")));
        // `requests` alone lists; the other folders do nothing by themselves.
        if below.is_empty() || verb == "requests" {
            found.insert(verb);
        }
    }
    found
}

fn subcommands(of: &[&str]) -> Vec<String> {
    let output = Command::new(program("chatty"))
        .args(of)
        .arg("--help")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let Some((_, after)) = text.split_once("Commands:\n") else {
        return Vec::new();
    };
    let lines = after.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_of_the_contract_does_what_the_table_says() {
    let story = Story {
        town: Town::new(),
        ran: RefCell::default(),
    };
    let ann = account(&story);
    let bob = story.town.person("bob");
    let chat = talk(&story, &ann, &bob);
    message_verbs(&story, &ann, &bob, &chat);
    strangers(&story, &ann);
    groups(&story, &ann, &bob);
    devices(&story, &ann);
    stay(&story, &ann);
    passwords(&story, &ann);
    ends(&story, &ann, &bob);
    let ran = story.ran.borrow();
    let missing: Vec<String> = listed().difference(&ran).cloned().collect();
    assert!(missing.is_empty(), "never run: {missing:?}");
    story.town.assert_nowhere("canary");
}

fn account(story: &Story) -> Cli {
    let ann = story.town.home("ann");
    let words = ["signup", "--handle", "ann", "--email", "ann@example.org"];
    let made = story.row(&ann, &words, rows::SIGN_UP);
    assert_eq!(made["handle"], "ann");
    let who = story.row(&ann, &["whoami"], rows::WHO_AM_I);
    assert_eq!(who["verified_email"], false);
    assert_eq!(who["user"], made["user"]);
    // A mail a minute.
    let soon = story.run(&ann, &["resend-code"]);
    assert_eq!(soon.refused(), (1, "rate_limited".to_owned()));
    assert!(soon.error()["retry_after_ms"].as_u64().unwrap() > 0);
    let code = story.town.code("ann");
    assert!(story.ok(&ann, &["verify-email", &code]).is_empty());
    let who = story.row(&ann, &["whoami"], rows::WHO_AM_I);
    assert_eq!(who["verified_email"], true);
    let shown = story.row(&ann, &["recovery", "show"], "recovery_key:s");
    assert_eq!(shown["recovery_key"], made["recovery_key"]);
    let key = made["recovery_key"].as_str().unwrap();
    let wrong = story.type_in(&ann, &["recovery", "confirm"], "00000-nonsense\n");
    assert_eq!(wrong.refused(), (1, "recovery_mismatch".to_owned()));
    let typed = key.to_lowercase().replace('-', " ");
    story.type_in(&ann, &["recovery", "confirm"], &typed).ok();
    let gone = story.run(&ann, &["recovery", "show"]);
    assert_eq!(gone.refused(), (1, "recovery_erased".to_owned()));
    ann
}

fn talk(story: &Story, ann: &Cli, bob: &Cli) -> String {
    assert!(story.ok(ann, &["chats"]).is_empty());
    let sent = story.row(ann, &["send", "@bob", "canary one"], rows::SENT);
    assert_eq!(sent["state"], "accepted");
    let requests = story.ok(bob, &["requests"]);
    check_all(&requests, rows::REQUEST);
    assert_eq!(requests[0]["preview"], "canary one");
    story.ok(bob, &["requests", "accept", "@ann"]);
    let chats = story.ok(ann, &["chats"]);
    check_all(&chats, rows::CHAT);
    assert_eq!(chats[0]["kind"], "direct");
    let chat = sent["conv"].as_str().unwrap().to_owned();
    // By id, by the beginning of it, by handle and by exact title.
    for name in [chat.as_str(), &chat[..12], "@ann"] {
        let messages = story.ok(bob, &["messages", name]);
        check_all(&messages, rows::MESSAGE);
        assert_eq!(messages[0]["text"], "canary one");
    }
    let slow = story.run(bob, &["send", "@ann", "canary two", "--no-wait"]);
    assert!([0, 75].contains(&slow.code), "{slow:?}");
    check_all(&slow.rows, rows::SENT);
    chat
}

fn message_verbs(story: &Story, ann: &Cli, bob: &Cli, chat: &str) {
    let messages = story.ok(ann, &["messages", chat]);
    check_all(&messages, rows::MESSAGE);
    let id = |at: usize| messages[at]["id"].as_str().unwrap();
    let reply = story.row(ann, &["reply", chat, id(1), "canary three"], rows::SENT);
    story.row(
        ann,
        &["edit", chat, id(0), "canary one, better"],
        rows::SENT,
    );
    story.row(ann, &["react", chat, id(1), "👍"], rows::SENT);
    let third = reply["id"].as_str().unwrap();
    let last = story.row(ann, &["send", chat, "canary wrong"], rows::SENT);
    story.row(
        ann,
        &["delete", chat, last["id"].as_str().unwrap()],
        rows::SENT,
    );
    story.ok(bob, &["read", chat]);
    let seen = story.ok(bob, &["messages", chat]);
    check_all(&seen, rows::MESSAGE);
    assert_eq!(seen[0]["text"], "canary one, better");
    assert_eq!(seen[0]["edited"], true);
    assert_eq!(seen[1]["reactions"][0]["emoji"], "👍");
    assert_eq!(seen[2]["reply_to"], id(1));
    assert_eq!(
        (&seen[3]["deleted"], &seen[3]["text"]),
        (&true.into(), &Value::Null)
    );
    let page = story.ok(bob, &["messages", chat, "--limit", "1", "--before", third]);
    assert_eq!(page.len(), 1);
    assert_eq!(page[0]["id"], id(1));
    let mut found = story.ok(bob, &["search", "better"]);
    let coverage = found.pop().unwrap();
    check(&coverage, rows::COVERAGE);
    check(&coverage["coverage"], "messages:n since_ms:N complete:b");
    check_all(&found, rows::HIT);
    assert_eq!(found[0]["snippet"], serde_json::json!([[12, 18]]));
    story.ok(ann, &["timer", chat, "1h"]);
    let timed = story.row(ann, &["send", chat, "canary passing"], rows::SENT);
    story.ok(ann, &["timer", chat, "off"]);
    let seen = story.ok(ann, &["messages", chat]);
    let row = seen.iter().find(|row| row["id"] == timed["id"]).unwrap();
    assert!(row["expires_at_ms"].is_u64(), "{row}");
}

fn strangers(story: &Story, ann: &Cli) {
    let (carl, dave) = (story.town.person("carl"), story.town.person("dave"));
    for stranger in [&carl, &dave] {
        story.ok(stranger, &["send", "@ann", "canary of a stranger"]);
    }
    let requests = story.ok(ann, &["requests"]);
    check_all(&requests, rows::REQUEST);
    assert_eq!(requests.len(), 2);
    story.ok(ann, &["requests", "delete", "@carl"]);
    story.ok(ann, &["requests", "block", "@dave"]);
    assert!(story.ok(ann, &["requests"]).is_empty());
    let blocked = story.ok(ann, &["blocked"]);
    check_all(&blocked, "user:s handle?:s");
    assert_eq!(blocked.len(), 1);
    story.ok(ann, &["unblock", "@dave"]);
    story.ok(ann, &["block", "@carl"]);
    assert_eq!(story.ok(ann, &["blocked"])[0]["handle"], "carl");
    story.ok(ann, &["unblock", "@carl"]);
    let shape = "user:s handle?:s name?:s state:s";
    let link = story.row(&dave, &["invite"], "link:s");
    let person = "user:s handle?:s name?:s state:s chat?:s blocked:b";
    let found = story.row(ann, &["invite", link["link"].as_str().unwrap()], person);
    assert_eq!(found["handle"], "dave");
    let own = story.row(ann, &["profile", "--name", "Ann A"], shape);
    assert_eq!(own["name"], "Ann A");
    assert_eq!(story.row(ann, &["profile", "@bob"], shape)["handle"], "bob");
}

fn groups(story: &Story, ann: &Cli, bob: &Cli) {
    let words = ["group", "create", "canary club", "@bob"];
    let group = story.row(ann, &words, rows::GROUP);
    assert_eq!(group["members"].as_array().unwrap().len(), 2);
    story.row(
        ann,
        &["group", "invite", "canary club", "@carl"],
        rows::GROUP,
    );
    story.ok(bob, &["chats"]);
    let members = story.ok(ann, &["group", "members", "canary club"]);
    check_all(&members, "user:s handle?:s name?:s status:s role:s");
    assert_eq!(members.len(), 3);
    story.row(
        ann,
        &["group", "role", "canary club", "@bob", "admin"],
        rows::GROUP,
    );
    let group = story.row(
        ann,
        &["group", "remove", "canary club", "@carl"],
        rows::GROUP,
    );
    assert_eq!(group["members"].as_array().unwrap().len(), 2);
    story.ok(ann, &["group", "rename", "canary club", "canary crowd"]);
    story.row(ann, &["send", "canary crowd", "canary to all"], rows::SENT);
    let read = story.run(bob, &["messages", "canary crowd"]);
    assert_eq!(read.texts(), ["canary to all"], "{read:?}");
    story.ok(bob, &["group", "leave", "canary crowd"]);
    assert_eq!(
        story.ok(ann, &["group", "members", "canary crowd"]).len(),
        1
    );
    let closed = story.run(bob, &["send", "canary crowd", "too late"]);
    assert_eq!(closed.refused(), (1, "chat_closed".to_owned()));
}

fn devices(story: &Story, ann: &Cli) {
    story.ok(ann, &["devices", "name", "the first"]);
    let second = story.town.home("ann2");
    story.note(&["login"]);
    let login = second.spawn(&["login", "--handle", "ann", "--wait", "60", "--yes"]);
    let id = super::devices::waiting(ann);
    story.note(&["devices", "approve"]);
    let approved = ann.run(&["devices", "approve", &id, "--yes"]);
    assert_eq!(approved.rows[0]["step"], "done", "{approved:?}");
    assert!(approved.errors.contains("not_compared"), "{approved:?}");
    let who = login.wait();
    check(&who.rows[0], rows::WHO_AM_I);
    let list = story.ok(ann, &["devices", "list"]);
    check_all(&list, rows::DEVICE);
    assert_eq!(list.len(), 2);
    assert_eq!(list.iter().filter(|row| row["current"] == true).count(), 1);
    assert!(list.iter().any(|row| row["name"] == "the first"));
    story.ok(ann, &["devices", "revoke", &id[..10]]);
    let removed = second.run(&["chats"]);
    assert!([1, 3].contains(&removed.code), "{removed:?}");
    let list = story.ok(ann, &["devices", "list"]);
    let row = list.iter().find(|row| row["id"] == id.as_str());
    assert!(row.is_none_or(|row| row["state"] == "revoked"), "{list:?}");
}

fn stay(story: &Story, ann: &Cli) {
    story.note(&["follow"]);
    let mut follow = ann.spawn(&["follow"]);
    follow.until("sync.changed");
    follow.interrupt();
    assert_eq!(follow.wait().code, 0);
    story.note(&["rpc"]);
    let mut rpc = ann.rpc();
    assert!(rpc.call("sync.state", serde_json::json!({})).is_ok());
    assert_eq!(rpc.end(), 0);
}

fn passwords(story: &Story, ann: &Cli) {
    let change = format!("{WORDS}\nanother long password\n");
    story.type_in(ann, &["password", "change"], &change).ok();
    let wrong = story.type_in(ann, &["password", "change"], &change);
    assert_eq!(wrong.code, 1, "{wrong:?}");
    story.ok(ann, &["password", "reset", "--email", "ann@example.org"]);
    // Nobody learns whether an address has an account.
    story.ok(ann, &["password", "reset", "--email", "nobody@example.org"]);
    let mail = story.town.mail("ann", "Set a new password");
    let token = mail
        .lines()
        .map(str::trim)
        .filter(|line| !line.contains(' '));
    let token = token.max_by_key(|line| line.len()).unwrap();
    let typed = format!("{token}\n{WORDS}\n");
    story
        .type_in(ann, &["password", "reset", "--confirm"], &typed)
        .ok();
    // It signs all devices out; this home knows its device key and gets in at once.
    let out = story.run(ann, &["chats"]);
    assert_eq!(out.refused(), (3, "not_signed_in".to_owned()));
    let who = story.row(ann, &["login", "--handle", "ann"], rows::WHO_AM_I);
    assert_eq!(who["device_state"], "approved");
    assert!(!story.ok(ann, &["chats"]).is_empty());
}

fn ends(story: &Story, ann: &Cli, bob: &Cli) {
    assert!(story.ok(ann, &["account", "waits"]).is_empty());
    let none = story.run(ann, &["account", "veto", "close"]);
    assert_eq!(none.code, 1, "{none:?}");
    story.ok(bob, &["logout"]);
    assert_eq!(bob.run(&["whoami"]).code, 3);
    let asked = story.run(ann, &["account", "delete"]);
    assert_eq!(asked.code, 1, "nobody confirms here: {asked:?}");
    check(
        &story.run(ann, &["account", "delete", "--yes"]).row(),
        "due_ms?:n",
    );
    assert_eq!(ann.run(&["whoami"]).code, 3);
}
