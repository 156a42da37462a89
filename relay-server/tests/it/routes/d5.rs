//! D5: an account made beforehand with somebody else's address owns nothing.

use chatty_protocol::ErrorCode;
use chatty_protocol::rest::SignedUp;
use reqwest::Method;

use super::accounts::with_mail;
use super::email::verify;
use crate::kit::direct::{log_in, sign_up_body};
use crate::kit::person::PASSWORD;
use crate::kit::{Person, TestRelay};

async fn sign_up_as(relay: &TestRelay, handle: &str, email: &str) -> Person {
    let mut person = Person::new(handle);
    let mut body = sign_up_body(&person);
    body.email = email.into();
    let answer = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
    person.devices[0].take(answer.json::<SignedUp>().tokens);
    person
}

#[tokio::test]
async fn d5_the_owner_of_the_address_wins_over_an_earlier_claim() {
    let relay = with_mail().await;
    let mallory = sign_up_as(&relay, "mallory", "anna@mail.example").await;
    let stolen = relay.mail_to("anna@mail.example").await.code();
    relay.clock.advance(1);
    let anna = sign_up_as(&relay, "anna", "anna@mail.example").await;
    let code = relay.mail_to("anna@mail.example").await.code();
    assert_eq!(verify(&relay, anna.first(), &code).await.status, 204);
    // Mallory's claim is worth nothing, even with the code that went to Anna.
    let late = verify(&relay, mallory.first(), &stolen).await;
    assert!(matches!(
        late.code(),
        ErrorCode::CodeWrong | ErrorCode::Unauthorised
    ));
    // The address logs in to Anna's account.
    let answer = log_in(&relay, "anna@mail.example", PASSWORD, None).await;
    assert_eq!(
        answer.json::<chatty_protocol::rest::LoggedIn>().user,
        anna.user
    );
}

#[tokio::test]
async fn d5_verification_ends_earlier_sessions() {
    let relay = with_mail().await;
    let anna = relay.sign_up("anna").await;
    let other = log_in(&relay, "anna", PASSWORD, None).await;
    let other = other
        .json::<chatty_protocol::rest::LoggedIn>()
        .tokens
        .access_token;
    let code = relay.mail_to("anna@mail.example").await.code();
    assert_eq!(verify(&relay, anna.first(), &code).await.status, 204);
    let answer = relay
        .call::<()>(Method::GET, "/account", &other, None)
        .await;
    assert_eq!(answer.code(), ErrorCode::Unauthorised);
    assert_eq!(relay.get(anna.first(), "/account").await.status, 200);
}
