//! The store: round trips, opening, hostile texts, damage.

mod hostile;
mod messages;
mod open;
mod order;
mod queues;
mod rows;
mod search;

use std::path::Path;

use chatty_core::api::state::MessageState;
use chatty_core::store::message::{Body, Kind, MessageRow};
use chatty_core::store::{DatabaseKey, Opened, Store, StoreError};
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

pub fn key(byte: u8) -> DatabaseKey {
    DatabaseKey::new([byte; 32])
}

pub fn conv(n: u8) -> ConvId {
    ConvId::from_rest([n; 32])
}

pub fn user(n: u8) -> UserId {
    UserId::from_rest([n; 32])
}

pub fn device(n: u8) -> DeviceId {
    DeviceId::from_rest([n; 16])
}

pub fn msg(n: u64) -> MsgId {
    let mut rest = [0; 16];
    rest[8..].copy_from_slice(&n.to_be_bytes());
    MsgId::from_rest(rest)
}

/// Opens the store in a folder.
pub fn open_in(folder: &Path, byte: u8, outside: Option<u64>) -> Result<Opened, StoreError> {
    let connection = rusqlite::Connection::open(folder.join("chatty.db")).unwrap();
    Store::open(connection, &key(byte), outside, &mut |_| Ok(()))
}

/// A store of its own, with the folder that holds it.
pub fn fresh() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path(), 1, None).unwrap().store;
    (folder, store)
}

/// One commit.
pub fn commit<T>(
    store: &Store,
    work: impl FnOnce(&chatty_core::store::Tx<'_>) -> Result<T, StoreError>,
) -> T {
    store.commit(work).unwrap()
}

/// A received text of user 2.
pub fn text(n: u64, text: &str) -> MessageRow {
    MessageRow {
        row: 0,
        conv: conv(1),
        author: user(2),
        device: device(2),
        msg: Some(msg(n)),
        dev_seq: n,
        seq: Some(n),
        kind: Kind::Text,
        shown: true,
        mine: false,
        unread: true,
        at_ms: 1_000 + n,
        sent_at_ms: 900 + n,
        state: MessageState::Delivered,
        reason: None,
        body: Body {
            text: Some(text.into()),
            ..Body::default()
        },
        edited: false,
        deleted: false,
        expires_at_ms: None,
        older_membership: None,
    }
}

/// An own text that was not sent yet.
pub fn own(n: u64, words: &str) -> MessageRow {
    MessageRow {
        author: user(1),
        device: device(1),
        seq: None,
        mine: true,
        unread: false,
        state: MessageState::Waiting,
        ..text(n, words)
    }
}
