//! Starting: what a relay refuses to start on, and what it then says.

use std::fs;
use std::path::Path;
use std::process::Command;

use chatty_relay::config::{Config, TlsConfig};
use chatty_relay::ops::doctor::{self, Depth};
use chatty_relay::{Deps, build};

use crate::kit::relay::DATABASE;
use crate::kit::{TestRelay, TestSocket};

async fn refusal(config: Config) -> String {
    match build(config, Deps::default()).await {
        Ok(_) => panic!("it starts"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_damaged_database_names_the_way_out() {
    let relay = TestRelay::start().await;
    relay.sign_up("anna").await;
    let (_dir, config) = relay.leave().await;
    let path = config.data.join(DATABASE);
    let whole = fs::read(&path).unwrap();
    let mut headless = whole.clone();
    headless[..100].fill(0x5a);
    let mut scratched = whole.clone();
    scratched[4096..3 * 4096].fill(0x5a);
    for (what, bytes) in [
        ("no header", headless),
        ("no schema", scratched),
        ("half a page", whole[..2048].to_vec()),
    ] {
        for beside in ["-wal", "-shm"] {
            let _absent = fs::remove_file(config.data.join(format!("{DATABASE}{beside}")));
        }
        fs::write(&path, bytes).unwrap();
        let said = refusal(config.clone()).await;
        for word in ["damaged", "doctor", "backup", "admin restored"] {
            assert!(said.contains(word), "{what}: {said}");
        }
        let report = doctor::examine(&config, Depth::Streams).await;
        assert!(
            report.to_string().contains("FAULT database"),
            "{what}: {report}"
        );
    }
}

#[tokio::test]
async fn wrong_tls_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let make = || rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (one, two) = (make(), make());
    let cert = write("cert.pem", &one.cert.pem());
    let key = write("key.pem", &one.signing_key.serialize_pem());
    let missing = folder.path().join("missing.pem");
    let wrong = [
        (missing.clone(), key.clone(), "missing.pem"),
        (cert.clone(), missing, "missing.pem"),
        (
            write("text.pem", "no certificate"),
            key.clone(),
            "certificate",
        ),
        (cert.clone(), write("empty.pem", ""), "empty.pem"),
        (cert.clone(), cert.clone(), "cert.pem"),
        (
            cert,
            write("other.pem", &two.signing_key.serialize_pem()),
            "certificate and key",
        ),
    ];
    for (cert, key, words) in wrong {
        let mut config = Config::for_tests(folder.path().join("data"));
        config.listen.tls = Some(TlsConfig { cert, key });
        let report = doctor::examine(&config, Depth::Deployment)
            .await
            .to_string();
        assert!(report.contains("FAULT TLS"), "{report}");
        let said = refusal(config).await;
        assert!(said.contains(words), "{words}: {said}");
        assert!(!said.contains("BEGIN"), "{said}");
    }
    assert!(
        !folder.path().join("data").join(DATABASE).exists(),
        "nothing was begun"
    );
}

/// Runs the program and gives what it said on stderr.
fn program(data: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_chatty-relay"))
        .args(arguments)
        .env("CHATTY_RELAY_DATA", data)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn the_program_refuses_with_one_line_that_helps() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(DATABASE), b"this is no database at all").unwrap();
    let wrong: [(&[&str], &str); 6] = [
        (&["serve", "--listen", "127.0.0.1:0"], "admin restored"),
        (&["serve", "--listen", "0.0.0.0:0"], "--origin https://"),
        (&["serve", "--tls-cert", "c.pem"], "go together"),
        (&["doctor", "--repair"], "--streams"),
        (&["doctor", "--streams"], "FAULT database"),
        (&["admin", "restored"], "damaged"),
    ];
    for (arguments, words) in wrong {
        let (done, said) = program(folder.path(), arguments);
        assert!(!done, "{arguments:?}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(
            !said.contains("panicked") && !said.contains("Error {"),
            "{said}"
        );
    }
    let (done, said) = program(&folder.path().join("nowhere"), &["admin", "stats"]);
    assert!(!done && said.contains("a relay database"), "{said}");
}

#[tokio::test]
async fn sign_up_without_mail_is_a_choice() {
    for open in [false, true] {
        let relay = TestRelay::start_with(|config| config.open_signup_without_mail = open).await;
        let anna = relay.sign_up("anna").await;
        let me: chatty_protocol::rest::Me = relay.get(anna.first(), "/account").await.json();
        assert_eq!(me.verified_email, open);
        assert_eq!(
            relay.mails().await.len(),
            usize::from(!open),
            "a mail only where a code is asked for"
        );
        if open {
            TestSocket::connect(&relay, anna.first())
                .await
                .0
                .settle()
                .await;
            relay.group(&[&anna]).await;
        } else {
            let refused = relay.get(anna.first(), "/conversations").await;
            assert_eq!(refused.code(), chatty_protocol::ErrorCode::NotVerified);
        }
    }
    assert!(
        !Config::new("data").open_signup_without_mail,
        "nobody gets it by chance"
    );
}
