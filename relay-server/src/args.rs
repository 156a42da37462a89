//! The command line. Flags win over `CHATTY_RELAY_*`, those over the file.

use std::net::SocketAddr;
use std::path::PathBuf;

use chatty_relay::config::{Config, ConfigError, ConfigFile, TlsConfig};
use chatty_relay::ops::bench::BenchCommand;
use chatty_relay::ops::doctor::Depth;
use clap::{Args, Parser, Subcommand};

/// Data folder when none is named.
const DATA: &str = "chatty-data";

/// The Chatty relay: stores and forwards what it cannot read.
#[derive(Debug, Parser)]
#[command(name = "chatty-relay", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve people.
    Serve(ServeArgs),
    /// Check a deployment and name what is wrong.
    Doctor(DoctorArgs),
    /// Look after the data.
    Admin {
        /// Which care.
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Measure a relay of one's own; without a step every figure beside its target.
    Bench {
        /// Which step.
        #[command(subcommand)]
        command: Option<BenchCommand>,
    },
}

/// What to look at.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// The relay's settings.
    #[command(flatten)]
    pub serve: ServeArgs,
    /// Read every stream and inbox: holes, logs that do not verify, items without a recipient
    #[arg(long)]
    pub streams: bool,
    /// Mend what can be mended; lost rows become empty ones. The relay must be stopped
    #[arg(long, requires = "streams")]
    pub repair: bool,
}

impl DoctorArgs {
    /// How far to look.
    pub fn depth(&self) -> Depth {
        match (self.streams, self.repair) {
            (_, true) => Depth::Repair,
            (true, false) => Depth::Streams,
            (false, false) => Depth::Deployment,
        }
    }
}

/// Settings of a relay.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Folder of database, mails and keys
    #[arg(long, env = "CHATTY_RELAY_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, env = "CHATTY_RELAY_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Public address as people type it; needed unless the relay listens on loopback
    #[arg(long, env = "CHATTY_RELAY_ORIGIN", value_name = "URL")]
    pub origin: Option<String>,
    /// Folder of the browser build to serve beside the API (`cargo xtask web` makes one)
    #[arg(long, env = "CHATTY_RELAY_UI", value_name = "DIR")]
    pub ui: Option<PathBuf>,
    /// Let people sign up without the code from a mail
    #[arg(long, env = "CHATTY_RELAY_OPEN_SIGNUP_WITHOUT_MAIL")]
    pub open_signup_without_mail: bool,
    /// Sign-ups per address range and hour
    #[arg(long, env = "CHATTY_RELAY_SIGN_UPS_PER_HOUR", value_name = "N")]
    pub sign_ups_per_hour: Option<u32>,
    /// Certificate chain (PEM); without it TLS ends in a proxy in front
    #[arg(long, env = "CHATTY_RELAY_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM, ECDSA or Ed25519)
    #[arg(long, env = "CHATTY_RELAY_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Web origin whose pages may open a socket; may come several times
    #[arg(
        long,
        env = "CHATTY_RELAY_ALLOWED_ORIGIN",
        value_name = "URL",
        value_delimiter = ','
    )]
    pub allowed_origin: Vec<String>,
    /// A proxy in front appends the client's address to X-Forwarded-For
    #[arg(long, env = "CHATTY_RELAY_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Settings file (TOML)
    #[arg(long, env = "CHATTY_RELAY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Care of the data.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Write a consistent copy of the database of a running or stopped relay
    Backup {
        /// Data folder
        #[arg(long, env = "CHATTY_RELAY_DATA", value_name = "DIR", default_value = DATA)]
        data: PathBuf,
        /// File to write
        file: PathBuf,
    },
    /// Make a copy that was put back usable: it gets a new incarnation
    Restored {
        /// Data folder
        #[arg(long, env = "CHATTY_RELAY_DATA", value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// What is stored, in numbers
    Stats {
        /// Data folder
        #[arg(long, env = "CHATTY_RELAY_DATA", value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// When the disk will be full
    Forecast {
        /// Data folder
        #[arg(long, env = "CHATTY_RELAY_DATA", value_name = "DIR", default_value = DATA)]
        data: PathBuf,
        /// Ciphertext is kept for this many days
        #[arg(long, default_value_t = 365)]
        retention_days: u64,
    },
}

impl ServeArgs {
    /// Settings from file, environment and flags.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let mut config = Config::new(DATA);
        if let Some(path) = &self.config {
            ConfigFile::read(path)?.apply(&mut config);
        }
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        if let Some(listen) = self.listen {
            config.listen.address = listen;
        }
        if self.origin.is_some() {
            config.listen.origin.clone_from(&self.origin);
        }
        if self.ui.is_some() {
            config.ui.clone_from(&self.ui);
        }
        if let Some(sign_ups) = self.sign_ups_per_hour {
            config.limits.sign_ups_per_range_hour = sign_ups;
        }
        let own = self.allowed_origin.iter().cloned();
        config.listen.allowed_origins.extend(own);
        config.listen.behind_proxy |= self.behind_proxy;
        config.open_signup_without_mail |= self.open_signup_without_mail;
        match (&self.tls_cert, &self.tls_key) {
            (None, None) => {}
            (Some(cert), Some(key)) => {
                config.listen.tls = Some(TlsConfig {
                    cert: cert.clone(),
                    key: key.clone(),
                });
            }
            _ => return Err(ConfigError::HalfTls),
        }
        Ok(config)
    }
}
