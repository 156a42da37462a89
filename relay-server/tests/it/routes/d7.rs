//! D7: a mailbox never opens messages. D8: nothing acts on GET, nothing logs anyone in.

use chatty_protocol::ErrorCode;
use chatty_protocol::limits::RESET_TOKEN_MS;
use chatty_protocol::rest::{ConfirmReset, LoggedIn, ResetPassword};
use reqwest::Method;

use crate::kit::TestRelay;
use crate::kit::direct::log_in;
use crate::kit::person::PASSWORD;
use crate::kit::rest::Answer;

async fn ask(relay: &TestRelay) -> String {
    let body = ResetPassword {
        email: "anna@mail.example".into(),
    };
    let answer = relay
        .call(Method::POST, "/account/reset", "", Some(&body))
        .await;
    assert_eq!(answer.status, 204);
    relay.mail_to("anna@mail.example").await.token()
}

async fn confirm(relay: &TestRelay, token: &str, password: &str) -> Answer {
    let body = ConfirmReset {
        token: token.into(),
        password: password.into(),
    };
    relay
        .call(Method::POST, "/account/reset/confirm", "", Some(&body))
        .await
}

#[tokio::test]
async fn d7_a_reset_ends_every_session_and_gives_scope_pending_only() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let token = ask(&relay).await;
    assert_eq!(token.len(), 43, "256 bits");
    assert_eq!(confirm(&relay, &token, "a new password").await.status, 204);
    assert_eq!(
        relay.get(anna.first(), "/account").await.code(),
        ErrorCode::Unauthorised
    );
    assert_eq!(
        log_in(&relay, "anna", PASSWORD, None).await.code(),
        ErrorCode::Unauthorised
    );
    let answer: LoggedIn = log_in(&relay, "anna", "a new password", None).await.json();
    assert_eq!(answer.tokens.scope, "pending");
    let again = confirm(&relay, &token, "third password").await;
    assert_eq!((again.status, again.code()), (422, ErrorCode::CodeExpired));
}

#[tokio::test]
async fn d7_a_token_ends_after_twenty_minutes_and_is_stored_hashed() {
    let relay = TestRelay::start().await;
    relay.sign_up("anna").await;
    let token = ask(&relay).await;
    for file in ["relay.db", "relay.db-wal"] {
        let bytes = std::fs::read(relay.app.config.data.join(file)).unwrap_or_default();
        let found = bytes
            .windows(token.len())
            .any(|part| part == token.as_bytes());
        assert!(!found, "the token stands in {file}");
    }
    relay.clock.advance(RESET_TOKEN_MS);
    let late = confirm(&relay, &token, "a new password").await;
    assert_eq!(late.code(), ErrorCode::CodeExpired);
    for bad in ["", "AAAA", &"A".repeat(43)] {
        assert_eq!(
            confirm(&relay, bad, "a new password").await.code(),
            ErrorCode::CodeExpired
        );
    }
}

#[tokio::test]
async fn d8_a_mail_scanner_that_follows_everything_changes_nothing() {
    let relay = TestRelay::start().await;
    relay.sign_up("anna").await;
    let token = ask(&relay).await;
    let mail = relay.mail_to("anna@mail.example").await;
    let links = mail
        .body()
        .split_whitespace()
        .filter(|word| word.starts_with("http"));
    for link in links {
        let _page = relay
            .http
            .get(link.trim_end_matches([':', '.']))
            .send()
            .await
            .unwrap();
    }
    for path in ["/account/reset", "/account/reset/confirm", "/email/verify"] {
        let answer = relay.call::<()>(Method::GET, path, "", None).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    // The token is unused, and no link carried it.
    assert_eq!(confirm(&relay, &token, "a new password").await.status, 204);
}

#[tokio::test]
async fn d8_a_code_works_in_the_session_that_asked_only() {
    let relay = super::accounts::with_mail().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let code = relay.mail_to("anna@mail.example").await.code();
    let other = super::email::verify(&relay, ben.first(), &code).await;
    assert_eq!(other.code(), ErrorCode::CodeWrong);
    let answer = super::email::verify(&relay, anna.first(), &code).await;
    assert_eq!(
        (answer.status, answer.body.len()),
        (204, 0),
        "nobody is logged in by it"
    );
}
