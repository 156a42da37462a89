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
        let line = lines.find(|line| line.contains("://"));
        let origin = line.expect("the relay says where it listens");
        // Whatever it says later must not block it.
        std::thread::spawn(move || lines.for_each(drop));
        let start = origin.find("http").unwrap_or(0);
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
        let (_, address) = self.origin.split_once("://").unwrap_or_default();
        address.to_owned()
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
    /// The error object that a run ended with; `--json` writes it as the last line of stderr.
    pub fn error(&self) -> Value {
        let last = self.errors.lines().last().unwrap_or_default();
        let line: Value = serde_json::from_str(last).unwrap_or_default();
        let error = line["error"].clone();
        assert!(error.is_object(), "no error object: {self:?}");
        for (name, value) in error.as_object().expect("an object") {
            match name.as_str() {
                "code" | "message" | "hint" => assert!(value.is_string(), "{error}"),
                "retry_after_ms" => assert!(value.is_u64(), "{error}"),
                _ => panic!("the contract has no {name}: {error}"),
            }
        }
        error
    }

    /// Its exit code and the code of its error object.
    pub fn refused(&self) -> (i32, String) {
        let code = self.error()["code"].as_str().unwrap_or_default().to_owned();
        (self.code, code)
    }

    /// The texts of message rows that were typed by people.
    pub fn texts(&self) -> Vec<String> {
        let text = |row: &Value| row["text"].as_str().map(str::to_owned);
        self.rows.iter().filter_map(text).collect()
    }

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
    /// Variables of its environment, beyond password and passphrase.
    pub env: Vec<(&'static str, String)>,
}

impl Cli {
    /// A home that need not exist yet, on this relay.
    pub fn new(home: PathBuf, relay: &str) -> Self {
        Self {
            home,
            relay: relay.to_owned(),
            env: Vec::new(),
        }
    }

    /// The same home with another variable in its environment.
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        other.env.push((name, value.to_owned()));
        other
    }

    /// The command as the tests run it.
    pub fn command(&self, words: &[&str]) -> Command {
        self.dressed(Command::new(program("chatty")), words)
    }

    /// Runs a command that ends in the program's name, for example a shell with limits, to its end.
    pub fn run_as(&self, program: Command, words: &[&str]) -> Ran {
        ran(self.dressed(program, words).output().expect("chatty runs"))
    }

    fn dressed(&self, mut command: Command, words: &[&str]) -> Command {
        command
            .arg("--json")
            .arg("--home")
            .arg(&self.home)
            .args(words)
            .env("CHATTY_RELAY", &self.relay)
            .env("CHATTY_PASSWORD", WORDS)
            .env("CHATTY_PASSPHRASE", WORDS)
            .env_remove("CHATTY_KILL_AT")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs one command to its end.
    pub fn run(&self, words: &[&str]) -> Ran {
        ran(self.command(words).output().expect("chatty runs"))
    }

    /// Runs one command with this on its standard input.
    pub fn type_in(&self, words: &[&str], input: &str) -> Ran {
        let mut command = self.command(words);
        let mut child = command.stdin(Stdio::piped()).spawn().expect("chatty runs");
        let mut stdin = child.stdin.take().expect("stdin");
        // A command that asks for nothing may have ended already.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        ran(child.wait_with_output().expect("its output"))
    }

    /// Runs one command that dies at the n-th pass of a kill point, if it comes there.
    pub fn run_to_die(&self, words: &[&str], point: &str) -> Ran {
        let mut command = self.command(words);
        ran(command
            .env("CHATTY_KILL_AT", point)
            .output()
            .expect("chatty runs"))
    }

    /// As [`Cli::run_to_die`], beside the test.
    pub fn spawn_to_die(&self, words: &[&str], point: &str) -> Background {
        let mut command = self.command(words);
        command.env("CHATTY_KILL_AT", point);
        Background(Some(command.spawn().expect("chatty runs")))
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
            input: Some(input),
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
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.0.as_ref().map_or(0, Child::id)
    }

    /// Reads lines of its stdout until one holds this; gives that line.
    pub fn until(&mut self, word: &str) -> String {
        let out = self.0.as_mut().and_then(|child| child.stdout.as_mut());
        let out = out.expect("it runs");
        let mut line = Vec::new();
        // Byte by byte, so that nothing behind the line is taken away from whoever reads next.
        loop {
            let mut byte = [0];
            let read = std::io::Read::read(out, &mut byte).expect("its output");
            assert!(read > 0, "it ended without saying {word}");
            if byte[0] != b'\n' {
                line.push(byte[0]);
                continue;
            }
            let text = String::from_utf8_lossy(&line).into_owned();
            if text.contains(word) {
                return text;
            }
            line.clear();
        }
    }

    /// Asks it to end as Ctrl-C does.
    pub fn interrupt(&self) {
        let sent = Command::new("kill")
            .args(["-INT", &self.pid().to_string()])
            .status();
        assert!(sent.is_ok_and(|status| status.success()), "no signal");
    }

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
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    next: u64,
}

impl Rpc {
    /// Calls a method; events in between are dropped. `Err` is the error object.
    pub fn call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.next += 1;
        let call = serde_json::json!({ "id": self.next, "method": method, "params": params });
        let input = self.input.as_mut().expect("it is open");
        writeln!(input, "{call}").expect("chatty reads");
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

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Closes its stdin and waits for its end; its exit code.
    pub fn end(mut self) -> i32 {
        drop(self.input.take());
        let mut rest = String::new();
        let _ = std::io::Read::read_to_string(&mut self.output, &mut rest);
        let status = self.child.wait().expect("it ends");
        status.code().unwrap_or(-1)
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
