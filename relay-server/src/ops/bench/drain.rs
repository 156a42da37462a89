//! What a device that was offline reads when it comes back: its whole stream, by REST.

use std::time::{Duration, Instant};

use chatty_protocol::ConvId;
use chatty_protocol::codec::decode_exact;
use chatty_protocol::frame::RowFrame;
use chatty_protocol::rest::Rows;
use tokio::net::TcpStream;

use super::http::get;
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
    let token = access(&tokens, reader, clock)?;
    let mut stream = TcpStream::connect(plan.listen).await?;
    stream.set_nodelay(true)?;
    let begin = Instant::now();
    let messages = read_all(&mut stream, plan, &state.conv, &token).await?;
    let took = begin.elapsed();
    Ok(Drained { messages, took })
}

/// An access token of a simulated person.
pub fn access(tokens: &Tokens, person: &Person, clock: &SharedClock) -> Result<String, BenchError> {
    let now = clock.now_ms();
    let token = tokens.access(person.user, person.family, Some(person.device), now);
    token.map_err(|_| BenchError::Token)
}

/// Reads a stream from its first row; counts its messages, each once and in order.
pub async fn read_all(
    stream: &mut TcpStream,
    plan: &Plan,
    conv: &ConvId,
    token: &str,
) -> Result<u64, BenchError> {
    let (mut after, mut messages, mut last_n) = (0, 0, std::collections::HashMap::new());
    loop {
        let path = format!("/v1/conversations/{conv}/rows?after={after}");
        let body = get(stream, plan, &path, token).await?;
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
            if let RowFrame::Message { send, device, .. } = row {
                if last_n.insert(device, send.n).unwrap_or(0) >= send.n {
                    return Err(BenchError::Answer("rows are out of order"));
                }
                messages += 1;
            }
        }
        if after >= page.head {
            return Ok(messages);
        }
    }
}
