//! What a device that was offline reads when it comes back: its whole stream, by REST.

use std::time::{Duration, Instant};

use chatty_protocol::codec::decode_exact;
use chatty_protocol::frame::RowFrame;
use chatty_protocol::rest::Rows;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::person::Person;
use super::{BenchError, Plan, prepare};
use crate::clock::{SharedClock, SharedRandom};
use crate::service::token::Tokens;

/// What came and how long it took.
pub struct Drained {
    /// Messages, each once and in order.
    pub messages: u64,
    /// Time of all pages.
    pub took: Duration,
}

/// Reads the whole stream of the first conversation as its second member.
pub async fn drain(
    plan: &Plan,
    clock: &SharedClock,
    random: &SharedRandom,
) -> Result<Drained, BenchError> {
    let circle: Vec<Person> = (0..plan.members).map(Person::new).collect();
    let (_, state) = prepare::first(plan, &circle)?;
    let reader = circle.last().ok_or(BenchError::Answer("empty circle"))?;
    let tokens = Tokens::open(&plan.data, &plan.origin(), clock.now_ms(), random)?;
    let now = clock.now_ms();
    let token = tokens.access(reader.user, reader.family, Some(reader.device), now);
    let token = token.map_err(|_| BenchError::Token)?;
    let mut stream = TcpStream::connect(plan.listen).await?;
    stream.set_nodelay(true)?;
    let begin = Instant::now();
    let (mut after, mut messages, mut last_n) = (0, 0, 0);
    loop {
        let path = format!("/v1/conversations/{}/rows?after={after}", state.conv);
        let body = get(&mut stream, plan, &path, &token).await?;
        let page: Rows =
            serde_json::from_slice(&body).map_err(|_| BenchError::Answer("not a page of rows"))?;
        for bytes in &page.rows {
            let row = decode_exact::<RowFrame>(&bytes.0);
            let row = row.map_err(|_| BenchError::Answer("not a row"))?;
            let (_, seq) = row.position();
            if seq != after + 1 {
                return Err(BenchError::Answer("a row is missing or came twice"));
            }
            after = seq;
            if let RowFrame::Message { send, .. } = row {
                if send.n <= last_n {
                    return Err(BenchError::Answer("rows are out of order"));
                }
                last_n = send.n;
                messages += 1;
            }
        }
        if after >= page.head {
            let took = begin.elapsed();
            return Ok(Drained { messages, took });
        }
    }
}

async fn get(
    stream: &mut TcpStream,
    plan: &Plan,
    path: &str,
    token: &str,
) -> Result<Vec<u8>, BenchError> {
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\r\n",
        plan.listen
    );
    stream.write_all(head.as_bytes()).await?;
    let mut answer = Vec::with_capacity(512 * 1024);
    let end = loop {
        if let Some(end) = answer.windows(4).position(|end| end == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(BenchError::Answer("closed in the head"));
        }
    };
    let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).to_lowercase();
    if !head.starts_with("http/1.1 200") {
        return Err(BenchError::Refused(head));
    }
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|text| text.trim().parse::<usize>().ok());
    let length = length.ok_or(BenchError::Answer("no length"))?;
    while answer.len() < end + length {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(BenchError::Answer("closed in the body"));
        }
    }
    answer.drain(..end);
    Ok(answer)
}
