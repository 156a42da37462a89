//! The command line as a script sees it: exit codes, one error object, nothing else on stdout.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::{Command, Output};

use serde_json::Value;

/// Runs `chatty` in a home of its own with nobody at the keyboard.
fn chatty(home: &std::path::Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chatty"))
        .args(args)
        .env_clear()
        .env("CHATTY_HOME", home)
        .env("CHATTY_PASSPHRASE", "local lock")
        .env("CHATTY_PASSWORD", "correct horse battery")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap()
}

fn error(output: &Output) -> Value {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str::<Value>(last).unwrap_or_else(|_| panic!("no error object: {text}"))["error"].clone()
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let home = tempfile::tempdir().unwrap();
    for args in [
        vec!["nonsense"],
        vec![],
        vec!["send", "@bob"],
        vec!["messages", "@bob", "--limit", "0"],
        vec![
            "signup",
            "--handle",
            "ann",
            "--email",
            "a@b.c",
            "--password",
            "x",
        ],
    ] {
        assert_eq!(
            chatty(home.path(), &args).status.code(),
            Some(2),
            "{args:?}"
        );
        let output = chatty(home.path(), &[&args[..], &["--json"]].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
        let text = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "one object: {text}");
        let error = error(&output);
        assert_eq!(error["code"], "invalid");
        assert!(!error["message"].as_str().unwrap().is_empty(), "{text}");
        assert!(!error["hint"].as_str().unwrap().is_empty(), "{text}");
    }
    // Help is no error, and nobody parses it.
    let output = chatty(home.path(), &["--json", "--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("Usage:"));
}

#[test]
fn a_relay_must_be_named_and_well_formed() {
    let home = tempfile::tempdir().unwrap();
    let signup = [
        "--json",
        "signup",
        "--handle",
        "ann",
        "--email",
        "ann@example.org",
    ];
    let output = chatty(home.path(), &signup);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(error(&output)["code"], "invalid");
    let plain = [&signup[..], &["--relay", "http://chat.example.org"]].concat();
    let output = chatty(home.path(), &plain);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn an_empty_home_is_not_signed_in() {
    let home = tempfile::tempdir().unwrap();
    for command in [
        vec!["whoami"],
        vec!["--offline", "chats"],
        vec!["--offline", "send", "@bob", "hi"],
    ] {
        let output = chatty(home.path(), &[&["--json"][..], &command].concat());
        assert_eq!(output.status.code(), Some(3), "{command:?} {output:?}");
        assert_eq!(error(&output)["code"], "not_signed_in");
    }
}

#[test]
fn a_relay_that_is_not_there_ends_with_69_and_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    // A port that was free a moment ago and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let relay = format!("http://127.0.0.1:{port}");
    let args = [
        "--json",
        "--relay",
        &relay,
        "signup",
        "--handle",
        "ann",
        "--email",
        "ann@example.org",
    ];
    let output = chatty(home.path(), &args);
    assert_eq!(output.status.code(), Some(69), "{output:?}");
    let output = chatty(home.path(), &["--json", "whoami"]);
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn c10_no_passphrase_and_no_terminal_opens_nothing() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_chatty"))
        .args(["--json", "whoami"])
        .env_clear()
        .env("CHATTY_HOME", home.path())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(77), "{output:?}");
}
