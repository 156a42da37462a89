//! One request on a kept connection: enough HTTP for a bench.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{BenchError, Plan};

/// `GET path`; the body of a 200.
pub async fn get(
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
    let mut answer = Vec::with_capacity(16 * 1024);
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
    let length = header(&head, "content-length").ok_or(BenchError::Answer("no length"))?;
    let whole = end + usize::try_from(length).unwrap_or(usize::MAX);
    answer.reserve(whole.saturating_sub(answer.len()));
    while answer.len() < whole {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(BenchError::Answer("closed in the body"));
        }
    }
    answer.drain(..end);
    Ok(answer)
}

/// A number in a lower-case head.
pub fn header(head: &str, name: &str) -> Option<u64> {
    let mut lines = head.lines();
    lines.find_map(|line| {
        line.strip_prefix(name)?
            .strip_prefix(':')?
            .trim()
            .parse()
            .ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_found_by_its_whole_name() {
        let head = "http/1.1 429 too many\r\nx-retry-after: 1\r\nretry-after: 7\r\n\r\n";
        assert_eq!(header(head, "retry-after"), Some(7));
        assert_eq!(header(head, "retry"), None);
    }
}
