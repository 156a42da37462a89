//! A second device by command.

use chatty_e2e::process::Cli;
use chatty_e2e::town::Town;
use chatty_e2e::wait::until_now;

/// The device that waits, as `devices list` of the trusted one shows it.
pub fn waiting(trusted: &Cli) -> String {
    until_now("a device waits", || {
        let rows = trusted.run(&["devices", "list"]).ok();
        let row = rows.into_iter().find(|row| row["state"] == "waiting")?;
        row["id"].as_str().map(str::to_owned)
    })
}

#[test]
fn a_second_device_is_approved_and_reads_on() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let second = town.home("ann2");
    // Without a wait it is signed in and waits; a few commands work, the others say why not.
    let who = second.run(&["login", "--handle", "ann"]).row();
    assert_eq!(who["device_state"], "waiting");
    assert_eq!(second.run(&["whoami"]).row()["device_state"], "waiting");
    assert_eq!(second.run(&["devices", "list"]).code, 0);
    for words in [
        vec!["chats"],
        vec!["send", "@bob", "too early"],
        vec!["group", "create", "x"],
    ] {
        let early = second.run(&words);
        assert_eq!(
            early.refused(),
            (4, "device_waiting".to_owned()),
            "{words:?}"
        );
        assert!(early.rows.is_empty());
        assert!(!early.error()["hint"].as_str().unwrap().is_empty());
    }
    let login = second.spawn(&["login", "--handle", "ann", "--wait", "60", "--yes"]);
    let id = waiting(&ann);
    assert_eq!(
        who["device"],
        id.as_str(),
        "one device, however often it asks"
    );
    let approved = ann.run(&["devices", "approve", &id, "--yes"]);
    assert_eq!(approved.rows[0]["step"], "done", "{approved:?}");
    let login = login.wait();
    assert_eq!(login.code, 0, "{login:?}");
    assert_eq!(login.rows.last().unwrap()["device_state"], "approved");
    assert!(login.errors.contains("not_compared"), "{login:?}");

    bob.run(&["send", "@ann", "to both of you"]).ok();
    ann.run(&["send", "@bob", "from the first"]).ok();
    let read = second.run(&["messages", "@bob"]);
    let texts = read.texts();
    assert_eq!(
        texts[texts.len() - 2..],
        ["to both of you", "from the first"],
        "{read:?}"
    );
    // What was before is not there, and says so.
    let before = read.rows.iter().filter(|row| row["text"].is_null());
    assert!(
        before.clone().all(|row| row["state"] == "beforeLink"),
        "{read:?}"
    );
    second.run(&["send", "@bob", "from the second"]).ok();
    for home in [&ann, &bob] {
        let name = if home.home == ann.home {
            "@bob"
        } else {
            "@ann"
        };
        let texts = home.run(&["messages", name]).texts();
        assert_eq!(texts.last().unwrap(), "from the second");
    }
}

#[test]
fn an_approval_that_nobody_answers_changes_nothing() {
    let town = Town::new();
    let ann = town.person("ann");
    let second = town.home("ann2");
    let id = second.run(&["login", "--handle", "ann"]).row()["device"].clone();
    let id = id.as_str().unwrap();
    // It went away again: there is nobody to compare with.
    let lonely = ann.run(&["--timeout", "1", "devices", "approve", id, "--yes"]);
    assert_eq!(lonely.code, 1, "{lonely:?}");
    assert_eq!(second.run(&["chats"]).code, 4);
    let wrong = town
        .home("ann3")
        .with("CHATTY_PASSWORD", "not the password");
    assert_eq!(wrong.run(&["login", "--handle", "ann"]).refused().0, 1);
}
