//! The relay under measurement: this very program as another process, pinned to one core.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

use super::{BenchError, Plan};

/// Core of the relay; the generator runs on the other ones.
const RELAY_CORE: &str = "0";
/// Core of the generator.
const LOAD_CORE: &str = "1";
/// Nobody is slowed down: the bench measures the machine, not the rules.
const SETTINGS: &str = "[limits]\nsend_burst = 4000000000\nsend_per_second = 1000000000\n";
/// Longest start of a relay.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks whether it listens.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// What runs in the other process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The relay.
    Relay,
    /// The bare log beside it.
    Bare,
}

/// A running relay on prepared data; dying with this value.
pub struct Relay {
    child: Child,
    kind: Kind,
    data: PathBuf,
    address: SocketAddr,
    /// From the start of the process to the first accepted connection.
    pub start_up: Duration,
}

/// A folder for one scenario.
pub fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("chatty-bench-{}-{name}", std::process::id()))
}

/// A plan on a free port.
pub fn plan(name: &str, users: usize, members: usize) -> Result<Plan, BenchError> {
    let listen = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    Ok(Plan {
        data: folder(name),
        listen,
        users,
        members,
    })
}

/// Runs this program pinned to a core, where `taskset` is there to do it.
fn pinned(core: &str) -> Result<Command, BenchError> {
    let program = std::env::current_exe()?;
    let pins = Command::new("taskset")
        .args(["-c", core, "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !pins.is_ok_and(|status| status.success()) {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(program);
    Ok(command)
}

/// Runs `bench run` of this program on the generator's core.
pub fn run_on_load_core(scenarios: &[String]) -> Result<(), BenchError> {
    let mut command = pinned(LOAD_CORE)?;
    let status = command.args(["bench", "run"]).args(scenarios).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(BenchError::Answer("the run ended early"))
    }
}

impl Relay {
    /// Starts a relay on a prepared folder, or the bare log on an empty one.
    pub async fn start(plan: &Plan, kind: Kind) -> Result<Self, BenchError> {
        std::fs::create_dir_all(&plan.data)?;
        let settings = plan.data.join("bench.toml");
        std::fs::write(&settings, SETTINGS)?;
        let begin = Instant::now();
        let child = spawn(kind, &plan.data, plan.listen)?;
        let mut relay = Self {
            child,
            kind,
            data: plan.data.clone(),
            address: plan.listen,
            start_up: Duration::ZERO,
        };
        relay.wait(begin).await?;
        Ok(relay)
    }

    async fn wait(&mut self, begin: Instant) -> Result<(), BenchError> {
        while !listens(self.address).await {
            if begin.elapsed() > PATIENCE {
                return Err(BenchError::Answer("the relay does not start"));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        self.start_up = begin.elapsed();
        Ok(())
    }

    /// What runs there.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, then a start on the same data.
    pub async fn kill_and_start(&mut self) -> Result<(), BenchError> {
        self.child.kill()?;
        self.child.wait()?;
        let begin = Instant::now();
        self.child = spawn(self.kind, &self.data, self.address)?;
        self.wait(begin).await
    }
}

/// Whether somebody listens there. A connection to a free port of the range that clients get
/// theirs from may meet itself; that one is nobody.
async fn listens(address: SocketAddr) -> bool {
    let connected = TcpStream::connect(address).await;
    connected.is_ok_and(|stream| stream.local_addr().is_ok_and(|own| own != address))
}

fn spawn(kind: Kind, data: &Path, address: SocketAddr) -> Result<Child, BenchError> {
    let mut command = pinned(RELAY_CORE)?;
    match kind {
        Kind::Relay => command
            .args(["serve", "--config"])
            .arg(data.join("bench.toml")),
        Kind::Bare => command.args(["bench", "bare"]),
    };
    let child = command
        .args(["--listen", &address.to_string(), "--data"])
        .arg(data)
        .env("CHATTY_RELAY_LOG", "error")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(child)
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _dead_already = self.child.kill();
        let _reaped = self.child.wait();
        let _left_behind = std::fs::remove_dir_all(&self.data);
    }
}
