//! D6: neither text nor status nor work tells whether an account exists.

use std::time::{Duration, Instant};

use chatty_protocol::ErrorCode;
use chatty_protocol::rest::{ResetPassword, SignedUp};
use reqwest::Method;

use super::accounts::with_mail;
use super::email::{resend, verify};
use crate::kit::direct::{log_in, sign_up_body};
use crate::kit::person::PASSWORD;
use crate::kit::{Person, TestRelay};

/// Trials of each kind: the page's 1,000 belong to the soak.
fn trials() -> usize {
    match std::env::var_os("CHATTY_SOAK") {
        Some(_) => 1_000,
        None => 60,
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Prints the gap of the medians, and fails when one kind takes twice as long as the other: both
/// were measured in turns within one run. The page's 5 ms are for a machine of its own.
fn say(what: &str, known: Vec<Duration>, unknown: Vec<Duration>) {
    let (known, unknown) = (median(known), median(unknown));
    let gap = known.abs_diff(unknown);
    println!("d6 {what}: known {known:?}, unknown {unknown:?}, gap {gap:?} (target < 5 ms)");
    assert!(
        gap < known.min(unknown),
        "{what}: {known:?} and {unknown:?}"
    );
}

#[tokio::test]
async fn d6_a_wrong_password_and_an_unknown_login_answer_alike() {
    let relay = TestRelay::start_with(|c| c.limits.log_ins_per_account = 5_000).await;
    relay.sign_up("anna").await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..trials() {
        let before = relay.app.hasher.computed();
        let begun = Instant::now();
        let wrong = log_in(&relay, "anna", "a wrong password", None).await;
        known.push(begun.elapsed());
        let begun = Instant::now();
        let nobody = log_in(&relay, "nobody_here", "a wrong password", None).await;
        unknown.push(begun.elapsed());
        assert_eq!((wrong.status, &wrong.body), (nobody.status, &nobody.body));
        assert_eq!(wrong.code(), ErrorCode::Unauthorised);
        assert_eq!(relay.app.hasher.computed(), before + 2, "one hash each");
    }
    say("log-in", known, unknown);
}

#[tokio::test]
async fn d6_log_in_budgets_are_the_same_for_known_and_unknown() {
    let relay = TestRelay::start_with(|c| c.limits.log_ins_per_account = 3).await;
    relay.sign_up("anna").await;
    for login in ["anna", "nobody_here", "nobody@mail.example"] {
        for _ in 0..3 {
            let answer = log_in(&relay, login, "a wrong password", None).await;
            assert_eq!(answer.code(), ErrorCode::Unauthorised);
        }
        let over = log_in(&relay, login, PASSWORD, None).await.error();
        assert_eq!(over.code, ErrorCode::RateLimited);
        assert!(over.retry_after_ms.is_some());
    }
    // The other name of the same account has no budget of its own.
    let by_mail = log_in(&relay, "anna@mail.example", PASSWORD, None).await;
    assert_eq!(by_mail.code(), ErrorCode::RateLimited);
}

/// What a sign-up answers, without the values that differ between any two.
fn shape(answer: &crate::kit::rest::Answer) -> (u16, Vec<String>, bool, u64, String) {
    let value: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let keys = value.as_object().unwrap().keys().cloned().collect();
    let body: SignedUp = answer.json();
    (
        answer.status,
        keys,
        body.verified,
        body.tokens.expires_in_ms,
        body.tokens.scope,
    )
}

#[tokio::test]
async fn d6_a_known_address_signs_up_like_any_other() {
    for open in [false, true] {
        let relay = TestRelay::start_with(|c| c.open_signup_without_mail = open).await;
        let anna = relay.sign_up("anna").await;
        if !open {
            let code = relay.mail_to("anna@mail.example").await.code();
            assert_eq!(verify(&relay, anna.first(), &code).await.status, 204);
        }
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for n in 0..5 {
            let mut times = [&mut known, &mut unknown];
            let mut shapes = Vec::new();
            let addresses = [
                "anna@mail.example".to_owned(),
                format!("fresh{n}@mail.example"),
            ];
            for (times, email) in times.iter_mut().zip(addresses) {
                let mut body = sign_up_body(&Person::new(&format!("p{n}_{}", email.len())));
                body.email = email;
                let begun = Instant::now();
                let answer = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
                times.push(begun.elapsed());
                shapes.push(shape(&answer));
            }
            assert_eq!(shapes[0], shapes[1], "open sign-up: {open}");
        }
        say("sign-up", known, unknown);
    }
}

#[tokio::test]
async fn d6_a_shadow_account_behaves_like_an_unverified_one() {
    let relay = with_mail().await;
    let anna = relay.sign_up("anna").await;
    let code = relay.mail_to("anna@mail.example").await.code();
    assert_eq!(verify(&relay, anna.first(), &code).await.status, 204);
    relay.clock.advance(1);
    let mut shadow = Person::new("shadow");
    let mut body = sign_up_body(&shadow);
    body.email = "Anna@Mail.Example".into();
    let answer = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
    shadow.devices[0].take(answer.json::<SignedUp>().tokens);
    // The owner hears of it, and gets no code for it.
    let mail = relay.mail_to("anna@mail.example").await;
    assert!(mail.six_digits().is_empty(), "{}", mail.text);
    assert_eq!(
        relay.get(shadow.first(), "/blocks").await.code(),
        ErrorCode::NotVerified
    );
    assert_eq!(
        verify(&relay, shadow.first(), "000000").await.code(),
        ErrorCode::CodeWrong
    );
    assert_eq!(
        resend(&relay, shadow.first()).await.code(),
        ErrorCode::RateLimited
    );
    relay
        .clock
        .advance(chatty_protocol::limits::EMAIL_RESEND_MS);
    assert_eq!(resend(&relay, shadow.first()).await.status, 204);
}

#[tokio::test]
async fn d6_a_reset_answers_alike_for_every_address() {
    let relay = TestRelay::start().await;
    relay.sign_up("anna").await;
    let mut answers = Vec::new();
    for email in ["anna@mail.example", "nobody@mail.example"] {
        let body = ResetPassword {
            email: email.into(),
        };
        let answer = relay
            .call(Method::POST, "/account/reset", "", Some(&body))
            .await;
        answers.push((answer.status, answer.body));
    }
    assert_eq!(answers[0], answers[1]);
    let mails = relay.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "anna@mail.example");
}
