//! Homes that are damaged, copied, full or in the wrong place: a typed error with a next step, and
//! nothing lost once the cause is gone.

use std::fs;
use std::path::Path;
use std::process::Command;

use chatty_e2e::grep::copy_folder;
use chatty_e2e::process::{Cli, Ran, program};
use chatty_e2e::town::Town;

/// The error of a run that changed nothing, with its next step.
fn refused(ran: &Ran, code: i32, names: &[&str]) {
    let (got, name) = ran.refused();
    assert_eq!(got, code, "{ran:?}");
    assert!(names.contains(&name.as_str()), "{ran:?}");
    assert!(!ran.error()["hint"].as_str().unwrap().is_empty(), "{ran:?}");
    assert!(ran.rows.is_empty(), "{ran:?}");
}

#[test]
fn a_damaged_or_cut_database_is_said_and_works_again_when_it_is_put_back() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let path = ann.home.join("chatty.db");
    let whole = fs::read(&path).unwrap();
    let mut spoiled = whole.clone();
    spoiled[100] ^= 1;
    let half = whole[..whole.len() / 2].to_vec();
    for bad in [spoiled, half, whole[..4096].to_vec()] {
        fs::write(&path, &bad).unwrap();
        for words in [
            vec!["messages", "@bob"],
            vec!["send", "@bob", "into the void"],
        ] {
            refused(&ann.run(&words), 1, &["store_damaged"]);
        }
        assert_eq!(
            fs::read(&path).unwrap(),
            bad,
            "it stays for whoever can mend it"
        );
    }
    bob.run(&["send", "@ann", "in the meantime"]).ok();
    fs::write(&path, &whole).unwrap();
    let texts = ann.run(&["messages", "@bob"]).texts();
    assert_eq!(texts, ["hello", "hello back", "in the meantime"]);
}

#[test]
fn c10_a_home_without_its_vault_makes_no_new_one() {
    let town = Town::new();
    let (ann, _) = town.friends("ann", "bob");
    let (vault, kept) = (ann.home.join("vault"), town.path("kept"));
    fs::rename(&vault, &kept).unwrap();
    refused(&ann.run(&["chats"]), 77, &["vault_missing"]);
    assert!(!vault.exists());
    fs::rename(&kept, &vault).unwrap();
    assert_eq!(ann.run(&["messages", "@bob"]).texts().len(), 2);
}

#[test]
fn a_home_where_nobody_may_write_is_said() {
    let town = Town::new();
    let file = town.path("a file");
    fs::write(&file, "no folder").unwrap();
    for home in [file, Path::new("/proc/chatty-home").to_owned()] {
        let nowhere = Cli::new(home, &town.origin);
        refused(&nowhere.run(&["whoami"]), 1, &["storage"]);
    }
}

/// The same command where files may not grow beyond this many blocks of 512 bytes.
fn cramped(cli: &Cli, words: &[&str], blocks: u64) -> Ran {
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    command.args(["-c", &script, "sh"]).arg(program("chatty"));
    cli.run_as(command, words)
}

#[test]
fn a_disk_that_takes_nothing_more_loses_nothing() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    bob.run(&["send", "@ann", "while it was full"]).ok();
    for blocks in [0, 1, 64] {
        let full = cramped(&ann, &["send", "@bob", "not taken"], blocks);
        refused(&full, 1, &["storage", "disk_full"]);
    }
    let texts = ann.run(&["messages", "@bob"]).texts();
    assert_eq!(texts, ["hello", "hello back", "while it was full"]);
    ann.run(&["send", "@bob", "room again"]).ok();
    let texts = bob.run(&["messages", "@ann"]).texts();
    assert_eq!(texts[2..], ["while it was full", "room again"]);
}

#[test]
fn a_copied_home_that_is_used_beside_its_first_is_noticed_and_forges_nothing() {
    let town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    let copy = Cli::new(town.path("copy"), &town.origin);
    copy_folder(&ann.home, &copy.home);
    let first = ann.run(&["send", "@bob", "from the first"]);
    assert_eq!(first.code, 0, "{first:?}");
    let second = copy.run(&["send", "@bob", "from the copy"]);
    let noticed = |ran: &Ran| ran.errors.contains("restored") || ran.errors.contains("cloned");
    assert!(
        noticed(&second),
        "the copy is told what happened: {second:?}"
    );
    if second.code != 0 {
        refused_with_row(&second);
    }
    ann.run(&["send", "@bob", "from the first again"]);
    let read = bob.run(&["messages", "@ann"]);
    let known = [
        "hello",
        "hello back",
        "from the first",
        "from the copy",
        "from the first again",
    ];
    let mut texts = read.texts();
    assert!(
        texts.iter().all(|text| known.contains(&text.as_str())),
        "{read:?}"
    );
    let all = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), all, "nothing is shown twice: {read:?}");
}

fn refused_with_row(ran: &Ran) {
    let error = ran.error();
    assert_eq!(
        (ran.code, error["code"].as_str().unwrap()),
        (1, "device_cloned")
    );
    assert!(
        error["hint"].as_str().unwrap().contains("copies"),
        "{error}"
    );
}
