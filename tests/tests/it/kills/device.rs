//! Deaths while a second device comes in.

use chatty_e2e::process::Cli;
use chatty_e2e::town::Town;
use chatty_e2e::wait::until_now;

use crate::cli::devices::waiting;

const KILLED: i32 = -1;

/// The new device reads what is written now, from both sides, and is read.
fn reads_on(ann: &Cli, second: &Cli, bob: &Cli, at: &str) {
    let (mine, theirs) = (format!("mine {at}"), format!("theirs {at}"));
    until_now(&format!("the new device reads on after {at}"), || {
        bob.run(&["send", "@ann", &theirs]).ok();
        ann.run(&["send", "@bob", &mine]).ok();
        let texts = second.run(&["messages", "@bob"]).texts();
        (texts.contains(&mine) && texts.contains(&theirs)).then_some(())
    });
    let sent = second.run(&["send", "@bob", &format!("second {at}")]);
    assert_eq!(sent.code, 0, "{at}: {sent:?}");
    let texts = bob.run(&["messages", "@ann"]).texts();
    assert!(texts.contains(&format!("second {at}")), "{at}: {texts:?}");
}

#[test]
fn an_approval_survives_the_death_of_either_side() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let points = [
        "own-log.after-post",
        "session.refreshed",
        "keys.before-upload",
    ];
    for (number, point) in points.iter().enumerate() {
        let second = town.home(&format!("second{number}"));
        let words = ["login", "--handle", "ann", "--wait", "60", "--yes"];
        let trusted_dies = *point == "own-log.after-post";
        let login = match trusted_dies {
            true => second.spawn(&words),
            false => second.spawn_to_die(&words, point),
        };
        let id = waiting(&ann);
        let approve = ["devices", "approve", &id, "--yes"];
        if trusted_dies {
            assert_eq!(ann.run_to_die(&approve, point).code, KILLED, "{point}");
        } else {
            let approved = ann.run(&approve);
            assert_eq!(approved.rows[0]["step"], "done", "{point}: {approved:?}");
        }
        let login = login.wait();
        let wanted = if trusted_dies { 0 } else { KILLED };
        assert_eq!(login.code, wanted, "{point}: {login:?}");
        ann.run(&["chats"]).ok();
        let who = until_now("the new device knows that it is in", || {
            second.run(&["chats"]);
            let who = second.run(&["whoami"]).row();
            (who["device_state"] == "approved").then_some(who)
        });
        assert_eq!(who["device"], id.as_str(), "{point}");
        reads_on(&ann, &second, &bob, point);
        let name = second.run(&["devices", "list"]).ok();
        let own = name.iter().find(|row| row["current"] == true).unwrap();
        let there = ann.run(&["devices", "list"]).ok();
        let there = there.iter().find(|row| row["id"] == id.as_str()).unwrap();
        assert_eq!(there["name"], own["name"], "{point}: the label came too");
    }
}
