//! WebSockets by tokio-tungstenite, pumped into two bounded channels by tasks of their own.

use std::time::Duration;

use async_channel::{Receiver, Sender};
use chatty_core::platform::{NetError, SOCKET_FRAMES, Socket};
use chatty_protocol::limits::{FRAME_BYTES, HANDSHAKE_MS};
use futures::stream::{SplitSink, SplitStream};
use futures::{FutureExt, SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Connects; must run inside the engine's `LocalSet`.
pub async fn connect(url: String) -> Result<Socket, NetError> {
    let config = WebSocketConfig::default()
        .read_buffer_size(8 * 1024)
        .max_message_size(Some(FRAME_BYTES))
        .max_frame_size(Some(FRAME_BYTES));
    let connecting = connect_async_with_config(url, Some(config), true);
    let (stream, _) = tokio::time::timeout(Duration::from_millis(HANDSHAKE_MS), connecting)
        .await
        .map_err(|_| NetError::Timeout)?
        .map_err(|error| classify(&error))?;
    let (sink, stream) = stream.split();
    let (send, outgoing) = async_channel::bounded(SOCKET_FRAMES);
    let (incoming, receive) = async_channel::bounded(SOCKET_FRAMES);
    tokio::task::spawn_local(write(sink, outgoing.clone()));
    tokio::task::spawn_local(read(stream, incoming, outgoing));
    Ok(Socket { send, receive })
}

/// From the engine to the relay, until the engine drops its end or the socket breaks.
async fn write(mut sink: SplitSink<Stream, Message>, outgoing: Receiver<Vec<u8>>) {
    while let Ok(frame) = outgoing.recv().await {
        if sink.send(Message::Binary(frame.into())).await.is_err() {
            outgoing.close();
            return;
        }
    }
    // The engine is done: say so, do not wait for the answer.
    let _ = sink.close().await;
}

/// From the relay to the engine. Stops reading while the engine is behind, so that the relay
/// feels it.
async fn read(mut stream: SplitStream<Stream>, incoming: Sender<Vec<u8>>, out: Receiver<Vec<u8>>) {
    loop {
        let next = futures::select_biased! {
            // Nobody listens any more.
            () = incoming.closed().fuse() => break,
            next = stream.next().fuse() => next,
        };
        let bytes = match next {
            Some(Ok(Message::Binary(bytes))) => bytes,
            // tungstenite answers pings by itself; text is no frame of ours and ends the socket.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            _ => break,
        };
        if incoming.send(bytes.into()).await.is_err() {
            break;
        }
    }
    // Ends the writer as well.
    out.close();
}

fn classify(error: &Error) -> NetError {
    match error {
        Error::Io(_) | Error::Tls(_) => crate::http::cause(Some(error)),
        Error::Http(_) | Error::HttpFormat(_) | Error::Protocol(_) | Error::Url(_) => {
            NetError::Malformed
        }
        _ => NetError::Unreachable,
    }
}
