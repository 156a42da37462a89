//! `/metrics`: what is counted, and that nothing in it names anybody.

use chatty_protocol::ErrorCode;
use chatty_protocol::rest::LogIn;
use reqwest::Method;

use crate::kit::{TestRelay, TestSocket};

/// Value of a line that begins with `name` and, for families, holds all of `labels`.
fn value(page: &str, name: &str, labels: &[&str]) -> Option<f64> {
    let line = page.lines().find(|line| {
        let whole = line.starts_with(&format!("{name} ")) || line.starts_with(&format!("{name}{{"));
        whole && labels.iter().all(|label| line.contains(label))
    })?;
    line.rsplit(' ').next()?.parse().ok()
}

#[tokio::test]
async fn every_counter_moves_with_what_it_counts() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    for n in 1..=4 {
        a.send_and_wait(&chat.message(n)).await.unwrap();
    }
    let mut wrong = chat.message(5);
    wrong.ct = vec![0; 100 * 1024].into();
    assert_eq!(a.send_and_wait(&wrong).await, Err(ErrorCode::TooLarge));
    let page = relay.metrics().await;
    let get = |name, labels: &[&str]| {
        value(&page, name, labels).unwrap_or_else(|| panic!("{name}: {page}"))
    };
    assert!(get("chatty_store_commits_total", &[]) >= 4.0);
    // Two entries of the conversation and four messages, and whatever else grew.
    assert!(get("chatty_store_rows_total", &[]) >= 6.0);
    for quiet in [
        "store_hole_total",
        "store_commit_errors_total",
        "store_full",
        "store_read_only",
    ] {
        assert!(
            page.contains(&format!("\nchatty_{quiet} 0\n")),
            "{quiet}: {page}"
        );
    }
    assert!((get("chatty_sockets", &[]) - 1.0).abs() < 0.1);
    assert!(get("chatty_frames_in_total", &[]) >= 5.0);
    assert!(get("chatty_refusals_total", &["too_large"]) >= 1.0);
    let signed_up = ["POST", "/v1/accounts", "201"];
    assert!((get("chatty_http_requests_total", &signed_up) - 2.0).abs() < 0.1);
    assert!(get("chatty_http_seconds_count", &[]) >= 3.0);
    a.drop_dead();
}

#[tokio::test]
async fn nothing_in_them_names_anybody() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna_miller").await;
    relay
        .get(anna.first(), "/users/by-handle/anna_miller")
        .await;
    let unknown = LogIn {
        login: "someone@mail.example".into(),
        password: "wrong password".into(),
        proof: None,
    };
    relay
        .call(Method::POST, "/sessions", "", Some(&unknown))
        .await;
    // A path that nobody mounted is counted without its text.
    let url = format!("{}/anna_miller/127.0.0.1", relay.base());
    relay.http.get(url).send().await.unwrap();
    let page = relay.metrics().await;
    let own = [anna.user.to_string(), anna.first().id.to_string()];
    for text in ["anna_miller", "mail.example", "127.0.0.1", &own[0], &own[1]] {
        assert!(!page.contains(text), "{text}: {page}");
    }
}
