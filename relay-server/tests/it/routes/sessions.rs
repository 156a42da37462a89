//! `/sessions`, `/challenge`, `/tickets`

use chatty_protocol::ErrorCode;
use chatty_protocol::limits::{ACCESS_TOKEN_MS, CHALLENGE_MS};
use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{LoggedIn, Me, Refresh, Tokens};
use reqwest::Method;

use crate::kit::direct::{log_in, proof};
use crate::kit::person::PASSWORD;
use crate::kit::rest::Answer;
use crate::kit::{Device, TestRelay};

pub async fn refresh(relay: &TestRelay, device: &Device, token: &str, with_proof: bool) -> Answer {
    let proof = match with_proof {
        true => Some(proof(relay, device, Purpose::Refresh).await),
        false => None,
    };
    let body = Refresh {
        refresh_token: token.to_owned(),
        proof,
    };
    relay
        .call(Method::POST, "/sessions/refresh", "", Some(&body))
        .await
}

#[tokio::test]
async fn a_password_alone_gives_scope_pending() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    for login in ["anna", "anna@mail.example", "ANNA@mail.example"] {
        let answer: LoggedIn = log_in(&relay, login, PASSWORD, None).await.json();
        assert_eq!(
            (answer.user, answer.tokens.scope.as_str()),
            (anna.user, "pending")
        );
        assert_eq!(answer.head.head(), Some(anna.log.head));
        let token = &answer.tokens.access_token;
        let me = relay.call::<()>(Method::GET, "/account", token, None).await;
        assert_eq!(me.json::<Me>().scope, "pending");
        let own_log = format!("/users/{}/log", anna.user);
        assert_eq!(
            relay
                .call::<()>(Method::GET, &own_log, token, None)
                .await
                .status,
            200
        );
        for path in [
            "/devices",
            "/conversations",
            "/keys/count",
            "/blocks",
            "/to-device",
        ] {
            let answer = relay.call::<()>(Method::GET, path, token, None).await;
            assert_eq!(answer.code(), ErrorCode::Scope, "{path}");
        }
    }
}

#[tokio::test]
async fn a_proof_is_for_one_purpose_one_relay_one_device_and_one_time() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let good = proof(&relay, anna.first(), Purpose::Login).await;
    let answer = log_in(&relay, "anna", PASSWORD, Some(good.clone())).await;
    assert_eq!(answer.json::<LoggedIn>().tokens.scope, "device");
    let again = log_in(&relay, "anna", PASSWORD, Some(good)).await;
    assert_eq!(again.code(), ErrorCode::ProofRequired);
    let other_purpose = proof(&relay, anna.first(), Purpose::Refresh).await;
    let other_device = proof(&relay, ben.first(), Purpose::Login).await;
    let mut other_time = proof(&relay, anna.first(), Purpose::Login).await;
    other_time.time += 1;
    let mut stranger = Device::new(anna.user);
    stranger.user = anna.user;
    let unknown_device = proof(&relay, &stranger, Purpose::Login).await;
    for bad in [other_purpose, other_device, other_time, unknown_device] {
        let answer = log_in(&relay, "anna", PASSWORD, Some(bad)).await;
        assert_eq!(answer.code(), ErrorCode::ProofRequired);
    }
    let late = proof(&relay, anna.first(), Purpose::Login).await;
    relay.clock.advance(CHALLENGE_MS);
    let answer = log_in(&relay, "anna", PASSWORD, Some(late)).await;
    assert_eq!(answer.code(), ErrorCode::ProofRequired);
}

#[tokio::test]
async fn an_access_token_ends_after_ten_minutes_and_is_refreshed() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    relay.clock.advance(ACCESS_TOKEN_MS);
    let answer = relay.get(anna.first(), "/account").await;
    assert_eq!(
        (answer.status, answer.code()),
        (401, ErrorCode::TokenExpired)
    );
    let token = anna.first().refresh_token.clone();
    let tokens: Tokens = refresh(&relay, anna.first(), &token, true).await.json();
    assert_eq!(tokens.sid, anna.first().sid, "the session goes on");
    anna.devices[0].take(tokens);
    assert_eq!(relay.get(anna.first(), "/account").await.status, 200);
}

#[tokio::test]
async fn a_pending_session_rises_when_its_device_is_approved() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let logged_in: LoggedIn = log_in(&relay, "anna", PASSWORD, None).await.json();
    let second = Device::new(anna.user);
    let op = chatty_protocol::device_log::DeviceOp::Add {
        cert: second.cert.clone(),
        class: chatty_protocol::device_log::Class::Full,
        expires: 0,
    };
    let entry = anna.append(op, Some(0));
    let posted = crate::kit::direct::post_entry(&relay, anna.first(), &entry).await;
    assert_eq!(posted.status, 200);
    let token = &logged_in.tokens.refresh_token;
    let tokens: Tokens = refresh(&relay, &second, token, true).await.json();
    assert_eq!(tokens.scope, "device");
    let devices = relay
        .call::<()>(Method::GET, "/devices", &tokens.access_token, None)
        .await;
    assert_eq!(devices.status, 200);
}

#[tokio::test]
async fn logging_out_ends_one_session_of_the_own_account() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let path = format!("/sessions/{}", anna.first().sid);
    assert_eq!(
        relay.delete(ben.first(), &path).await.code(),
        ErrorCode::NotFound
    );
    assert_eq!(relay.delete(anna.first(), &path).await.status, 204);
    assert_eq!(
        relay.get(anna.first(), "/account").await.code(),
        ErrorCode::Unauthorised
    );
    let token = anna.first().refresh_token.clone();
    let dead = refresh(&relay, anna.first(), &token, true).await;
    assert_eq!(dead.code(), ErrorCode::TokenReused);
}
