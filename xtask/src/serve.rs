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
