//! Stores, ids and rows for the suites.

use std::sync::Arc;

use bytes::Bytes;
use chatty_protocol::codec::Fixed;
use chatty_protocol::sign::{Head, ZERO_HASH, hash};
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

use crate::store::account::{NewAccount, SignUp};
use crate::store::conversation::{LogChange, MemberChange, MemberState};
use crate::store::device::{DeviceAppended, DeviceChange, LogHead, NewDeviceEntry};
use crate::store::sqlite::{Options, SqliteStore};
use crate::store::stream::{Append, Appended, NewBody, NewRow};
use crate::store::{Store, StoreResult};

/// A store and the folder it lives in.
pub struct TestStore {
    pub store: Arc<dyn Store>,
    _folder: tempfile::TempDir,
}

/// A fresh SQLite store.
pub fn sqlite() -> TestStore {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        reserve_bytes: 4096,
        ..Options::new([7; 16])
    };
    let store = SqliteStore::open(&folder.path().join("relay.db"), options).unwrap();
    TestStore {
        store: Arc::new(store),
        _folder: folder,
    }
}

pub fn user(number: u32) -> UserId {
    UserId::from_rest(hash("user-id", &number.to_be_bytes()).0)
}

pub fn conv(number: u32) -> ConvId {
    ConvId::from_rest(hash("conv-id", &number.to_be_bytes()).0)
}

pub fn device(number: u32) -> DeviceId {
    DeviceId::of_certificate(&number.to_be_bytes())
}

pub fn msg(number: u64) -> MsgId {
    let mut rest = [0; 16];
    rest[..8].copy_from_slice(&number.to_be_bytes());
    MsgId::from_rest(rest)
}

/// A message whose body names it.
pub fn message(dev: u32, n: u64, id: u64) -> NewRow {
    NewRow {
        user: user(dev),
        device: device(dev),
        time: n.saturating_add(1_000),
        body: NewBody::Message {
            msg: msg(id),
            n,
            body: Bytes::from(format!("body {dev}/{n}/{id}")),
            expires: None,
        },
    }
}

/// An entry by a device of the same number.
pub fn entry(dev: u32, log_seq: u64, direct: bool, members: &[(u32, MemberState)]) -> NewRow {
    let members = members
        .iter()
        .map(|(number, state)| MemberChange {
            user: user(*number),
            state: *state,
            admin: *number == dev,
        })
        .collect();
    let bytes = Bytes::from(format!("entry {dev}/{log_seq}"));
    NewRow {
        user: user(dev),
        device: device(dev),
        time: 1_000,
        body: NewBody::Log(LogChange {
            log_seq,
            bytes,
            direct,
            members,
        }),
    }
}

pub fn append(number: u32, base_head: u64, rows: Vec<NewRow>) -> Append {
    Append {
        conv: conv(number),
        base_head,
        rows,
    }
}

/// A group of user 1 with row 1 = its entry 0.
pub async fn group(store: &dyn Store, number: u32, members: &[u32]) {
    let members: Vec<_> = members
        .iter()
        .map(|user| (*user, MemberState::Member))
        .collect();
    let rows = vec![entry(members[0].0, 0, false, &members)];
    let outcomes = store.append(append(number, 0, rows)).await.unwrap();
    assert_eq!(outcomes, [Appended::Accepted { seq: 1 }]);
}

/// Appends one row at whatever head the stream has.
pub async fn push(store: &dyn Store, number: u32, row: NewRow) -> Appended {
    let mut base = 0;
    loop {
        let outcome = store
            .append(append(number, base, vec![row.clone()]))
            .await
            .unwrap();
        match outcome.into_iter().next().unwrap() {
            Appended::Retry { head } => base = head,
            done => return done,
        }
    }
}

/// The `init` entry of a user with its first device.
pub fn init(number: u32) -> NewDeviceEntry {
    NewDeviceEntry {
        user: user(number),
        on: None,
        seq: 0,
        prev: ZERO_HASH,
        hash: hash("device-log-hash", &number.to_be_bytes()),
        recover: false,
        close: false,
        bytes: Bytes::from(format!("init {number}")),
        changes: vec![add(number)],
        now: 1_000,
    }
}

pub fn add(dev: u32) -> DeviceChange {
    DeviceChange::Add {
        device: device(dev),
        cert: Bytes::from(format!("cert {dev}")),
        class: 1,
        expires: 0,
    }
}

/// The entry behind `on` with these changes; `salt` makes rivals differ.
pub fn next(number: u32, on: LogHead, salt: u8, changes: Vec<DeviceChange>) -> NewDeviceEntry {
    let bytes = Bytes::from(format!(
        "entry {number}/{}/{}/{salt}",
        on.branch,
        on.head.seq + 1
    ));
    NewDeviceEntry {
        user: user(number),
        on: Some(on),
        seq: on.head.seq + 1,
        prev: on.head.hash,
        hash: hash("device-log-hash", &bytes),
        recover: false,
        close: false,
        bytes,
        changes,
        now: 2_000,
    }
}

pub fn account(number: u32) -> NewAccount {
    NewAccount {
        handle: format!("user{number}"),
        email: format!("user{number}@example.org"),
        password: format!("hash {number}"),
        verified: true,
        entry: init(number),
        released_before: 0,
    }
}

/// Signs up the users of these numbers, each with the device of the same number.
pub async fn people(store: &dyn Store, numbers: &[u32]) {
    for number in numbers {
        let made = store.sign_up(account(*number)).await.unwrap();
        assert_eq!(made, SignUp::Created { email_known: false });
    }
}

pub async fn head_of(store: &dyn Store, number: u32) -> LogHead {
    store.device_log_head(user(number)).await.unwrap().unwrap()
}

/// Appends changes to a user's device log.
pub async fn change(store: &dyn Store, number: u32, changes: Vec<DeviceChange>) -> LogHead {
    let on = head_of(store, number).await;
    match store
        .device_log_append(next(number, on, 0, changes))
        .await
        .unwrap()
    {
        DeviceAppended::Stored(head) => head,
        other => panic!("{other:?}"),
    }
}

pub fn log_head(branch: u64, seq: u64, salt: u8) -> LogHead {
    LogHead {
        branch,
        head: Head {
            seq,
            hash: Fixed([salt; 32]),
        },
    }
}

/// Runs the same call many times at once.
pub async fn at_once<T, F, Fut>(count: u32, make: F) -> Vec<StoreResult<T>>
where
    F: Fn(u32) -> Fut,
    Fut: std::future::Future<Output = StoreResult<T>>,
{
    futures::future::join_all((0..count).map(make)).await
}
