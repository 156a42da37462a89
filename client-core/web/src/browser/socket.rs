//! WebSockets of the browser, pumped into two bounded channels by tasks of their own.

use std::cell::Cell;
use std::rc::Rc;

use async_channel::{Receiver, Sender};
use chatty_core::platform::{NetError, SOCKET_FRAMES, Socket};
use chatty_protocol::limits::{FRAME_BYTES, HANDSHAKE_MS};
use futures::FutureExt;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{BinaryType, MessageEvent, WebSocket};

use super::clock;
use super::http::unreachable_or_offline;

/// Bytes that may wait inside the browser before we stop handing it more.
const BUFFERED: u32 = 1024 * 1024;
/// How soon to look again whether it has sent them; a browser has no event for that.
const LOOK_AGAIN_MS: u64 = 20;
/// Bytes received and not yet taken by the engine. A browser cannot be told to stop reading, so
/// above this the socket is closed: the relay keeps its rows and gives them again.
const UNREAD: usize = 64 * FRAME_BYTES;

/// Connects.
pub async fn connect(url: String) -> Result<Socket, NetError> {
    let line = Rc::new(Line::open(&url)?);
    let patience = clock::sleep(HANDSHAKE_MS).fuse();
    let opened = line.heard.recv().fuse();
    futures::pin_mut!(opened, patience);
    futures::select_biased! {
        heard = opened => match heard {
            Ok(Heard::Open) => {}
            _ => return Err(unreachable_or_offline()),
        },
        () = patience => return Err(NetError::Timeout),
    }
    let (send, outgoing) = async_channel::bounded(SOCKET_FRAMES);
    let (incoming, receive) = async_channel::bounded(SOCKET_FRAMES);
    spawn_local(write(line.clone(), outgoing.clone()));
    spawn_local(read(line, incoming, outgoing));
    Ok(Socket { send, receive })
}

/// From the engine to the relay, until the engine drops its end or the socket breaks.
async fn write(line: Rc<Line>, outgoing: Receiver<Vec<u8>>) {
    while let Ok(frame) = outgoing.recv().await {
        while line.socket.buffered_amount() > BUFFERED && line.is_open() {
            clock::sleep(LOOK_AGAIN_MS).await;
        }
        if line.socket.send_with_u8_array(&frame).is_err() {
            break;
        }
    }
    outgoing.close();
    line.close();
}

/// From the relay to the engine.
async fn read(line: Rc<Line>, incoming: Sender<Vec<u8>>, outgoing: Receiver<Vec<u8>>) {
    loop {
        let heard = futures::select_biased! {
            // Nobody listens any more.
            () = incoming.closed().fuse() => break,
            heard = line.heard.recv().fuse() => heard,
        };
        let Ok(Heard::Frame(frame)) = heard else {
            break;
        };
        line.unread
            .set(line.unread.get().saturating_sub(frame.len()));
        if incoming.send(frame).await.is_err() {
            break;
        }
    }
    line.close();
    // Ends the writer as well.
    outgoing.close();
}

/// What a socket said.
enum Heard {
    Open,
    Frame(Vec<u8>),
    Closed,
}

type Listener = Closure<dyn FnMut(JsValue)>;

/// A socket with its listeners, which must live as long as it does.
struct Line {
    socket: WebSocket,
    heard: Receiver<Heard>,
    unread: Rc<Cell<usize>>,
    _listeners: [Listener; 4],
}

impl Line {
    fn open(url: &str) -> Result<Self, NetError> {
        let socket = WebSocket::new(url).map_err(|_| NetError::Malformed)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let (tell, heard) = async_channel::unbounded();
        let unread = Rc::new(Cell::new(0));
        let open = say(tell.clone(), || Heard::Open);
        let close = say(tell.clone(), || Heard::Closed);
        let error = say(tell.clone(), || Heard::Closed);
        let message = frames(tell, unread.clone());
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        socket.set_onerror(Some(error.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        Ok(Self {
            socket,
            heard,
            unread,
            _listeners: [open, close, error, message],
        })
    }

    fn is_open(&self) -> bool {
        self.socket.ready_state() == WebSocket::OPEN
    }

    fn close(&self) {
        // Refused only for bad codes, and there is none.
        let _ = self.socket.close();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        for clear in [
            WebSocket::set_onopen,
            WebSocket::set_onclose,
            WebSocket::set_onerror,
            WebSocket::set_onmessage,
        ] {
            clear(&self.socket, None);
        }
        self.close();
    }
}

fn say(tell: Sender<Heard>, what: fn() -> Heard) -> Listener {
    Closure::new(move |_: JsValue| {
        // Without bound, and after the reader has gone nobody needs it.
        let _ = tell.try_send(what());
    })
}

fn frames(tell: Sender<Heard>, unread: Rc<Cell<usize>>) -> Listener {
    Closure::new(move |event: JsValue| {
        let event: MessageEvent = event.unchecked_into();
        let heard = match event.data().dyn_into::<ArrayBuffer>() {
            Ok(bytes) if fits(&bytes, &unread) => Heard::Frame(Uint8Array::new(&bytes).to_vec()),
            // Text is no frame of ours, and too much is too much: the end of this socket.
            _ => Heard::Closed,
        };
        let _ = tell.try_send(heard);
    })
}

fn fits(bytes: &ArrayBuffer, unread: &Cell<usize>) -> bool {
    let length = bytes.byte_length() as usize;
    unread.set(unread.get().saturating_add(length));
    length <= FRAME_BYTES && unread.get() <= UNREAD
}
