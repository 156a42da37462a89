//! Deaths while an account is made, entered and left.

use std::collections::BTreeSet;

use chatty_e2e::process::{Cli, Ran};
use chatty_e2e::town::Town;

/// Killed: not ended with a code of its own.
const KILLED: i32 = -1;

fn dies(home: &Cli, words: &[&str], point: &str) -> Ran {
    let ran = home.run_to_die(words, point);
    assert_eq!(ran.code, KILLED, "{words:?} does not pass {point}: {ran:?}");
    ran
}

/// Tries every pass of a point, until the command comes through without it.
fn every_pass(point: &str, mut one: impl FnMut(&str) -> bool) -> u32 {
    let mut pass = 0;
    loop {
        pass += 1;
        assert!(pass < 60, "{point} has no end");
        if !one(&format!("{point}:{pass}")) {
            return pass - 1;
        }
    }
}

/// Repeats a sign-up that died, and holds it to one account with one key.
fn finish(town: &Town, home: &Cli, handle: &str, email: &str, at: &str) {
    let words = ["signup", "--handle", handle, "--email", email];
    let made = home.run(&words);
    assert_eq!(made.code, 0, "{at}: {made:?}");
    let made = made.row();
    let who = home.run(&["whoami"]).row();
    assert_eq!(
        (&who["user"], &who["device"]),
        (&made["user"], &made["device"])
    );
    let shown = home.run(&["recovery", "show"]).row();
    assert_eq!(shown["recovery_key"], made["recovery_key"], "{at}");
    home.run(&["verify-email", &town.code(handle)]).ok();
    // The relay has this account under this handle, with keys: somebody else reaches it.
    let sent = home.run(&["send", &format!("@{handle}"), "a note to myself"]);
    assert_eq!(sent.row()["state"], "accepted", "{at}");
}

#[test]
fn a_sign_up_that_died_anywhere_is_finished_by_the_same_command() {
    let town = Town::new();
    let points = [
        "sign-up.before-post",
        "sign-up.after-post",
        "sign-up.finished",
        "own-log.after-post",
        "keys.before-upload",
        "keys.after-upload",
    ];
    for (number, point) in points.iter().enumerate() {
        let handle = format!("person{number}");
        let email = format!("{handle}@example.org");
        let home = town.home(&handle);
        let words = ["signup", "--handle", &handle, "--email", &email];
        dies(&home, &words, point);
        // And once more in the middle of the repeat, where that still passes.
        home.run_to_die(&words, point);
        finish(&town, &home, &handle, &email, point);
    }
}

#[test]
fn a_sign_up_survives_death_before_and_after_each_of_its_commits() {
    let town = Town::new();
    let mut users = BTreeSet::new();
    for point in ["store.before-commit", "store.after-commit"] {
        let short = point.replace(['.', '-'], "_");
        let passes = every_pass(point, |at| {
            let handle = format!("{}_{}", &short[6..11], at.rsplit(':').next().unwrap());
            let email = format!("{handle}@example.org");
            let home = town.home(&handle);
            let words = ["signup", "--handle", &handle, "--email", &email];
            let died = home.run_to_die(&words, at).code == KILLED;
            let made = home.run(&words);
            assert_eq!(made.code, 0, "{at}: {made:?}");
            assert!(users.insert(made.row()["user"].to_string()));
            died
        });
        assert!(passes > 2, "{point} was passed {passes} times");
    }
}

#[test]
fn a_code_that_was_typed_before_the_death_counts() {
    let town = Town::new();
    let ann = town.home("ann");
    town.sign_up(&ann, "ann");
    let code = town.code("ann");
    dies(&ann, &["verify-email", &code], "verify.answered");
    ann.run(&["verify-email", &code]).ok();
    assert_eq!(ann.run(&["whoami"]).row()["verified_email"], true);
}

#[test]
fn a_log_in_that_died_is_repeated_by_the_same_command() {
    let town = Town::new();
    let ann = town.person("ann");
    for (number, point) in ["log-in.answered", "log-in.kept"].iter().enumerate() {
        let second = town.home(&format!("second{number}"));
        dies(&second, &["login", "--handle", "ann"], point);
        let who = second.run(&["login", "--handle", "ann"]);
        assert_eq!(who.code, 0, "{point}: {who:?}");
        assert_eq!(who.row()["device_state"], "waiting");
        let again = second.run(&["whoami"]).row();
        assert_eq!(again["handle"], "ann");
    }
    let list = ann.run(&["devices", "list"]).ok();
    let approved = list.iter().filter(|row| row["state"] == "approved");
    assert_eq!(approved.count(), 1, "nobody came in by dying");
}

#[test]
fn a_log_out_that_died_is_finished_by_the_next_command() {
    let town = Town::new();
    for (number, point) in ["own-log.after-post", "log-out.before-forget"]
        .iter()
        .enumerate()
    {
        let ann = town.person(&format!("ann{number}"));
        dies(&ann, &["logout"], point);
        let again = ann.run(&["logout"]);
        assert!([0, 3].contains(&again.code), "{point}: {again:?}");
        let after = ann.run(&["whoami"]);
        assert_eq!(after.refused(), (3, "not_signed_in".to_owned()), "{point}");
    }
}
