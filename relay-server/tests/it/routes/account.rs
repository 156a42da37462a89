//! `/account/password`, `DELETE /account`

use chatty_protocol::ErrorCode;
use chatty_protocol::device_log::DeviceOp;
use chatty_protocol::limits::{DAY_MS, HANDLE_RELEASED_MS, REPLACE_AIK_WAIT_MS};
use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{ChangePassword, DeleteAccount, LoggedIn, SignUp, Wait};
use reqwest::Method;

use crate::kit::direct::{log_in, open_session, proof, sign_up_body};
use crate::kit::person::PASSWORD;
use crate::kit::rest::Answer;
use crate::kit::{Device, Person, TestRelay};

async fn change(relay: &TestRelay, device: &Device, old: &str, new: &str) -> Answer {
    let body = ChangePassword {
        old: old.into(),
        new: new.into(),
    };
    relay
        .call(
            Method::PUT,
            "/account/password",
            &device.access_token,
            Some(&body),
        )
        .await
}

async fn delete(relay: &TestRelay, device: &Device, body: &DeleteAccount) -> Answer {
    relay
        .call(Method::DELETE, "/account", &device.access_token, Some(body))
        .await
}

/// Deletes at once, with proof and close entry.
async fn close(relay: &TestRelay, person: &Person) -> Answer {
    let entry = person.signed(DeviceOp::Close, Some(0));
    let body = DeleteAccount {
        password: None,
        proof: Some(proof(relay, person.first(), Purpose::Close).await),
        entry: Some(entry.to_bytes().into()),
    };
    delete(relay, person.first(), &body).await
}

async fn sign_up_again(relay: &TestRelay, handle: &str) -> Answer {
    let body: SignUp = sign_up_body(&Person::new(handle));
    relay.call(Method::POST, "/accounts", "", Some(&body)).await
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let other: LoggedIn = log_in(&relay, "anna", PASSWORD, None).await.json();
    let wrong = change(&relay, anna.first(), "a wrong password", "a new password").await;
    assert_eq!(wrong.code(), ErrorCode::NotAllowed);
    let short = change(&relay, anna.first(), PASSWORD, "short").await;
    assert_eq!(short.code(), ErrorCode::Malformed);
    assert_eq!(
        change(&relay, anna.first(), PASSWORD, "a new password")
            .await
            .status,
        204
    );
    assert_eq!(relay.get(anna.first(), "/account").await.status, 200);
    let token = &other.tokens.access_token;
    let ended = relay.call::<()>(Method::GET, "/account", token, None).await;
    assert_eq!(ended.code(), ErrorCode::Unauthorised);
    assert_eq!(
        log_in(&relay, "anna", PASSWORD, None).await.code(),
        ErrorCode::Unauthorised
    );
    assert_eq!(
        log_in(&relay, "anna", "a new password", None).await.status,
        200
    );
}

#[tokio::test]
async fn proof_and_close_entry_delete_at_once_and_block_the_handle() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    assert_eq!(close(&relay, &anna).await.status, 204);
    assert_eq!(
        relay.get(anna.first(), "/account").await.code(),
        ErrorCode::Unauthorised
    );
    assert_eq!(
        log_in(&relay, "anna", PASSWORD, None).await.code(),
        ErrorCode::Unauthorised
    );
    // The log stays, so that everybody sees that it was closed.
    let log = relay
        .get(ben.first(), &format!("/users/{}/log", anna.user))
        .await;
    assert_eq!(
        log.json::<chatty_protocol::rest::LogPage>().entries.len(),
        2
    );
    let found = relay.get(ben.first(), "/users/by-handle/anna").await;
    assert_eq!(found.code(), ErrorCode::NotFound);
    assert_eq!(
        sign_up_again(&relay, "anna").await.code(),
        ErrorCode::HandleTaken
    );
    relay.clock.advance(HANDLE_RELEASED_MS + 1);
    assert_eq!(sign_up_again(&relay, "anna").await.status, 201);
}

#[tokio::test]
async fn a_deletion_needs_the_own_proof_and_the_own_entry() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let entry = anna.signed(DeviceOp::Close, Some(0)).to_bytes();
    let body = DeleteAccount {
        password: None,
        proof: Some(proof(&relay, ben.first(), Purpose::Close).await),
        entry: Some(entry.clone().into()),
    };
    assert_eq!(
        delete(&relay, anna.first(), &body).await.code(),
        ErrorCode::ProofRequired
    );
    let body = DeleteAccount {
        password: None,
        proof: Some(proof(&relay, ben.first(), Purpose::Close).await),
        entry: Some(entry.into()),
    };
    assert_eq!(
        delete(&relay, ben.first(), &body).await.code(),
        ErrorCode::NotAllowed
    );
    let nothing = DeleteAccount {
        password: None,
        proof: None,
        entry: None,
    };
    assert_eq!(
        delete(&relay, anna.first(), &nothing).await.code(),
        ErrorCode::Malformed
    );
    assert_eq!(relay.get(anna.first(), "/account").await.status, 200);
}

#[tokio::test]
async fn a_password_deletes_after_seven_days() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let body = DeleteAccount {
        password: Some(PASSWORD.into()),
        proof: None,
        entry: None,
    };
    let answer = delete(&relay, anna.first(), &body).await;
    assert_eq!(answer.status, 202);
    assert_eq!(
        answer.json::<Wait>().due_ms,
        relay.now_ms() + REPLACE_AIK_WAIT_MS
    );
    relay.clock.advance(6 * DAY_MS);
    relay.relay.run_due().await.unwrap();
    open_session(&relay, "anna", &mut anna.devices[0]).await;
    relay.clock.advance(DAY_MS);
    relay.relay.run_due().await.unwrap();
    assert_eq!(
        log_in(&relay, "anna", PASSWORD, None).await.code(),
        ErrorCode::Unauthorised
    );
}
