//! TLS by rustls, for a relay without a proxy in front.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config::TlsConfig;

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is missing or not PEM.
    #[error("{path}: {source}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rustls_pki_types::pem::Error,
    },
    /// An RSA key: no private-key RSA runs in this process (D17).
    #[error("{0} holds an RSA key; make an ECDSA or Ed25519 one")]
    Rsa(PathBuf),
    /// Certificate and key do not fit together.
    #[error("certificate and key: {0}")]
    Rustls(#[from] rustls::Error),
}

/// Certificate and key, ready to accept.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl Tls {
    /// Reads both files.
    pub fn load(config: &TlsConfig) -> Result<Self, TlsError> {
        let pem = |path: &PathBuf| {
            let path = path.clone();
            move |source| TlsError::Pem { path, source }
        };
        let chain = CertificateDer::pem_file_iter(&config.cert)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(pem(&config.cert))?;
        let key = PrivateKeyDer::from_pem_file(&config.key).map_err(pem(&config.key))?;
        if is_rsa(&key) {
            return Err(TlsError::Rsa(config.key.clone()));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(server))))
    }

    /// The handshake of one connection.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.0.accept(stream).await
    }
}

fn is_rsa(key: &PrivateKeyDer<'_>) -> bool {
    /// The object identifier 1.2.840.113549.1.1.1 in DER.
    const RSA_ENCRYPTION: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    match key {
        PrivateKeyDer::Pkcs1(_) => true,
        PrivateKeyDer::Pkcs8(der) => {
            let der = der.secret_pkcs8_der();
            der.windows(RSA_ENCRYPTION.len())
                .take(32)
                .any(|part| part == RSA_ENCRYPTION)
        }
        _ => false,
    }
}
