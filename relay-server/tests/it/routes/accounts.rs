//! `POST /accounts`

use chatty_protocol::ErrorCode;
use chatty_protocol::limits::{PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARS, UNVERIFIED_ACCOUNT_MS};
use chatty_protocol::rest::{Me, SignUp, SignedUp};
use reqwest::Method;

use crate::kit::direct::sign_up_body;
use crate::kit::{Person, TestRelay};

/// A relay that wants the code from the mail.
pub async fn with_mail() -> TestRelay {
    TestRelay::start_with(|config| config.open_signup_without_mail = false).await
}

async fn refused(relay: &TestRelay, change: impl FnOnce(&mut SignUp)) -> ErrorCode {
    let mut body = sign_up_body(&Person::new("somebody"));
    change(&mut body);
    relay
        .call(Method::POST, "/accounts", "", Some(&body))
        .await
        .code()
}

#[tokio::test]
async fn a_new_account_has_a_session() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let me: Me = relay.get(anna.first(), "/account").await.json();
    assert_eq!((me.user, me.handle.as_str()), (anna.user, "anna"));
    assert!(me.verified_email);
    assert_eq!(me.scope, "device");
}

#[tokio::test]
async fn a_handle_belongs_to_one_account() {
    let relay = TestRelay::start().await;
    relay.sign_up("anna").await;
    let taken = refused(&relay, |body| body.handle = "anna".into()).await;
    assert_eq!(taken, ErrorCode::HandleTaken);
    let reserved = refused(&relay, |body| body.handle = "admin".into()).await;
    assert_eq!(reserved, ErrorCode::HandleTaken);
}

#[tokio::test]
async fn what_is_no_handle_address_or_password_is_malformed() {
    let relay = TestRelay::start().await;
    for handle in ["", "ab", "Anna", "1anna", "an na", "änna", &"a".repeat(33)] {
        let code = refused(&relay, |body| body.handle = handle.into()).await;
        assert_eq!(code, ErrorCode::Malformed, "{handle}");
    }
    for email in [
        "",
        "anna",
        "a@b@c",
        "anna@",
        "a\r\nBcc: x@y.z",
        "ä@mail.example",
    ] {
        let code = refused(&relay, |body| body.email = email.into()).await;
        assert_eq!(code, ErrorCode::Malformed, "{email}");
    }
    let short = refused(&relay, |body| {
        body.password = "x".repeat(PASSWORD_MIN_CHARS - 1)
    })
    .await;
    assert_eq!(short, ErrorCode::Malformed);
    let long = refused(&relay, |body| {
        body.password = "x".repeat(PASSWORD_MAX_BYTES + 1)
    })
    .await;
    assert_eq!(long, ErrorCode::TooLarge);
}

#[tokio::test]
async fn the_first_entry_has_to_hold() {
    let relay = TestRelay::start().await;
    let forged = refused(&relay, |body| {
        let last = body.entry.0.len() - 1;
        body.entry.0[last] ^= 1;
    });
    assert_eq!(forged.await, ErrorCode::InvalidSignature);
    let cut = refused(&relay, |body| body.entry.0.truncate(40));
    assert_eq!(cut.await, ErrorCode::Malformed);
    let huge = refused(&relay, |body| body.entry.0 = vec![0; 20_000]);
    assert_eq!(huge.await, ErrorCode::TooLarge);
    assert_eq!(
        relay.app.hasher.computed(),
        0,
        "nothing was hashed for any of them"
    );
}

#[tokio::test]
async fn a_lost_answer_may_be_asked_for_again() {
    let relay = TestRelay::start().await;
    let body = sign_up_body(&Person::new("anna"));
    for _ in 0..2 {
        let answer = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
        answer.json::<SignedUp>();
    }
    let other = SignUp {
        password: "another password".into(),
        ..body
    };
    let answer = relay
        .call(Method::POST, "/accounts", "", Some(&other))
        .await;
    assert_eq!(answer.code(), ErrorCode::HandleTaken);
}

#[tokio::test]
async fn an_unverified_account_owns_nothing_and_ends_after_a_day() {
    let relay = with_mail().await;
    let anna = relay.sign_up("anna").await;
    let device = anna.first();
    let me: Me = relay.get(device, "/account").await.json();
    assert!(!me.verified_email);
    for path in [
        "/conversations",
        "/users/by-handle/anna",
        "/blocks",
        "/to-device",
        "/links",
    ] {
        assert_eq!(
            relay.get(device, path).await.code(),
            ErrorCode::NotVerified,
            "{path}"
        );
    }
    let ticket = relay
        .call::<()>(Method::POST, "/tickets", &device.access_token, None)
        .await;
    assert_eq!(ticket.code(), ErrorCode::NotVerified);
    // Keys and the own log are open to it.
    assert_eq!(relay.get(device, "/keys/count").await.status, 200);
    assert_eq!(
        relay
            .get(device, &format!("/users/{}/log", anna.user))
            .await
            .status,
        200
    );
    relay.clock.advance(UNVERIFIED_ACCOUNT_MS + 1);
    relay.relay.run_due().await.unwrap();
    assert_eq!(
        relay.get(device, "/account").await.code(),
        ErrorCode::TokenExpired
    );
    relay.sign_up("anna").await;
}

#[tokio::test]
async fn sign_ups_are_limited_per_address_range() {
    let relay = TestRelay::start_with(|c| c.limits.sign_ups_per_range_hour = 2).await;
    relay.sign_up("anna").await;
    relay.sign_up("ben").await;
    let third = refused(&relay, |_| {}).await;
    assert_eq!(third, ErrorCode::RateLimited);
    relay
        .clock
        .advance(chatty_protocol::limits::HOUR_MS / 2 + 1);
    relay.sign_up("carl").await;
}
