//! D14: no token, handle or address in any log line or URL.

use std::io;
use std::sync::{Arc, Mutex};

use chatty_protocol::rest::ResetPassword;
use reqwest::Method;
use tracing_subscriber::fmt::MakeWriter;

use super::accounts::with_mail;
use super::email::{resend, verify};
use super::sessions::refresh;
use crate::kit::direct::log_in;
use crate::kit::person::PASSWORD;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Set in the child process.
const CHILD: &str = "CHATTY_TEST_D14";

/// In a process of its own: log subscribers of one process get in each other's way.
#[test]
fn d14_logs_and_metrics_name_nobody_and_hold_no_token() {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "routes::d14::child_writes_a_log_and_reads_it"]);
    let output = child.env(CHILD, "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[tokio::test]
async fn child_writes_a_log_and_reads_it() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let lines = Lines::default();
    let log = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .finish();
    // The relay's tasks run on this thread, so they all write here.
    let _guard = tracing::subscriber::set_default(log);
    let relay = with_mail().await;
    let anna = relay.sign_up("canary_anna").await;
    let device = anna.first();
    let code = relay.mail_to("canary_anna@mail.example").await.code();
    verify(&relay, device, "000000").await;
    resend(&relay, device).await;
    assert_eq!(verify(&relay, device, &code).await.status, 204);
    log_in(&relay, "canary_anna@mail.example", "canary password", None).await;
    log_in(&relay, "canary_anna", PASSWORD, None).await;
    relay.get(device, "/users/by-handle/canary_anna").await;
    relay
        .get(device, &format!("/users/{}/log", anna.user))
        .await;
    relay.get(device, "/users/by-handle/%ff").await;
    let ticket = relay.ticket(device).await;
    let token = device.refresh_token.clone();
    refresh(&relay, device, &token, true).await;
    refresh(&relay, device, &token, false).await;
    let body = ResetPassword {
        email: "canary_anna@mail.example".into(),
    };
    relay
        .call(Method::POST, "/account/reset", "", Some(&body))
        .await;
    relay.mails().await;
    let url = format!("{}/metrics", relay.base());
    let metrics = relay
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    // Only our own lines: the client of this test logs what it sends.
    let ours: Vec<_> = log
        .lines()
        .filter(|line| line.contains("chatty_relay"))
        .collect();
    assert!(
        ours.iter()
            .any(|line| line.contains("/v1/users/by-handle/{handle}")),
        "{log}"
    );
    let text = format!("{}\n{metrics}", ours.join("\n"));
    let user = anna.user.to_string();
    let secrets = [
        "canary_anna",
        "mail.example",
        PASSWORD,
        "canary password",
        &code,
        &ticket,
        &token,
        &user,
        &device.access_token,
        &device.sid,
        "127.0.0.1:",
    ];
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
