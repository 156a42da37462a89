//! D16: hard caps before any driver, hash or decoder.

use chatty_protocol::ErrorCode;
use chatty_protocol::rest::{LogIn, SignUp};
use reqwest::Method;

use crate::kit::direct::sign_up_body;
use crate::kit::{Person, TestRelay};

#[tokio::test]
async fn d16_a_body_above_256_kib_is_refused() {
    let relay = TestRelay::start().await;
    let mut body = sign_up_body(&Person::new("anna"));
    body.password = "x".repeat(257 * 1024);
    let answer = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
    assert_eq!((answer.status, answer.code()), (413, ErrorCode::TooLarge));
}

#[tokio::test]
async fn d16_long_fields_reach_no_hash_and_no_table() {
    let relay = TestRelay::start().await;
    let long = "x".repeat(100_000);
    let body = LogIn {
        login: "anna".into(),
        password: long.clone(),
        proof: None,
    };
    let answer = relay.call(Method::POST, "/sessions", "", Some(&body)).await;
    assert_eq!(answer.code(), ErrorCode::TooLarge);
    let valid = sign_up_body(&Person::new("anna"));
    for body in [
        SignUp {
            handle: long.clone(),
            ..valid.clone()
        },
        SignUp {
            email: format!("{long}@mail.example"),
            ..valid.clone()
        },
        SignUp {
            entry: vec![0; 100_000].into(),
            ..valid
        },
    ] {
        let answer = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
        assert!(matches!(
            answer.code(),
            ErrorCode::Malformed | ErrorCode::TooLarge
        ));
    }
    assert_eq!(relay.app.hasher.computed(), 0);
    let stats = chatty_relay::ops::admin::stats(&relay.app.config.data).await;
    assert!(stats.unwrap().contains("accounts       0\n"));
}
