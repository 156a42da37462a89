//! How fast the store's writer is: durable rows per second and CPU per row.

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

use crate::store::conversation::LogChange;
use crate::store::sqlite::{Options, SqliteStore};
use crate::store::stream::{Append, Appended, NewBody, NewRow};
use crate::store::{MetaStore, StoreError, StoreResult, StreamStore};

/// What is appended.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Streams that take turns.
    pub streams: u32,
    /// Rows of one commit, each of another stream.
    pub batch: u32,
    /// Body bytes of a row.
    pub size: usize,
    /// Rows in all.
    pub rows: u32,
}

impl Load {
    /// The load: 250 streams, batches of 64, 1 KiB.
    pub const STANDARD: Self = Self {
        streams: 250,
        batch: 64,
        size: 1024,
        rows: 128_000,
    };
}

/// The result of one run.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Durable rows per second, one batch in flight.
    pub rows_per_s: f64,
    /// CPU of the writer thread per row, µs; none where the system does not tell.
    pub cpu_us_per_row: Option<f64>,
    /// Rows of an average commit.
    pub rows_per_commit: f64,
}

/// Appends `load` to a fresh database at `path`.
pub async fn writer(path: &Path, load: Load) -> StoreResult<Figure> {
    let store = SqliteStore::open(path, Options::new([0; 16]))?;
    for number in 0..load.streams {
        accepted(store.append(create(number)).await?.as_slice())?;
    }
    let (before, cpu, begin) = (store.stats(), writer_cpu(), Instant::now());
    let mut sent = 0;
    while sent < load.rows {
        let groups = (sent..sent + load.batch)
            .map(|place| message(place, load))
            .collect();
        for outcomes in store.append_groups(groups).await? {
            accepted(&outcomes)?;
        }
        sent += load.batch;
    }
    let (seconds, after) = (begin.elapsed().as_secs_f64(), store.stats());
    let rows = (after.rows - before.rows) as f64;
    let used = writer_cpu()
        .zip(cpu)
        .map(|(end, start)| end.saturating_sub(start));
    Ok(Figure {
        rows_per_s: rows / seconds,
        cpu_us_per_row: used.map(|used| used.as_secs_f64() * 1e6 / rows),
        rows_per_commit: rows / (after.commits - before.commits) as f64,
    })
}

fn accepted(outcomes: &[Appended]) -> StoreResult<()> {
    match outcomes {
        [Appended::Accepted { .. }] => Ok(()),
        _ => Err(StoreError::Invalid(
            "the bench's own rows do not follow each other",
        )),
    }
}

fn conv(number: u32) -> ConvId {
    let mut rest = [0; 32];
    rest[..4].copy_from_slice(&number.wrapping_mul(0x9e37_79b1).to_be_bytes());
    ConvId::from_rest(rest)
}

fn row(number: u32, body: NewBody) -> NewRow {
    let (mut user, mut device) = ([0; 32], [0; 16]);
    user[..4].copy_from_slice(&number.to_be_bytes());
    device[..4].copy_from_slice(&number.to_be_bytes());
    NewRow {
        user: UserId::from_rest(user),
        device: DeviceId::from_rest(device),
        time: 1_000,
        body,
    }
}

fn create(number: u32) -> Append {
    let change = LogChange {
        log_seq: 0,
        bytes: Bytes::from_static(b"entry"),
        direct: false,
        members: Vec::new(),
    };
    Append {
        conv: conv(number),
        base_head: 0,
        rows: vec![row(number, NewBody::Log(change))],
    }
}

/// The row at `place`: streams take turns, so its number in its stream follows from the place.
fn message(place: u32, load: Load) -> Append {
    let (stream, n) = (place % load.streams, u64::from(place / load.streams) + 1);
    let mut id = [0; 16];
    id[..4].copy_from_slice(&place.to_be_bytes());
    let body = NewBody::Message {
        msg: MsgId::from_rest(id),
        n,
        body: Bytes::from(vec![place.to_be_bytes()[3]; load.size]),
        expires: None,
    };
    Append {
        conv: conv(stream),
        base_head: n,
        rows: vec![row(stream, body)],
    }
}

/// CPU time of this process's writer thread, where the system tells it (Linux).
fn writer_cpu() -> Option<Duration> {
    for task in std::fs::read_dir("/proc/self/task").ok()?.flatten() {
        let name = std::fs::read_to_string(task.path().join("comm")).unwrap_or_default();
        if name.trim_end() == "store-write" {
            let stat = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            let nanos = stat.split_whitespace().next()?.parse().ok()?;
            return Some(Duration::from_nanos(nanos));
        }
    }
    None
}
