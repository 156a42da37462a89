//! One socket: frames in and out, the handshake, silence.

use std::rc::Rc;

use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::frame::{ClientFrame, Hello, Known};
use chatty_protocol::frame::{Ready, ServerFrame};
use chatty_protocol::{SUITE_1, frame, limits};
use futures::future::{Either, select};

use crate::engine::Fault;
use crate::platform::{NetError, Platform, Socket};

/// A socket with the frame codec on it.
pub struct Frames {
    socket: Socket,
    platform: Rc<dyn Platform>,
}

/// What a socket gave.
pub enum Received {
    /// A frame.
    Frame(Box<ServerFrame>),
    /// Bytes that are no frame of this version: counted, never answered (A29).
    Unreadable,
}

impl Frames {
    /// Connects to the relay at `origin`.
    pub async fn connect(platform: Rc<dyn Platform>, origin: &str) -> Result<Self, Fault> {
        let url = match origin.strip_prefix("http") {
            Some(rest) => format!("ws{rest}/v1/ws"),
            None => return Err(Fault::Bug("the relay's origin is not canonical")),
        };
        let socket = platform.connect(&url).await?;
        Ok(Self { socket, platform })
    }

    /// A way to send beside the reader.
    pub fn sender(&self) -> Outgoing {
        Outgoing(self.socket.send.clone())
    }

    /// The next frame; an error when the socket is closed.
    pub async fn next(&self) -> Result<Received, Fault> {
        let bytes = self
            .socket
            .receive
            .recv()
            .await
            .map_err(|_| Fault::Network(NetError::Unreachable))?;
        Ok(match decode_exact::<ServerFrame>(&bytes) {
            Ok(frame) => Received::Frame(Box::new(frame)),
            Err(_) => Received::Unreadable,
        })
    }

    /// Another frame that is here already.
    pub fn try_next(&self) -> Option<Received> {
        let bytes = self.socket.receive.try_recv().ok()?;
        Some(match decode_exact::<ServerFrame>(&bytes) {
            Ok(frame) => Received::Frame(Box::new(frame)),
            Err(_) => Received::Unreadable,
        })
    }

    /// Sends `hello` and reads the whole `ready`, which may come in several frames.
    pub async fn greet(&self, ticket: String, known: Vec<Known>) -> Result<Ready, Fault> {
        let hello = ClientFrame::Hello(Hello {
            version: frame::SOCKET_VERSION,
            ticket,
            suites: vec![SUITE_1],
            known,
        });
        self.sender().send(&hello).await?;
        let mut whole: Option<Ready> = None;
        loop {
            let Received::Frame(next) = self.within(limits::HANDSHAKE_MS).await? else {
                return Err(Fault::BadRelay("no ready after hello"));
            };
            let ready = match *next {
                ServerFrame::Ready(ready) => ready,
                ServerFrame::Bye { code } => return Err(Fault::refused(code)),
                _ => return Err(Fault::BadRelay("another frame before ready")),
            };
            let more = ready.more;
            match &mut whole {
                None => whole = Some(ready),
                Some(first) => {
                    first.changed.extend(ready.changed);
                    first.more = more;
                }
            }
            if more != 1 {
                return whole.ok_or(Fault::Bug("ready without a frame"));
            }
        }
    }

    async fn within(&self, ms: u64) -> Result<Received, Fault> {
        let next = std::pin::pin!(self.next());
        match select(next, self.platform.sleep(ms)).await {
            Either::Left((frame, _)) => frame,
            Either::Right(_) => Err(Fault::Network(NetError::Timeout)),
        }
    }
}

/// The sending half.
#[derive(Clone)]
pub struct Outgoing(async_channel::Sender<Vec<u8>>);

impl Outgoing {
    /// Queues a frame; waits while the socket is slow.
    pub async fn send(&self, frame: &ClientFrame) -> Result<(), Fault> {
        self.0
            .send(encode(frame))
            .await
            .map_err(|_| Fault::Network(NetError::Unreachable))
    }
}
