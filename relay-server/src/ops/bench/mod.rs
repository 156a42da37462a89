//! `chatty-relay bench`: people, conversations and load for a relay of one's own.
//!
//! `prepare` writes accounts and conversations into a data folder while no relay runs on it;
//! `load` then talks to the relay on that folder. Ciphertext is made beforehand, so the figures
//! are the relay's and not those of the encryption.

mod all;
mod bare;
mod client;
mod drain;
mod figure;
mod flush;
mod http;
mod load;
mod person;
mod prepare;
mod process;
mod relay;
mod report;
mod scenario;
pub mod store;
mod storm;
mod template;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

pub use all::{All, NAMES};
pub use bare::serve as serve_bare;
pub use load::load;
pub use prepare::prepare;
pub use relay::run_on_load_core;
pub use report::Report;

/// Why a run ended without figures.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// Network or files.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The database of the data folder.
    #[error("{0}")]
    Store(#[from] crate::store::StoreError),
    /// The database of the bare log.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The relay's secrets.
    #[error("{0}")]
    Secrets(#[from] crate::service::token::SecretsError),
    /// A token could not be made.
    #[error("no access token could be made")]
    Token,
    /// Randomness.
    #[error("{0}")]
    Random(#[from] crate::clock::RandomError),
    /// The relay refused something that a prepared folder allows.
    #[error("the relay refused: {0}")]
    Refused(String),
    /// No such scenario.
    #[error("there is no `{0}`; there are: {1}")]
    Unknown(String, String),
    /// What came back is not of this protocol.
    #[error("unexpected answer: {0}")]
    Answer(&'static str),
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Write accounts and conversations into the data folder of a stopped relay
    Prepare(Plan),
    /// Send through the running relay and print figures
    Load(LoadArgs),
    /// Only these scenarios, each figure beside its target
    Only {
        /// Names as `list` prints them
        #[arg(required = true)]
        scenarios: Vec<String>,
    },
    /// Name the scenarios
    List,
    /// What `only` starts on the generator's core
    #[command(hide = true)]
    Run {
        /// Names; none = all
        scenarios: Vec<String>,
    },
    /// The least server that stores durably, to compare with
    #[command(hide = true)]
    Bare {
        /// Folder of its database
        #[arg(long)]
        data: PathBuf,
        /// Address to listen on
        #[arg(long)]
        listen: SocketAddr,
    },
}

/// Who is there. The same values for `prepare` and `load`.
#[derive(Debug, Clone, Args)]
pub struct Plan {
    /// Data folder of the relay
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Address that the relay listens on (loopback)
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8420")]
    pub listen: SocketAddr,
    /// Users, connected one device each
    #[arg(long, default_value_t = 500)]
    pub users: usize,
    /// Members of each conversation: 2 = pairs, more = groups
    #[arg(long, default_value_t = 2)]
    pub members: usize,
}

/// How they send.
#[derive(Debug, Clone, Args)]
pub struct LoadArgs {
    /// Who is there.
    #[command(flatten)]
    pub plan: Plan,
    /// Messages of one sender that wait for their answer at a time; 0 = nobody sends
    #[arg(long, default_value_t = 1)]
    pub window: usize,
    /// Users that send, from the first on; 0 = all
    #[arg(long, default_value_t = 0)]
    pub senders: usize,
    /// Bytes of ciphertext
    #[arg(long, default_value_t = 1024)]
    pub size: usize,
    /// Messages per second of all senders together; 0 = as fast as the window lets them
    #[arg(long, default_value_t = 0)]
    pub pace: u64,
    /// Seconds that are measured
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Process id of the relay, for CPU per message and memory per socket
    #[arg(long)]
    pub relay_pid: Option<u32>,
    /// Talk to the bare log instead of the relay
    #[arg(long, hide = true)]
    pub bare: bool,
}

impl Plan {
    /// Origin of the relay on loopback.
    fn origin(&self) -> String {
        format!("http://{}", self.listen)
    }
}
