//! D17: TLS by rustls only, and no RSA private key in the process.

use std::path::Path;

use chatty_relay::config::TlsConfig;
use chatty_relay::http::{Tls, TlsError};
use data_encoding::BASE64;

use crate::kit::TestRelay;

fn write(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn a_relay_with_a_certificate_speaks_tls() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let tls = TlsConfig {
        cert: write(folder.path(), "cert.pem", &made.cert.pem()),
        key: write(folder.path(), "key.pem", &made.signing_key.serialize_pem()),
    };
    let relay = TestRelay::start_with(|config| config.listen.tls = Some(tls)).await;
    assert!(relay.origin().starts_with("https://127.0.0.1:"));
    let root = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder()
        .tls_certs_only([root])
        .build()
        .unwrap();
    let url = format!("https://localhost:{}/healthz", relay.relay.addr.port());
    assert_eq!(
        client.get(&url).send().await.unwrap().text().await.unwrap(),
        "ok\n"
    );
    // Somebody who does not trust the certificate, or speaks plainly, gets nowhere.
    assert!(reqwest::Client::new().get(&url).send().await.is_err());
    assert!(
        relay
            .http
            .get(url.replace("https", "http"))
            .send()
            .await
            .is_err()
    );
}

#[test]
fn d17_an_rsa_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    // PKCS#8 with the RSA algorithm: enough to see what kind of key it is.
    let der = [
        0x30, 0x12, 2, 1, 0, 0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0,
    ];
    let pkcs8 = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64.encode(&der)
    );
    let pkcs1 = "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n";
    let cert = write(folder.path(), "cert.pem", &made.cert.pem());
    for key in [pkcs8.as_str(), pkcs1] {
        let config = TlsConfig {
            cert: cert.clone(),
            key: write(folder.path(), "key.pem", key),
        };
        assert!(matches!(Tls::load(&config), Err(TlsError::Rsa(_))));
    }
}
