//! What README.md tells people to type.

use std::path::Path;
use std::process::Command;

use chatty_e2e::process::program;
use chatty_e2e::town::Town;

/// The five lines of the README, with the places of this test in them.
fn five_lines(town: &Town) -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, after) = readme
        .split_once("## Two people talk, in five lines")
        .unwrap();
    let block = after.split("```").nth(1).unwrap();
    let lines: Vec<&str> = block.lines().skip(1).collect();
    assert_eq!(lines.len(), 5, "the heading says five");
    let mut text = lines.join("\n");
    let homes = town.path("");
    let homes = homes.to_str().unwrap();
    // The homes first: the other places lie in this test's own temporary folder.
    for (typed, here) in [
        ("/tmp/", homes),
        ("http://127.0.0.1:8420", town.origin.as_str()),
        (
            "~/.cache/chatty/dev-data",
            town.relay_data().to_str().unwrap(),
        ),
    ] {
        assert!(text.contains(typed), "the lines do not name {typed}");
        text = text.replace(typed, here);
    }
    text
}

/// Types a script into a fresh shell on a machine where the programs are installed.
fn type_in(script: &str) -> (bool, String) {
    let programs = program("chatty");
    let path = format!(
        "{}:{}",
        programs.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let output = Command::new("timeout")
        .args(["60", "sh", "-e", "-c", script])
        .env("PATH", path)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.is_empty(), "{errors}");
    (output.status.success(), text)
}

#[test]
fn two_people_talk_by_the_five_lines_both_ways() {
    let town = Town::new();
    let lines = five_lines(&town);
    let (done, said) = type_in(&lines);
    assert!(done, "{said}");
    assert_eq!(said.matches("Recovery key").count(), 2, "{said}");
    let read = said.lines().last().unwrap();
    assert!(read.contains("hello"), "bob reads: {said}");
    // And back, in the same words.
    let exports = lines.lines().next().unwrap();
    let homes = town.path("");
    let homes = homes.to_str().unwrap();
    let (done, said) = type_in(&format!(
        "{exports}\nchatty --home {homes}/bob send @ann 'hello ann' && \
         chatty --home {homes}/ann messages @bob"
    ));
    assert!(done, "{said}");
    assert!(said.lines().last().unwrap().contains("hello ann"), "{said}");
    town.assert_nowhere("hello");
}
