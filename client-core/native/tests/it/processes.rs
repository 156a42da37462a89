//! A second process: this test binary again, running one of the functions below by its name.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chatty_core::api::LocalCode;
use chatty_native::Options;

use super::{count, options, start, stop};

/// Where a child finds its home; unset in the ordinary run.
pub const HOME: &str = "CHATTY_TEST_HOME";

/// A process that runs one test of this binary, which does nothing without [`HOME`].
pub fn child(name: &str, home: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(HOME, home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Waits until the child has printed this word.
pub fn until(child: &mut Child, word: &str) {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    for line in lines {
        if line.unwrap().contains(word) {
            return;
        }
    }
    panic!("the child ended without saying {word}");
}

#[tokio::test]
async fn hold_the_home() {
    // The second process of the tests below; in an ordinary run there is no home to hold.
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    let engine = start(options(Path::new(&home))).await.unwrap();
    count(&engine).await;
    println!("held");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    stop(engine).await;
}

#[tokio::test]
async fn a27_a_second_process_is_refused_by_name_and_may_wait() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let mut other = child("processes::hold_the_home", home).spawn().unwrap();
    until(&mut other, "held");
    let refused = start(options(home)).await.err().unwrap();
    assert!(refused.is(LocalCode::HomeInUse), "{refused}");
    assert!(
        refused.message.contains(&other.id().to_string()),
        "{refused}"
    );
    // Waiting: the other one leaves in between.
    let waiting = tokio::spawn(start(Options {
        wait_lock: Duration::from_secs(60),
        ..options(home)
    }));
    other.stdin.take().unwrap().write_all(b"\n").unwrap();
    let engine = waiting.await.unwrap().unwrap();
    assert_eq!(count(&engine).await, "2");
    stop(engine).await;
    assert!(other.wait().unwrap().success());
}

#[tokio::test]
async fn a27_a_killed_process_leaves_the_home_free() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let mut other = child("processes::hold_the_home", home).spawn().unwrap();
    until(&mut other, "held");
    other.kill().unwrap();
    other.wait().unwrap();
    let engine = start(options(home)).await.unwrap();
    assert_eq!(count(&engine).await, "2", "what was committed is there");
    stop(engine).await;
}

#[tokio::test]
async fn a27_two_engines_in_one_process_are_two_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let engine = start(options(folder.path())).await.unwrap();
    let refused = start(options(folder.path())).await.err().unwrap();
    assert!(refused.is(LocalCode::HomeInUse));
    stop(engine).await;
    stop(start(options(folder.path())).await.unwrap()).await;
}
