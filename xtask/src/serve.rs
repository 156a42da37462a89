//! A relay started by xtask: for a person by `run`, for a check by `ci`.

use crate::shell::{self, Result};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Relay {
    child: Child,
}

impl Relay {
    /// Starts `chatty-relay serve` and waits until it answers on `address`.
    pub fn start(program: &Path, words: &[String], address: &str) -> Result<Self> {
        if TcpStream::connect(address).is_ok() {
            return Err(format!(
                "something already listens on {address}; another one: --listen 127.0.0.1:PORT"
            ));
        }
        let mut command = shell::program(program);
        command.arg("serve").args(words).stdin(Stdio::null());
        let child = command
            .spawn()
            .map_err(|error| format!("{} did not start: {error}", program.display()))?;
        let mut relay = Self { child };
        relay.wait_until_healthy(address)?;
        Ok(relay)
    }

    fn wait_until_healthy(&mut self, address: &str) -> Result<()> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if healthy(address) {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("the relay ended before it was ready ({status})"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(format!(
            "the relay did not answer on {address} within {} s",
            PATIENCE.as_secs()
        ))
    }

    /// Until the relay ends, by Ctrl-C as a rule: the terminal tells it and us at once.
    pub fn wait(mut self) -> Result<ExitStatus> {
        self.child.wait().map_err(|error| error.to_string())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        crate::checks::stop(&mut self.child);
    }
}

/// One plain request; xtask needs no HTTP library for that.
fn healthy(address: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else {
        return false;
    };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut answer = [0; 12];
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && answer.ends_with(b" 200")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A server that gives one answer to one request.
    fn answering(status: &'static str) -> String {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            let (mut stream, _) = socket.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            assert!(request[..length].starts_with(b"GET /healthz HTTP/1.1\r\n"));
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn only_the_answer_200_is_healthy() {
        assert!(healthy(&answering("200 OK")));
        assert!(!healthy(&answering("503 Service Unavailable")));
        assert!(!healthy("127.0.0.1:1"));
    }

    #[test]
    fn a_taken_address_is_said_before_anything_starts() {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        let started = Relay::start(Path::new("/nowhere/chatty-relay"), &[], &address);
        assert!(started.is_err_and(|message| message.contains("already listens")));
    }

    #[test]
    fn a_relay_that_ends_at_once_is_reported() {
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .to_string();
        let started = Relay::start(Path::new("/bin/false"), &[], &free);
        assert!(started.is_err_and(|message| message.contains("ended before it was ready")));
    }
}
