//! Exit codes, each seen from the real program.

use chatty_e2e::town::Town;

#[test]
fn each_exit_code_of_the_contract_is_seen() {
    let mut town = Town::new();
    let ann = town.person("ann");
    assert_eq!(ann.run(&["whoami"]).code, 0);

    let twin = town.home("twin");
    let words = ["signup", "--handle", "ann", "--email", "twin@example.org"];
    let taken = twin.run(&words);
    assert_eq!(taken.refused(), (1, "handle_taken".to_owned()));

    assert_eq!(
        ann.run(&["chats", "--nonsense"]).refused(),
        (2, "invalid".to_owned())
    );
    assert_eq!(ann.run(&["timer", "@ann", "soon"]).refused().0, 2);
    assert_eq!(
        ann.run(&["messages", "@ann", "--before", "x"]).refused().0,
        2
    );

    for words in [
        vec!["chats"],
        vec!["whoami"],
        vec!["send", "@ann", "x"],
        vec!["logout"],
    ] {
        let nobody = town.home("nobody").run(&words);
        assert_eq!(
            nobody.refused(),
            (3, "not_signed_in".to_owned()),
            "{words:?}"
        );
    }

    let carl = town.home("carl");
    town.sign_up(&carl, "carl");
    for words in [
        vec!["chats"],
        vec!["send", "@ann", "x"],
        vec!["group", "create", "x"],
    ] {
        let early = carl.run(&words);
        assert_eq!(early.refused(), (4, "not_verified".to_owned()), "{words:?}");
        assert!(
            early.error()["hint"]
                .as_str()
                .unwrap()
                .contains("verify-email")
        );
    }
    carl.run(&["whoami"]).ok();
    carl.run(&["verify-email", &town.code("carl")]).ok();
    carl.run(&["send", "@ann", "now I may"]).ok();
    assert_eq!(ann.run(&["requests"]).ok().len(), 1);

    let closed = ann
        .with("CHATTY_PASSPHRASE", "not the passphrase")
        .run(&["whoami"]);
    assert_eq!(closed.refused(), (77, "vault_locked".to_owned()));

    let mut rpc = ann.rpc();
    assert!(rpc.call("account.who_am_i", serde_json::json!({})).is_ok());
    assert_eq!(
        ann.run(&["whoami"]).refused(),
        (73, "home_in_use".to_owned())
    );
    rpc.kill();

    town.kill_relay();
    let before = ann.run(&["--offline", "chats"]).ok();
    for words in [
        vec!["send", "@never_seen", "x"],
        vec!["group", "create", "x"],
        vec!["block", "@carl"],
        vec!["logout"],
        vec!["account", "delete", "--yes"],
    ] {
        let away = ann.run(&words);
        assert_eq!(
            away.refused(),
            (69, "not_reachable".to_owned()),
            "{words:?}"
        );
    }
    assert_eq!(
        ann.run(&["--offline", "chats"]).ok(),
        before,
        "69: nothing changed"
    );
    assert_eq!(ann.run(&["send", "@carl", "later"]).code, 75);
    town.start_relay();
    let sent = ann.run(&["messages", "@carl"]);
    assert_eq!(
        (sent.code, sent.texts()),
        (0, vec!["now I may".to_owned(), "later".to_owned()])
    );
}
