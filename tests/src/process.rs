//! The real programs, as other processes.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// Password of the login and passphrase of the vault of every home.
pub const WORDS: &str = "correct horse battery staple";

/// Where a program of the workspace was built.
pub fn program(name: &str) -> PathBuf {
    let folder = std::env::var_os("CHATTY_BIN_DIR").map_or_else(beside_the_tests, PathBuf::from);
    let path = folder.join(name);
    assert!(
        path.is_file(),
        "{} is not built: cargo build -p chatty-cli -p chatty-relay, or set CHATTY_BIN_DIR",
        path.display()
    );
    path
}

fn beside_the_tests() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let deps = test.parent().expect("a folder");
    deps.parent().expect("the profile's folder").to_owned()
}

/// A relay in a process of its own.
pub struct RelayProcess {
    child: Child,
    /// Its origin.
    pub origin: String,
    /// Its data folder.
    pub data: PathBuf,
}

impl RelayProcess {
    /// Starts it on a free port and waits until it says where it listens.
    pub fn start(data: &Path, listen: &str, more: &[&str]) -> Self {
        let mut command = Command::new(program("chatty-relay"));
        command
            .args(["serve", "--listen", listen, "--data"])
            .arg(data)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("the relay starts");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let mut lines = out.lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("http://"));
        let origin = line.expect("the relay says where it listens");
        // Whatever it says later must not block it.
        std::thread::spawn(move || lines.for_each(drop));
        let start = origin.find("http://").unwrap_or(0);
        let end = origin[start..].find(|c: char| c.is_whitespace() || c == '"');
        let origin = match end {
            Some(end) => &origin[start..start + end],
            None => &origin[start..],
        };
        Self {
            child,
            origin: origin.trim_end_matches('/').to_owned(),
            data: data.to_owned(),
        }
    }

    /// `127.0.0.1:port`.
    pub fn address(&self) -> String {
        self.origin.trim_start_matches("http://").to_owned()
    }

    /// `kill -9`, then the same again on the same port.
    pub fn kill_and_start(self, more: &[&str]) -> Self {
        let (address, data) = (self.address(), self.data.clone());
        drop(self);
        Self::start(&data, &address, more)
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a run of `chatty` gave.
#[derive(Debug)]
pub struct Ran {
    /// Exit code; −1 when it was killed.
    pub code: i32,
    /// One object per line of stdout.
    pub rows: Vec<Value>,
    /// stderr.
    pub errors: String,
}

impl Ran {
    /// The rows of a run that must have worked.
    pub fn ok(self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{}", self.errors);
        self.rows
    }

    /// The only row of a run that must have worked.
    pub fn row(self) -> Value {
        let mut rows = self.ok();
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }
}

/// A home used by the `chatty` program.
#[derive(Clone)]
pub struct Cli {
    /// The home.
    pub home: PathBuf,
    /// The relay that is named on sign-up.
    pub relay: String,
}

impl Cli {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program("chatty"));
        command
            .arg("--json")
            .arg("--home")
            .arg(&self.home)
            .args(words)
            .env("CHATTY_RELAY", &self.relay)
            .env("CHATTY_PASSWORD", WORDS)
            .env("CHATTY_PASSPHRASE", WORDS)
            .env_remove("CHATTY_KILL_AT")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs one command to its end.
    pub fn run(&self, words: &[&str]) -> Ran {
        ran(self.command(words).output().expect("chatty runs"))
    }

    /// Runs one command that dies at the n-th pass of a kill point, if it comes there.
    pub fn run_to_die(&self, words: &[&str], point: &str) -> Ran {
        let mut command = self.command(words);
        ran(command
            .env("CHATTY_KILL_AT", point)
            .output()
            .expect("chatty runs"))
    }

    /// Starts one command beside the test.
    pub fn spawn(&self, words: &[&str]) -> Background {
        let child = self.command(words).spawn().expect("chatty runs");
        Background(Some(child))
    }

    /// The API over stdin and stdout.
    pub fn rpc(&self) -> Rpc {
        let mut command = self.command(&["rpc"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chatty runs");
        let input = child.stdin.take().expect("stdin");
        let output = BufReader::new(child.stdout.take().expect("stdout"));
        Rpc {
            child,
            input,
            output,
            next: 0,
        }
    }
}

fn ran(output: std::process::Output) -> Ran {
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let row = |line: &str| serde_json::from_str(line).expect("one object per line");
    Ran {
        code: output.status.code().unwrap_or(-1),
        rows: text.lines().map(row).collect(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A command that runs beside the test.
pub struct Background(Option<Child>);

impl Background {
    /// Waits for its end.
    pub fn wait(mut self) -> Ran {
        let child = self.0.take().expect("it runs");
        ran(child.wait_with_output().expect("its output"))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// `chatty rpc`.
pub struct Rpc {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
}

impl Rpc {
    /// Calls a method; events in between are dropped. `Err` is the error object.
    pub fn call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.next += 1;
        let call = serde_json::json!({ "id": self.next, "method": method, "params": params });
        writeln!(self.input, "{call}").expect("chatty reads");
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).expect("chatty answers");
            assert!(read > 0, "chatty rpc ended");
            let answer: Value = serde_json::from_str(&line).expect("JSON lines");
            if answer["id"] != self.next {
                continue;
            }
            return match answer.get("error") {
                Some(error) => Err(error.clone()),
                None => Ok(answer["result"].clone()),
            };
        }
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Rpc {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
