//! Deaths around a claim of one-time keys.

use std::path::Path;

use chatty_e2e::town::Town;

const KILLED: i32 = -1;

/// One-time keys of all devices that were given away, as the relay's own database has it.
fn given_away(relay: &Path) -> i64 {
    let db = rusqlite::Connection::open(relay.join("relay.db")).unwrap();
    let sql = "SELECT count(*) FROM otk WHERE claimed IS NOT NULL";
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a18_a_claim_that_was_cut_off_takes_no_second_key() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let carl = town.person("carl");
    carl.run(&["send", "@bob", "hello bob"]).ok();
    bob.run(&["requests", "accept", "@carl"]).ok();
    bob.run(&["send", "@carl", "hello carl"]).ok();
    carl.run(&["messages", "@bob"]).ok();
    // Both know bob and join by themselves; they have no session with each other.
    bob.run(&["group", "create", "club", "@ann", "@carl"]).ok();
    for home in [&carl, &ann, &bob, &carl, &ann] {
        home.run(&["chats"]).ok();
    }
    let before = given_away(&town.relay_data());
    let points = ["claim.before-post", "claim.answered", "claim.answered"];
    for (number, point) in points.iter().enumerate() {
        let died = ann.run_to_die(&["send", "club", &format!("letter {number}")], point);
        assert_eq!(died.code, KILLED, "{point} is not passed: {died:?}");
    }
    // A later letter may die with the claim of an earlier one, before it was taken.
    let mut wanted = ann.run(&["--offline", "messages", "club"]).texts();
    assert_eq!(wanted[0], "letter 0");
    ann.run(&["send", "club", "at last"]).ok();
    wanted.push("at last".to_owned());
    let taken = given_away(&town.relay_data()) - before;
    assert_eq!(taken, 1, "one key, however often it died");
    for home in [&ann, &bob, &carl] {
        assert_eq!(home.run(&["messages", "club"]).texts(), wanted);
    }
}
