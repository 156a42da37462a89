//! A small and fast WebSocket client: no masking work, no copies of rows.

use std::net::SocketAddr;
use std::time::Duration;

use chatty_protocol::SUITE_1;
use chatty_protocol::codec::encode;
use chatty_protocol::frame::{ClientFrame, Hello, SOCKET_VERSION};
use chatty_protocol::rest::Ticket;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{BenchError, bare};

/// Wait before a refused connection is tried again.
const AGAIN: Duration = Duration::from_millis(100);
/// Tries of one connection.
const TRIES: u32 = 300;

/// One connected socket.
pub struct Client {
    /// The connection.
    pub stream: TcpStream,
    /// What was read and not parsed yet.
    buffer: Vec<u8>,
    /// Parsed up to here.
    at: usize,
}

async fn request(address: SocketAddr, head: &str) -> Result<(TcpStream, Vec<u8>), BenchError> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(head.as_bytes()).await?;
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(BenchError::Answer("closed in the head"));
        }
    }
    Ok((stream, answer))
}

/// Fetches a ticket by REST.
async fn ticket(address: SocketAddr, token: &str) -> Result<String, BenchError> {
    let head = format!(
        "POST /v1/tickets HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         content-length: 0\r\nconnection: close\r\n\r\n"
    );
    let (mut stream, mut answer) = request(address, &head).await?;
    stream.read_to_end(&mut answer).await?;
    let start = answer.iter().position(|byte| *byte == b'{');
    let end = answer.iter().rposition(|byte| *byte == b'}');
    let body = start
        .zip(end)
        .and_then(|(start, end)| answer.get(start..=end));
    let body = body.ok_or(BenchError::Answer("no ticket"))?;
    let ticket: Ticket = serde_json::from_slice(body)
        .map_err(|_| BenchError::Refused(String::from_utf8_lossy(&answer).into_owned()))?;
    Ok(ticket.ticket)
}

impl Client {
    /// Connects a device and waits for the end of `ready`; a busy relay is asked again.
    pub async fn connect(address: SocketAddr, token: &str) -> Result<Self, BenchError> {
        let mut tries = 0;
        loop {
            match Self::try_connect(address, token).await {
                Err(BenchError::Refused(_)) if tries < TRIES => tries += 1,
                other => return other,
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Connects to a room of the bare log.
    pub async fn connect_bare(address: SocketAddr, room: usize) -> Result<Self, BenchError> {
        Self::upgrade(address, &format!("{}?room={room}", bare::PATH)).await
    }

    async fn upgrade(address: SocketAddr, path: &str) -> Result<Self, BenchError> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        let (stream, answer) = request(address, &head).await?;
        if !answer.starts_with(b"HTTP/1.1 101") {
            let text = String::from_utf8_lossy(&answer).into_owned();
            return Err(BenchError::Refused(text));
        }
        Ok(Self {
            stream,
            buffer: Vec::new(),
            at: 0,
        })
    }

    /// Connects a device once.
    pub async fn try_connect(address: SocketAddr, token: &str) -> Result<Self, BenchError> {
        let ticket = ticket(address, token).await?;
        let mut client = Self::upgrade(address, "/v1/ws").await?;
        let hello = encode(&ClientFrame::Hello(Hello {
            version: SOCKET_VERSION,
            ticket,
            suites: vec![SUITE_1],
            known: Vec::new(),
        }));
        let len = u8::try_from(hello.len()).ok().filter(|len| *len < 126);
        let len = len.ok_or(BenchError::Answer("ticket too long"))?;
        let frame = [&[0x82, 0x80 | len, 0, 0, 0, 0], hello.as_slice()].concat();
        client.stream.write_all(&frame).await?;
        loop {
            while let Some(payload) = client.parse()? {
                // The last element of `ready`, `more`, is 1 when another frame follows.
                if frame_number(payload) == 33 && payload.last() != Some(&1) {
                    return Ok(client);
                }
            }
            client.fill().await?;
        }
    }

    /// Reads what is there.
    pub async fn fill(&mut self) -> Result<(), BenchError> {
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.reserve(16 * 1024);
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(BenchError::Answer("the relay closed a socket"));
        }
        Ok(())
    }

    /// The next whole frame of what was read.
    pub fn parse(&mut self) -> Result<Option<&[u8]>, BenchError> {
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        let (Some(first), Some(short)) = (rest.first(), rest.get(1)) else {
            return Ok(None);
        };
        if first & 0x0f == 8 {
            return Err(BenchError::Answer("the relay closed a socket"));
        }
        let (head, len) = match short {
            126 => match rest.get(2..4).and_then(|b| b.try_into().ok()) {
                Some(bytes) => (4, usize::from(u16::from_be_bytes(bytes))),
                None => return Ok(None),
            },
            127 => match rest.get(2..10).and_then(|b| b.try_into().ok()) {
                Some(bytes) => (10, usize::try_from(u64::from_be_bytes(bytes)).unwrap_or(0)),
                None => return Ok(None),
            },
            short => (2, usize::from(*short)),
        };
        if rest.len() < head + len {
            return Ok(None);
        }
        let start = self.at + head;
        self.at = start + len;
        Ok(self.buffer.get(start..start + len))
    }
}

/// Number of a frame: the second item of its array.
pub fn frame_number(payload: &[u8]) -> u8 {
    match payload {
        [_, 0x18, number, ..] => *number,
        [_, number, ..] => *number,
        _ => 0,
    }
}
