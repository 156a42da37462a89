//! Where the relay listens and under which name it is known.

use std::net::SocketAddr;
use std::path::PathBuf;

use chatty_protocol::origin;

use super::ConfigError;

/// Address, origin, TLS, allowed web origins.
#[derive(Debug, Clone)]
pub struct ListenConfig {
    /// Address to bind; port 0 takes a free one.
    pub address: SocketAddr,
    /// Public origin as clients know it; derived for loopback.
    pub origin: Option<String>,
    /// Certificate and key; without them TLS ends in front.
    pub tls: Option<TlsConfig>,
    /// Web origins whose pages may open a socket, besides the relay's own (D14).
    pub allowed_origins: Vec<String>,
    /// A reverse proxy stands in front: the last address in `X-Forwarded-For` is the client.
    pub behind_proxy: bool,
}

/// Files in PEM.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// Certificate chain.
    pub cert: PathBuf,
    /// Private key (Ed25519 or ECDSA; RSA keys are refused, D17).
    pub key: PathBuf,
}

impl Default for ListenConfig {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 8420)),
            origin: None,
            tls: None,
            allowed_origins: Vec::new(),
            behind_proxy: false,
        }
    }
}

impl ListenConfig {
    /// The canonical origin, given the address that was really bound.
    pub fn origin(&self, bound: SocketAddr) -> Result<String, ConfigError> {
        match &self.origin {
            Some(origin) => Ok(origin::canonical(origin)?),
            None if bound.ip().is_loopback() => {
                let scheme = if self.tls.is_some() { "https" } else { "http" };
                Ok(origin::canonical(&format!("{scheme}://{bound}"))?)
            }
            None => Err(ConfigError::OriginMissing(bound)),
        }
    }
}
