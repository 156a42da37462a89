//! Where secrets come from.

use chatty_e2e::town::Town;

#[test]
fn the_password_is_the_first_line_of_stdin_before_the_environment() {
    let town = Town::with(&["--open-signup-without-mail"]);
    let ann = town
        .home("ann")
        .with("CHATTY_PASSWORD", "of the environment");
    let words = ["signup", "--handle", "ann", "--email", "ann@example.org"];
    assert_eq!(
        ann.type_in(&words, "of the first line\nof the second\n")
            .code,
        0
    );
    ann.run(&["logout"]).ok();
    let second = town
        .home("ann2")
        .with("CHATTY_PASSWORD", "of the environment");
    let login = ["login", "--handle", "ann"];
    assert_eq!(
        second.run(&login).code,
        1,
        "the environment's was not taken"
    );
    assert_eq!(second.type_in(&login, "of the first line\n").code, 0);
}

#[test]
fn the_server_is_remembered_after_sign_up() {
    let town = Town::with(&["--open-signup-without-mail"]);
    let mut ann = town.home("ann");
    town.sign_up(&ann, "ann");
    let elsewhere = ann
        .with("CHATTY_RELAY", "http://127.0.0.1:1")
        .run(&["chats"]);
    assert_eq!(elsewhere.refused(), (2, "invalid".to_owned()));
    assert!(
        elsewhere.error()["message"]
            .as_str()
            .unwrap()
            .contains(&town.origin)
    );
    ann.relay = String::new();
    assert_eq!(
        ann.run(&["send", "@ann", "a note to myself"]).row()["state"],
        "accepted"
    );
}
