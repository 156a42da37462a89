//! The peer of the relay's figures: the least that stores a frame durably and hands it on.
//!
//! axum, one SQLite table, one writer with group commit at `synchronous=FULL`, frames of the
//! relay's sizes. No accounts, no membership, no idempotency, no inbox, no check of any byte.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, mpsc};

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use chatty_protocol::codec::Fixed;
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};
use futures::{SinkExt, StreamExt};
use rusqlite::Connection;
use serde::Deserialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::BenchError;
use crate::gateway::encode;

/// Path of the socket.
pub const PATH: &str = "/log";
/// Rows of one commit, as many as the relay's.
const COMMIT_ROWS: usize = 512;
/// Bytes before the message in a frame of the generator: an array of two and its number.
const HEADER: usize = 2;

/// What waits for one socket.
type Out = UnboundedSender<Bytes>;

struct Row {
    room: u32,
    socket: u64,
    body: Bytes,
    answer: Out,
}

#[derive(Default)]
struct Rooms(RwLock<HashMap<u32, Vec<(u64, Out)>>>);

struct Log {
    rooms: Rooms,
    next: AtomicU64,
    writer: mpsc::Sender<Row>,
}

#[derive(Deserialize)]
struct Place {
    room: u32,
}

/// Serves until the process ends.
pub async fn serve(data: &Path, listen: SocketAddr) -> Result<(), BenchError> {
    std::fs::create_dir_all(data)?;
    let conn = open(&data.join("bare.db"))?;
    let (writer, rows) = mpsc::channel();
    let log = Arc::new(Log {
        rooms: Rooms::default(),
        next: AtomicU64::new(1),
        writer,
    });
    let shared = Arc::clone(&log);
    std::thread::Builder::new()
        .name("store-write".into())
        .spawn(move || write(&conn, &rows, &shared))?;
    let router = Router::new().route(PATH, get(upgrade)).with_state(log);
    let listener = tokio::net::TcpListener::bind(listen).await?;
    Ok(axum::serve(listener, router).await?)
}

/// The relay's own settings of its database.
fn open(path: &Path) -> Result<Connection, BenchError> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
         PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-65536;
         CREATE TABLE log(id INTEGER PRIMARY KEY, room INT, body BLOB)",
    )?;
    Ok(conn)
}

async fn upgrade(
    State(log): State<Arc<Log>>,
    Query(place): Query<Place>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(move |socket| async move {
        let (out, waiting) = unbounded_channel();
        let id = log.next.fetch_add(1, Ordering::Relaxed);
        log.rooms.enter(place.room, id, out.clone());
        // A broken connection ends the socket; nothing is left to tell anybody.
        let _ended = talk(&log, place.room, id, socket, (out, waiting)).await;
        log.rooms.leave(place.room, id);
    })
}

async fn talk(
    log: &Log,
    room: u32,
    id: u64,
    mut socket: WebSocket,
    (out, mut waiting): (Out, UnboundedReceiver<Bytes>),
) -> Result<(), axum::Error> {
    loop {
        tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Binary(frame))) => {
                    let row = Row {
                        room,
                        socket: id,
                        body: frame.slice(HEADER.min(frame.len())..),
                        answer: out.clone(),
                    };
                    if log.writer.send(row).is_err() {
                        return Ok(());
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ok(()),
            },
            Some(frame) = waiting.recv() => {
                socket.feed(Message::Binary(frame)).await?;
                while let Ok(frame) = waiting.try_recv() {
                    socket.feed(Message::Binary(frame)).await?;
                }
                socket.flush().await?;
            }
        }
    }
}

/// The writer thread: all that waits is one commit.
fn write(conn: &Connection, rows: &mpsc::Receiver<Row>, log: &Log) {
    let Ok(mut insert) = conn.prepare("INSERT INTO log(room, body) VALUES(?1, ?2)") else {
        return;
    };
    let mut batch = Vec::with_capacity(COMMIT_ROWS);
    while let Ok(first) = rows.recv() {
        batch.push(first);
        batch.extend(rows.try_iter().take(COMMIT_ROWS - 1));
        let mut stored = || -> rusqlite::Result<i64> {
            conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
            for row in &batch {
                insert.execute((row.room, row.body.as_ref()))?;
            }
            conn.prepare_cached("COMMIT")?.execute([])?;
            Ok(conn.last_insert_rowid())
        };
        let Ok(last) = stored() else { return };
        let first = last.cast_unsigned() + 1 - batch.len() as u64;
        for (row, seq) in batch.drain(..).zip(first..) {
            log.rooms.deliver(&row, seq);
        }
    }
}

impl Rooms {
    fn enter(&self, room: u32, id: u64, out: Out) {
        let mut rooms = self.0.write().unwrap_or_else(PoisonError::into_inner);
        rooms.entry(room).or_default().push((id, out));
    }

    fn leave(&self, room: u32, id: u64) {
        let mut rooms = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(sockets) = rooms.get_mut(&room) {
            sockets.retain(|(other, _)| *other != id);
        }
    }

    /// Frames of the relay's sizes, with ids that are nobody's.
    fn deliver(&self, row: &Row, seq: u64) {
        let (conv, msg) = (ConvId::from_rest([1; 32]), MsgId::from_rest([1; 16]));
        let (user, device) = (UserId::from_rest([1; 32]), DeviceId::from_rest([1; 16]));
        let time = seq | 1 << 40;
        let accepted = encode::accepted(&msg, &conv, seq, time, &Fixed([1; 32]));
        // Whoever left gets nothing.
        let _left = row.answer.send(accepted);
        let frame = encode::message(&conv, seq, &user, &device, time, &row.body);
        let rooms = self.0.read().unwrap_or_else(PoisonError::into_inner);
        for (id, out) in rooms.get(&row.room).into_iter().flatten() {
            if *id != row.socket {
                let _left = out.send(frame.clone());
            }
        }
    }
}
