//! D2: a stolen refresh token, and what its second use does.

use chatty_protocol::ErrorCode;
use chatty_protocol::limits::REFRESH_RETRY_MS;
use chatty_protocol::rest::{LoggedIn, Tokens};
use data_encoding::BASE64URL_NOPAD;
use futures::future::join_all;

use super::sessions::refresh;
use crate::kit::TestRelay;
use crate::kit::dice::count;
use crate::kit::direct::log_in;
use crate::kit::person::PASSWORD;
use crate::kit::rest::Answer;

#[tokio::test]
async fn d2_the_same_token_with_a_proof_gives_the_same_successor_for_30_seconds() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let token = anna.first().refresh_token.clone();
    let first: Tokens = refresh(&relay, anna.first(), &token, true).await.json();
    relay.clock.advance(REFRESH_RETRY_MS - 1);
    let again: Tokens = refresh(&relay, anna.first(), &token, true).await.json();
    assert_eq!(first.refresh_token, again.refresh_token);
    relay.clock.advance(2);
    let late = refresh(&relay, anna.first(), &token, true).await;
    assert_eq!(late.code(), ErrorCode::TokenReused);
    let newest = refresh(&relay, anna.first(), &first.refresh_token, true).await;
    assert_eq!(newest.code(), ErrorCode::TokenReused, "the family is dead");
    let access = relay.call::<()>(reqwest::Method::GET, "/account", &first.access_token, None);
    assert_eq!(
        access.await.code(),
        ErrorCode::Unauthorised,
        "and its access tokens with it"
    );
}

#[tokio::test]
async fn d2_a_used_token_without_a_proof_kills_the_family() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let token = anna.first().refresh_token.clone();
    let newest: Tokens = refresh(&relay, anna.first(), &token, true).await.json();
    let thief = refresh(&relay, anna.first(), &token, false).await;
    assert_eq!(thief.code(), ErrorCode::TokenReused);
    let owner = refresh(&relay, anna.first(), &newest.refresh_token, true).await;
    assert_eq!(owner.code(), ErrorCode::TokenReused);
}

#[tokio::test]
async fn d2_an_unused_token_is_worth_nothing_without_the_device() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let mallory = relay.sign_up("mallory").await;
    let token = anna.first().refresh_token.clone();
    let bare = refresh(&relay, anna.first(), &token, false).await;
    assert_eq!(bare.code(), ErrorCode::ProofRequired);
    let other = refresh(&relay, mallory.first(), &token, true).await;
    assert_eq!(other.code(), ErrorCode::ProofRequired);
    // The owner is not hurt by either.
    refresh(&relay, anna.first(), &token, true)
        .await
        .json::<Tokens>();
}

#[tokio::test]
async fn d2_a_made_up_token_never_hurts_a_family() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let token = anna.first().refresh_token.clone();
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
    for index in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[index] ^= 1;
        let forged = BASE64URL_NOPAD.encode(&forged);
        let answer = refresh(&relay, anna.first(), &forged, index % 2 == 0).await;
        assert_eq!(answer.code(), ErrorCode::Unauthorised, "byte {index}");
    }
    refresh(&relay, anna.first(), &token, true)
        .await
        .json::<Tokens>();
}

#[tokio::test]
async fn d2_parallel_refreshes_of_a_pending_session_have_one_winner() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    // The page asks for 1,000 at once, a hundred times.
    for _ in 0..count(100).max(2) {
        let session: LoggedIn = log_in(&relay, "anna", PASSWORD, None).await.json();
        let token = session.tokens.refresh_token;
        let calls =
            (0..count(1_000).max(100)).map(|_| refresh(&relay, anna.first(), &token, false));
        let answers = join_all(calls).await;
        let won: Vec<&Answer> = answers
            .iter()
            .filter(|answer| answer.status == 200)
            .collect();
        assert_eq!(won.len(), 1);
        let lost = answers.iter().filter(|answer| answer.status != 200);
        for answer in lost {
            assert_eq!(answer.code(), ErrorCode::TokenReused);
        }
        let winner: Tokens = won[0].json();
        let after = refresh(&relay, anna.first(), &winner.refresh_token, false).await;
        assert_eq!(
            after.code(),
            ErrorCode::TokenReused,
            "the reuse killed the family"
        );
        let access = relay.call::<()>(reqwest::Method::GET, "/account", &winner.access_token, None);
        assert_eq!(access.await.code(), ErrorCode::Unauthorised);
    }
}

#[tokio::test]
async fn d2_parallel_refreshes_with_a_proof_all_get_the_one_successor() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let token = anna.first().refresh_token.clone();
    let calls = (0..count(1_000).max(100)).map(|_| refresh(&relay, anna.first(), &token, true));
    let mut successors: Vec<String> = (join_all(calls).await.iter())
        .map(|answer| answer.json::<Tokens>().refresh_token)
        .collect();
    successors.sort();
    successors.dedup();
    assert_eq!(successors.len(), 1, "one family, one successor");
    let next = refresh(&relay, anna.first(), &successors[0], true).await;
    assert_eq!(next.status, 200, "and it works");
}
