//! A small WebSocket client: typed frames, every wait bounded.

use std::time::Duration;

use chatty_protocol::codec::{Fixed, decode_exact, encode};
use chatty_protocol::envelope::{Item, Send};
use chatty_protocol::frame::{
    Ack, ClientFrame, Hello, Known, MarkRow, Ready, RowFrame, SOCKET_VERSION, ServerFrame, TdItem,
};
use chatty_protocol::{DeviceId, ErrorCode, SUITE_1};
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::person::Device;
use super::relay::TestRelay;

/// Longer than anything a loaded machine needs; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// One socket of one device.
pub struct TestSocket {
    inner: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Frames that were passed over while waiting for another kind.
    pub passed: Vec<ServerFrame>,
}

impl TestSocket {
    /// Opens the WebSocket without a hello.
    pub async fn raw(relay: &TestRelay) -> Self {
        Self::open(&relay.socket_url()).await.unwrap()
    }

    /// The same at an address where perhaps nobody listens.
    pub async fn open(url: &str) -> Option<Self> {
        let request = url.into_client_request().unwrap();
        let connected = timeout(PATIENCE, connect_async(request)).await.unwrap();
        connected.ok().map(|(inner, _)| Self {
            inner,
            passed: Vec::new(),
        })
    }

    /// The status of a refused handshake with these headers.
    pub async fn refused(relay: &TestRelay, headers: &[(&'static str, &str)]) -> Option<u16> {
        let url = relay.socket_url();
        let mut request = url.as_str().into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Err(Error::Http(response)) => Some(response.status().as_u16()),
            Err(other) => panic!("handshake failed: {other}"),
            Ok(_) => None,
        }
    }

    /// Connects a device that knows nothing yet.
    pub async fn connect(relay: &TestRelay, device: &Device) -> (Self, Ready) {
        Self::connect_with(relay, device, Vec::new()).await
    }

    /// Connects a device that knows these conversations.
    pub async fn connect_with(
        relay: &TestRelay,
        device: &Device,
        known: Vec<Known>,
    ) -> (Self, Ready) {
        let ticket = relay.ticket(device).await;
        let mut socket = Self::raw(relay).await;
        socket.hello(ticket, known).await;
        let mut ready = socket.ready().await;
        while ready.more == 1 {
            let next = socket.ready().await;
            ready.changed.extend(next.changed);
            ready.more = next.more;
        }
        (socket, ready)
    }

    pub async fn hello(&mut self, ticket: String, known: Vec<Known>) {
        self.put(&ClientFrame::Hello(Hello {
            version: SOCKET_VERSION,
            ticket,
            suites: vec![SUITE_1],
            known,
        }))
        .await;
    }

    async fn ready(&mut self) -> Ready {
        match self.next().await {
            ServerFrame::Ready(ready) => ready,
            other => panic!("not ready: {other:?}"),
        }
    }

    pub async fn put(&mut self, frame: &ClientFrame) {
        self.put_bytes(encode(frame)).await;
    }

    pub async fn put_bytes(&mut self, bytes: Vec<u8>) {
        self.put_message(Message::Binary(bytes.into())).await;
    }

    pub async fn put_message(&mut self, message: Message) {
        // The relay may have closed already; the answer tells.
        let _closed = timeout(PATIENCE, self.inner.send(message)).await.unwrap();
    }

    /// Queues without flushing, so that many frames leave together.
    pub async fn feed(&mut self, frame: &ClientFrame) {
        let message = Message::Binary(encode(frame).into());
        // A relay that was killed is noticed when the answer is awaited.
        let _closed = self.inner.feed(message).await;
    }

    pub async fn flush(&mut self) {
        let _closed = self.inner.flush().await;
    }

    pub async fn send(&mut self, send: &Send) {
        self.put(&ClientFrame::Send(send.clone())).await;
    }

    /// The next frame; none when the relay closed.
    pub async fn next_or_closed(&mut self) -> Option<ServerFrame> {
        loop {
            match timeout(PATIENCE, self.inner.next())
                .await
                .expect("nothing came")
            {
                Some(Ok(Message::Binary(bytes))) => {
                    return Some(decode_exact(&bytes).expect("a frame of the protocol"));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    pub async fn next(&mut self) -> ServerFrame {
        self.next_or_closed().await.expect("the socket was closed")
    }

    /// The next frame that `pick` takes; others are kept in `passed`.
    pub async fn until<T>(&mut self, mut pick: impl FnMut(&ServerFrame) -> Option<T>) -> T {
        loop {
            let frame = self.next().await;
            match pick(&frame) {
                Some(found) => return found,
                None => self.passed.push(frame),
            }
        }
    }

    /// (seq, hash of the stored ciphertext) of the next 34 or the code of the next 35.
    pub async fn answer(&mut self) -> Result<(u64, Fixed<32>), (ErrorCode, Option<(u64, u64)>)> {
        self.until(|frame| match frame {
            ServerFrame::Accepted { seq, ct_hash, .. } => Some(Ok((*seq, *ct_hash))),
            ServerFrame::Refused { code, heads, .. } => Some(Err((*code, *heads))),
            _ => None,
        })
        .await
    }

    /// Sends and waits for the answer.
    pub async fn send_and_wait(&mut self, send: &Send) -> Result<u64, ErrorCode> {
        self.send(send).await;
        let answer = self.answer().await;
        answer.map(|(seq, _)| seq).map_err(|(code, _)| code)
    }

    pub async fn row(&mut self) -> RowFrame {
        self.until(|frame| match frame {
            ServerFrame::Row(row) => Some(row.clone()),
            _ => None,
        })
        .await
    }

    pub async fn mark(&mut self) -> MarkRow {
        self.until(|frame| match frame {
            ServerFrame::Mark(row) => Some(row.clone()),
            _ => None,
        })
        .await
    }

    pub async fn item(&mut self) -> TdItem {
        self.until(|frame| match frame {
            ServerFrame::TdItem(item) => Some(item.clone()),
            _ => None,
        })
        .await
    }

    /// Posts a batch and waits for 38, or for the code of 35.
    pub async fn items(
        &mut self,
        n0: u64,
        items: Vec<Item>,
    ) -> Result<Vec<(u64, ErrorCode)>, ErrorCode> {
        self.put(&ClientFrame::ToDevice { n0, items }).await;
        self.until(|frame| match frame {
            ServerFrame::TdAccepted { refused, .. } => Some(Ok(refused.clone())),
            ServerFrame::Refused { code, .. } => Some(Err(*code)),
            _ => None,
        })
        .await
    }

    pub async fn ack_items(&mut self, items: Vec<(DeviceId, u64)>) {
        self.put(&ClientFrame::Ack(Ack {
            items,
            rows: Vec::new(),
        }))
        .await;
    }

    /// A ping and its pong: everything the relay had to say before has come.
    pub async fn settle(&mut self) {
        self.put(&ClientFrame::Ping).await;
        self.until(|frame| matches!(frame, ServerFrame::Pong).then_some(()))
            .await;
    }

    /// Code of the bye, after which the socket is closed.
    pub async fn bye(&mut self) -> ErrorCode {
        let code = self
            .until(|frame| match frame {
                ServerFrame::Bye { code } => Some(*code),
                _ => None,
            })
            .await;
        assert!(self.next_or_closed().await.is_none(), "open after bye");
        code
    }

    /// Leaves without a word, as a phone does that loses its network.
    pub fn drop_dead(self) {
        drop(self.inner);
    }
}
