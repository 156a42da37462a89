//! One socket from hello to bye: a single task that reads, hands over, and writes.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use chatty_protocol::ErrorCode;
use futures::{Sink, SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::io::Counted;
use super::live::Buckets;
use super::{Live, Route, encode, hello, pump};
use crate::state::SharedApp;

/// The codec around the connection.
pub(super) type Socket = WebSocketStream<Counted>;

/// Sends of one socket that may wait for their commit before it is read on.
const WINDOW: u32 = 128;
/// Frames that are read before what waits is written.
const READS_IN_A_ROW: u32 = 32;
/// Bytes taken from the queue for one write.
const WRITE_BYTES: usize = 64 * 1024;
/// Time for the last frame of a socket that is closed.
const BYE: Duration = Duration::from_secs(2);

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The other side left, or the connection broke.
    Gone,
    /// Say this first.
    Bye(ErrorCode),
}

/// What the task keeps of a socket beside its route; small, because there are many (D13).
pub(super) struct Session {
    /// How others reach it.
    pub route: Arc<Route>,
    /// What may come now.
    pub buckets: Arc<Mutex<Buckets>>,
    /// Whether it shares presence (frame 8).
    pub shares: bool,
    /// What was sent of the inbox.
    pub inbox: pump::InboxWindow,
}

/// Serves a socket until it ends.
pub async fn run(app: SharedApp, mut socket: Socket) {
    let greeted = Box::pin(hello::greet(&app, &mut socket)).await;
    let live = Arc::clone(&app.live);
    drop(app);
    let end = match greeted {
        Ok(mut session) => {
            live.metrics.connected();
            let end = serve(&live, &mut socket, &mut session).await;
            live.leave(&session);
            live.metrics.disconnected(end);
            end
        }
        Err(end) => end,
    };
    if let End::Bye(code) = end {
        let _too_late = timeout(BYE, say_bye(&mut socket, code)).await;
    }
}

async fn say_bye(socket: &mut Socket, code: ErrorCode) -> Result<(), Error> {
    socket.send(Message::Binary(encode::bye(code))).await?;
    socket.close(None).await
}

/// First frame of the client within the time of the handshake.
pub(super) async fn first_frame(socket: &mut Socket, within: Duration) -> Result<Bytes, End> {
    let next = timeout(within, socket.next()).await;
    binary(next.map_err(|_| End::Bye(ErrorCode::Unauthorised))?)?.ok_or(End::Gone)
}

/// A binary message; control frames are none, anything else ends the socket.
fn binary(message: Option<Result<Message, Error>>) -> Result<Option<Bytes>, End> {
    match message {
        Some(Ok(Message::Binary(bytes))) => Ok(Some(bytes)),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
        Some(Err(Error::Capacity(_))) => Err(End::Bye(ErrorCode::TooLarge)),
        Some(Ok(Message::Text(_)) | Err(Error::Protocol(_) | Error::Utf8(_))) => {
            Err(End::Bye(ErrorCode::Malformed))
        }
        Some(Ok(Message::Close(_) | Message::Frame(_)) | Err(_)) | None => Err(End::Gone),
    }
}

async fn serve(live: &Live, socket: &mut Socket, session: &mut Session) -> End {
    let route = Arc::clone(&session.route);
    let mut reads = 0;
    loop {
        let read_on = route.outstanding() < WINDOW && reads < READS_IN_A_ROW;
        let received = tokio::select! {
            biased;
            message = socket.next(), if read_on => Some(message),
            () = route.woken() => None,
            // Enough was read in a row: look at the queue even when nobody woke us.
            () = std::future::ready(()), if reads >= READS_IN_A_ROW => None,
        };
        let step = match received {
            Some(message) => {
                reads += 1;
                match binary(message) {
                    Ok(Some(bytes)) => Box::pin(live.receive(session, bytes)).await,
                    Ok(None) => Ok(()),
                    Err(end) => Err(end),
                }
            }
            None => {
                reads = 0;
                write_waiting(live, socket, session).await
            }
        };
        if let Err(end) = step {
            return end;
        }
    }
}

/// Writes until nothing waits.
async fn write_waiting(live: &Live, socket: &mut Socket, session: &mut Session) -> Result<(), End> {
    loop {
        let mut work = session.route.take(WRITE_BYTES);
        if work.is_empty() {
            return flush(socket).await;
        }
        for frame in work.frames.drain(..) {
            put(socket, frame).await?;
        }
        if work.behind.is_some() || work.inbox || work.resync.is_some() || work.drain.is_some() {
            Box::pin(pump::catch_up(live, socket, session, &mut work)).await?;
        }
        if let Some(code) = work.close {
            flush(socket).await?;
            return Err(End::Bye(code));
        }
        // Anything that comes later wakes the task again; only a rest must be fetched now.
        if work.behind.is_none() && !work.more {
            return flush(socket).await;
        }
    }
}

/// Puts a frame into the codec's buffer, writing when that is full.
pub(super) async fn put(socket: &mut Socket, frame: Bytes) -> Result<(), End> {
    progress(socket, |socket, cx| Pin::new(socket).poll_ready(cx)).await?;
    Pin::new(socket)
        .start_send(Message::Binary(frame))
        .map_err(|_| End::Gone)
}

/// Writes what is buffered.
pub(super) async fn flush(socket: &mut Socket) -> Result<(), End> {
    progress(socket, |socket, cx| Pin::new(socket).poll_flush(cx)).await
}

/// Waits for the socket as long as bytes leave it; too long without any ends it (bye `busy`).
async fn progress(
    socket: &mut Socket,
    mut poll: impl FnMut(&mut Socket, &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Error>>,
) -> Result<(), End> {
    // Most writes go through at once; the timer is made only when one does not.
    let first = std::future::poll_fn(|cx| std::task::Poll::Ready(poll(socket, cx))).await;
    if let std::task::Poll::Ready(result) = first {
        return result.map_err(|_| End::Gone);
    }
    loop {
        let (before, stall) = (socket.get_ref().written(), socket.get_ref().stall());
        let waited = timeout(stall, std::future::poll_fn(|cx| poll(socket, cx))).await;
        match waited {
            Ok(result) => return result.map_err(|_| End::Gone),
            Err(_) if socket.get_ref().written() != before => {}
            Err(_) => return Err(End::Bye(ErrorCode::Busy)),
        }
    }
}
