//! Every limit of the protocol is kept by somebody, and every one that the relay keeps has a test that names it.

use super::source::{File, word_offsets};
use super::{assert_none, rust_files};

const LIMITS: &str = "protocol/src/limits.rs";

/// Numbers that later work will use, each with what it waits for.
const WAITING: &[(&str, &str)] = &[
    (
        "LEAVE_ROTATION_MS",
        "lazy rotation after a leave in a large group",
    ),
    (
        "PRECAUTION_PER_DAY",
        "a precautionary generation after a rollback",
    ),
    ("RINGS_PER_MINUTE", "calls"),
];

fn names(files: &[File]) -> Vec<String> {
    let limits = files.iter().find(|file| file.path == LIMITS);
    let code = &limits
        .expect("the protocol has its limits in one file")
        .code;
    let rest = code.split("pub const ").skip(1);
    let names = rest.filter_map(|rest| rest.split(':').next());
    names.map(str::to_owned).collect()
}

fn is_test(path: &str) -> bool {
    path.contains("tests/") || path.contains("/contract/")
}

fn is_named(file: &File, name: &str) -> bool {
    word_offsets(&file.code, name).next().is_some()
}

#[test]
fn every_limit_is_kept_and_the_relays_are_tested() {
    let files = rust_files();
    let names = names(&files);
    assert!(
        names.len() > 100,
        "only {} limits: the list is broken",
        names.len()
    );
    let mut findings = Vec::new();
    for name in &names {
        let used = |file: &&File| file.path != LIMITS && is_named(file, name);
        let (tests, product): (Vec<&File>, Vec<&File>) = files
            .iter()
            .filter(used)
            .partition(|file| is_test(&file.path));
        let waits = WAITING.iter().any(|(waiting, _)| waiting == name);
        match (product.is_empty(), waits) {
            (true, false) => findings.push(format!("{name}: nobody keeps it")),
            (false, true) => {
                findings.push(format!("{name}: it is kept by now, take it off the list"))
            }
            _ => {}
        }
        let relay = |file: &&File| {
            file.path.starts_with("relay-server/src/") && !file.path.contains("/bench/")
        };
        if product.iter().any(relay) && tests.is_empty() {
            findings.push(format!("{name}: the relay keeps it and no test names it"));
        }
    }
    assert_none(
        &findings,
        "a limit is a promise that somebody keeps and somebody tests",
    );
}
