//! kill -9 between any two commits of an account's deletion: the relay that starts next ends it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use chatty_protocol::device_log::{DeviceEntry, DeviceOp};
use chatty_protocol::sign::Signed;
use chatty_protocol::{ErrorCode, UserId};
use chatty_relay::store::device::{DeviceChange, NewDeviceEntry};
use chatty_relay::store::{AccountStore, DeviceStore, SqliteStore};
use data_encoding::HEXLOWER;
use reqwest::Method;

use super::rows::open;
use crate::kit::direct::{log_in, sign_up_body};
use crate::kit::person::PASSWORD;
use crate::kit::relay::{DATABASE, START_MS};
use crate::kit::{Person, TestRelay};

const HOME: &str = "CHATTY_TEST_SAGA_HOME";
const USER: &str = "CHATTY_TEST_SAGA_USER";
const ENTRY: &str = "CHATTY_TEST_SAGA_ENTRY";

/// The child's side: does what it is told, a line each, and says when it is durable.
#[test]
fn child_deletes_step_by_step() {
    let Ok(home) = std::env::var(HOME) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = open(Path::new(&home)).unwrap();
        let user: UserId = std::env::var(USER).unwrap().parse().unwrap();
        for order in std::io::stdin().lock().lines() {
            let order = order.unwrap();
            match order.as_str() {
                "append" => drop(
                    store
                        .device_log_append(close(&store, user).await)
                        .await
                        .unwrap(),
                ),
                "start" => drop(store.saga_start(user).await.unwrap()),
                "finish" => store.saga_finish(user, START_MS).await.unwrap(),
                _ => {}
            }
            let line = format!("done {order}\n");
            std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
        }
    });
}

/// The `close` entry as `DELETE /account` stores it.
async fn close(store: &SqliteStore, user: UserId) -> NewDeviceEntry {
    let hex = std::env::var(ENTRY).unwrap();
    let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
    let signed = Signed::<DeviceEntry>::from_bytes(&bytes).unwrap();
    let entry = signed.open().unwrap();
    let devices = store.devices(user).await.unwrap();
    NewDeviceEntry {
        user,
        on: store.device_log_head(user).await.unwrap(),
        seq: entry.seq,
        prev: entry.prev,
        hash: DeviceEntry::hash_of(&signed),
        recover: false,
        close: entry.op == DeviceOp::Close,
        bytes: bytes.into(),
        changes: (devices.into_iter())
            .map(|row| DeviceChange::Revoke { device: row.device })
            .collect(),
        now: START_MS,
    }
}

/// Has a child do these steps, then kills it.
fn run_and_kill(home: &Path, person: &Person, steps: &[&str]) {
    let entry = person.signed(DeviceOp::Close, Some(0)).to_bytes();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "store::saga::child_deletes_step_by_step",
            "--nocapture",
        ])
        .env(HOME, home)
        .env(USER, person.user.to_string())
        .env(ENTRY, HEXLOWER.encode(&entry))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut orders = child.stdin.take().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    for step in ["open"].iter().chain(steps) {
        writeln!(orders, "{step}").unwrap();
        let done = format!("done {step}");
        let mut lines = said.by_ref().map(Result::unwrap);
        assert!(lines.any(|line| line.ends_with(&done)), "{step} failed");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_deletion_that_was_killed_is_ended_by_the_next_start() {
    let ways: [&[&str]; 5] = [
        &[],
        &["append"],
        &["append", "finish"],
        &["start"],
        &["start", "finish"],
    ];
    for steps in ways {
        let relay = TestRelay::start().await;
        let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
        let (dir, config) = relay.leave().await;
        run_and_kill(&dir.path().join(DATABASE), &anna, steps);
        let relay = TestRelay::start_on(dir, config).await;
        for _ in 0..2 {
            relay.relay.run_due().await.unwrap();
        }
        let answer = log_in(&relay, "anna", PASSWORD, None).await;
        if steps.is_empty() {
            assert_eq!(answer.status, 200, "nothing was begun");
            continue;
        }
        assert_eq!(answer.code(), ErrorCode::Unauthorised, "{steps:?}");
        assert_eq!(relay.app.store.sagas(9).await.unwrap(), [], "{steps:?}");
        assert_eq!(relay.app.store.password(anna.user).await.unwrap(), None);
        let families = relay.app.store.families(anna.user).await.unwrap();
        assert!(families.is_empty(), "{steps:?}");
        // The handle rests for 90 days, the address is free, and nobody else noticed.
        let mut body = sign_up_body(&Person::new("anna"));
        let taken = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
        assert_eq!(taken.code(), ErrorCode::HandleTaken, "{steps:?}");
        body.handle = "anna_two".into();
        let again = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
        assert_eq!(again.status, 201, "{steps:?}");
        assert_eq!(relay.get(ben.first(), "/account").await.status, 200);
    }
}
