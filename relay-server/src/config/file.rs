//! The TOML file: the same settings as the flags, all optional.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Config, ConfigError, LimitConfig, MailConfig, TlsConfig};

/// Contents of `--config FILE`; an unknown key is an error, so that a typo is not a default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfigFile {
    /// Folder of the database, mails and keys.
    pub data: Option<PathBuf>,
    /// Address to bind.
    pub listen: Option<SocketAddr>,
    /// Public origin.
    pub origin: Option<String>,
    /// Folder of the browser build.
    pub ui: Option<PathBuf>,
    /// Certificate and key.
    pub tls: Option<TlsConfig>,
    /// Web origins whose pages may open a socket.
    pub allowed_origins: Vec<String>,
    /// A reverse proxy stands in front.
    pub behind_proxy: bool,
    /// Whether sign-up needs no mail.
    pub open_signup_without_mail: bool,
    /// Sender of mails.
    pub mail: MailConfig,
    /// Limits.
    pub limits: LimitConfig,
    /// Ciphertext is kept for this many days.
    pub retention_days: Option<u64>,
}

impl ConfigFile {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| ConfigError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    /// Lays the file over the defaults.
    pub fn apply(self, config: &mut Config) {
        if let Some(data) = self.data {
            config.data = data;
        }
        if let Some(listen) = self.listen {
            config.listen.address = listen;
        }
        config.listen.origin = self.origin;
        config.ui = self.ui;
        config.listen.tls = self.tls;
        config.listen.allowed_origins = self.allowed_origins;
        config.listen.behind_proxy = self.behind_proxy;
        config.open_signup_without_mail = self.open_signup_without_mail;
        config.mail = self.mail;
        config.limits = self.limits;
        if let Some(days) = self.retention_days {
            config.retention_ms = days.saturating_mul(chatty_protocol::limits::DAY_MS);
        }
    }
}
