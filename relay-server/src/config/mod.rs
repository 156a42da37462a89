//! Settings: flags win over environment, environment over the file, the file over defaults.

mod file;
mod limit;
mod listen;
mod mail;

use std::path::PathBuf;

use chatty_protocol::limits;

use crate::store::sqlite::RESERVE_BYTES;

pub use file::ConfigFile;
pub use limit::LimitConfig;
pub use listen::{ListenConfig, TlsConfig};
pub use mail::MailConfig;

/// Everything that a relay needs to know before it starts.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of the database, mails and keys; made when it is missing.
    pub data: PathBuf,
    /// Address, public origin, TLS.
    pub listen: ListenConfig,
    /// Folder of the browser build, served beside the API.
    pub ui: Option<PathBuf>,
    /// Whether a new account may be used without a code from its mail.
    pub open_signup_without_mail: bool,
    /// Sender of mails.
    pub mail: MailConfig,
    /// Limits that an operator may change.
    pub limits: LimitConfig,
    /// Ciphertext is kept for this time, milliseconds.
    pub retention_ms: u64,
    /// A socket that takes no bytes for this time is closed, milliseconds.
    pub stall_ms: u64,
    /// Time for the first frame of a socket, milliseconds.
    pub handshake_ms: u64,
    /// Size of the file that is given up when the disk is full, bytes.
    pub reserve_bytes: u64,
}

impl Config {
    /// The defaults for one person's relay on this machine.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: ListenConfig::default(),
            ui: None,
            open_signup_without_mail: false,
            mail: MailConfig::default(),
            limits: LimitConfig::default(),
            retention_ms: limits::RETENTION_MS,
            stall_ms: limits::STALL_MS,
            handshake_ms: limits::HANDSHAKE_MS,
            reserve_bytes: RESERVE_BYTES,
        }
    }

    /// A relay for tests: a free loopback port and sign-up without mail.
    pub fn for_tests(data: impl Into<PathBuf>) -> Self {
        let mut config = Self::new(data);
        config.listen.address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        config.open_signup_without_mail = true;
        config.limits.sign_ups_per_range_hour = u32::MAX;
        config.limits.anonymous_per_minute = u32::MAX;
        config.limits.log_ins_per_account = 1_000;
        config.reserve_bytes = 4096;
        config
    }
}

/// A setting that makes no sense, with what to change.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML of the expected shape.
    #[error("the settings file {path} is wrong: {source}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// The origin is not one.
    #[error("--origin: {0}")]
    Origin(#[from] chatty_protocol::origin::OriginError),
    /// No origin can be derived from the address.
    #[error(
        "the relay listens on {0}, which others can reach: say under which address, for example \
         --origin https://chat.example.org"
    )]
    OriginMissing(std::net::SocketAddr),
    /// Only one half of the TLS pair is given.
    #[error("--tls-cert and --tls-key go together: give both or neither")]
    HalfTls,
}
