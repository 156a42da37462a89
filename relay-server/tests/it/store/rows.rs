//! Stores and rows for these tests.

use std::path::Path;

use bytes::Bytes;
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};
use chatty_relay::store::conversation::{LogChange, MemberChange, MemberState};
use chatty_relay::store::sqlite::{Options, SqliteStore};
use chatty_relay::store::stream::{Append, Appended, NewBody, NewRow, ReadFrom, StoredRow};
use chatty_relay::store::{StoreResult, StreamStore};

pub fn options() -> Options {
    Options {
        reserve_bytes: 64 * 1024,
        ..Options::new([7; 16])
    }
}

pub fn open(path: &Path) -> StoreResult<SqliteStore> {
    SqliteStore::open(path, options())
}

pub fn conv(number: u8) -> ConvId {
    ConvId::from_rest([number; 32])
}

pub fn device(number: u8) -> DeviceId {
    DeviceId::from_rest([number; 16])
}

fn user(number: u8) -> UserId {
    UserId::from_rest([number; 32])
}

/// A message of `size` bytes; its id follows from device and number, so that a repeat is one.
pub fn message(dev: u8, n: u64, size: usize) -> NewRow {
    let mut id = [dev; 16];
    id[..8].copy_from_slice(&n.to_be_bytes());
    let body = NewBody::Message {
        msg: MsgId::from_rest(id),
        n,
        body: Bytes::from(vec![dev; size]),
        expires: None,
    };
    NewRow {
        user: user(dev),
        device: device(dev),
        time: 1_000 + n,
        body,
    }
}

/// Entry 0 of a conversation with one member.
pub fn create(dev: u8) -> NewRow {
    let member = MemberChange {
        user: user(dev),
        state: MemberState::Member,
        admin: true,
    };
    let change = LogChange {
        log_seq: 0,
        bytes: Bytes::from_static(b"create"),
        direct: false,
        members: vec![member],
    };
    NewRow {
        user: user(dev),
        device: device(dev),
        time: 1_000,
        body: NewBody::Log(change),
    }
}

/// Appends rows at whatever head the stream has, like a client's outbox.
pub async fn push(
    store: &SqliteStore,
    number: u8,
    rows: Vec<NewRow>,
) -> StoreResult<Vec<Appended>> {
    let mut base_head = 0;
    loop {
        let append = Append {
            conv: conv(number),
            base_head,
            rows: rows.clone(),
        };
        let outcomes = store.append(append).await?;
        match outcomes.iter().find_map(|outcome| match outcome {
            Appended::Retry { head } => Some(*head),
            _ => None,
        }) {
            Some(head) => base_head = head,
            None => return Ok(outcomes),
        }
    }
}

/// Every row of a stream; panics at a hole.
pub async fn whole(store: &SqliteStore, number: u8) -> Vec<StoredRow> {
    let mut rows: Vec<StoredRow> = Vec::new();
    loop {
        let after = rows.last().map_or(0, |row| row.seq);
        let page = store
            .read(conv(number), ReadFrom::After(after), 500, 256 * 1024)
            .await
            .unwrap();
        if page.rows.is_empty() {
            assert_eq!(page.head, after, "rows are missing before the head");
            return rows;
        }
        for row in &page.rows {
            assert_eq!(row.seq, rows.last().map_or(0, |row| row.seq) + 1, "a hole");
            rows.push(row.clone());
        }
    }
}
