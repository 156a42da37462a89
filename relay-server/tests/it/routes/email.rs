//! `/email/verify` and `/email/resend`

use chatty_protocol::ErrorCode;
use chatty_protocol::limits::{
    EMAIL_CODE_MS, EMAIL_CODE_TRIES, EMAIL_RESEND_MS, EMAIL_SENDS_PER_DAY,
};
use chatty_protocol::rest::{Me, VerifyEmail};
use reqwest::Method;

use super::accounts::with_mail;
use crate::kit::rest::Answer;
use crate::kit::{Device, TestRelay};

pub async fn verify(relay: &TestRelay, device: &Device, code: &str) -> Answer {
    let body = VerifyEmail {
        code: code.to_owned(),
    };
    relay.post(device, "/email/verify", &body).await
}

pub async fn resend(relay: &TestRelay, device: &Device) -> Answer {
    relay
        .call::<()>(Method::POST, "/email/resend", &device.access_token, None)
        .await
}

#[tokio::test]
async fn the_code_stands_alone_in_a_plain_mail_and_verifies() {
    let relay = with_mail().await;
    let anna = relay.sign_up("anna123456").await;
    let mail = relay.mail_to("anna123456@mail.example").await;
    assert!(
        mail.text.contains("Content-Type: text/plain"),
        "{}",
        mail.text
    );
    let code = mail.code();
    // The address is the user's own; nothing else in the mail looks like a code.
    let others: Vec<_> = mail
        .six_digits()
        .into_iter()
        .filter(|run| run != "123456")
        .collect();
    assert_eq!(others, std::slice::from_ref(&code));
    assert_eq!(verify(&relay, anna.first(), &code).await.status, 204);
    let me: Me = relay.get(anna.first(), "/account").await.json();
    assert!(me.verified_email);
    // Again is harmless, a new code is not needed.
    assert_eq!(verify(&relay, anna.first(), &code).await.status, 204);
    assert_eq!(
        resend(&relay, anna.first()).await.code(),
        ErrorCode::Conflict
    );
}

#[tokio::test]
async fn five_wrong_tries_kill_a_code() {
    let relay = with_mail().await;
    let anna = relay.sign_up("anna").await;
    let code = relay.mail_to("anna@mail.example").await.code();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..EMAIL_CODE_TRIES {
        let answer = verify(&relay, anna.first(), wrong).await;
        assert_eq!((answer.status, answer.code()), (422, ErrorCode::CodeWrong));
    }
    assert_eq!(
        verify(&relay, anna.first(), &code).await.code(),
        ErrorCode::CodeExpired
    );
    for bad in ["", "12345", "1234567", "12345a", "１２３４５６"] {
        assert_eq!(
            verify(&relay, anna.first(), bad).await.code(),
            ErrorCode::Malformed,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn a_code_ends_after_fifteen_minutes() {
    let relay = with_mail().await;
    let mut anna = relay.sign_up("anna").await;
    let code = relay.mail_to("anna@mail.example").await.code();
    relay.clock.advance(EMAIL_CODE_MS);
    crate::kit::direct::open_session(&relay, "anna", &mut anna.devices[0]).await;
    assert_eq!(
        verify(&relay, anna.first(), &code).await.code(),
        ErrorCode::CodeExpired
    );
}

#[tokio::test]
async fn a_new_code_voids_the_old_one_and_comes_at_most_five_times_a_day() {
    let relay = with_mail().await;
    let anna = relay.sign_up("anna").await;
    let first = relay.mail_to("anna@mail.example").await.code();
    let early = resend(&relay, anna.first()).await.error();
    assert_eq!(early.code, ErrorCode::RateLimited);
    assert_eq!(early.retry_after_ms, Some(EMAIL_RESEND_MS));
    for sent in 2..=EMAIL_SENDS_PER_DAY {
        relay.clock.advance(EMAIL_RESEND_MS);
        assert_eq!(
            resend(&relay, anna.first()).await.status,
            204,
            "mail {sent}"
        );
        // Written before the clock moves on: files of one millisecond have no order.
        relay.mails().await;
    }
    relay.clock.advance(EMAIL_RESEND_MS);
    assert_eq!(
        resend(&relay, anna.first()).await.code(),
        ErrorCode::RateLimited
    );
    let newest = relay.mail_to("anna@mail.example").await.code();
    if first != newest {
        assert_eq!(
            verify(&relay, anna.first(), &first).await.code(),
            ErrorCode::CodeWrong
        );
    }
    assert_eq!(verify(&relay, anna.first(), &newest).await.status, 204);
}
