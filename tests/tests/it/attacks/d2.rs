//! D2: the refresh token is stolen together with the keys. The second use kills the family; the
//! engine shows that it is signed out, and loses nothing.

use chatty_core::api::account::AccountLogIn;
use chatty_core::api::message::MessageList;
use chatty_core::api::state::LinkState;
use chatty_core::api::sync::SyncState;
use chatty_core::api::{Event, Secret};
use chatty_crypto::identity;
use chatty_e2e::insider::Insider;
use chatty_e2e::raw;
use chatty_e2e::wait::until;
use chatty_e2e::world::{PASSWORD, World};
use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{Refresh, Tokens};

/// The thief refreshes first, with everything that the program would show.
async fn stolen(origin: &str, thief: &Insider) -> Tokens {
    let nonce = raw::challenge(origin).await.nonce.0;
    let proof = thief.with(|tx| identity::login_proof(tx, &nonce, Purpose::Refresh));
    let body = Refresh {
        refresh_token: thief.session().refresh_token.to_string(),
        proof: Some(proof.expect("a proof")),
    };
    raw::call(origin, "POST", "/sessions/refresh", "", Some(&body))
        .await
        .good()
}

/// Longer than an access token lives.
const LATER_MS: i64 = 11 * 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn d2_a_stolen_refresh_token_ends_both_sessions_and_loses_nothing() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let origin = world.relay.origin.clone();
    let thief = ann.keys().await;
    ann.settle().await;
    let tokens = stolen(&origin, &thief).await;
    let account = async |token: &str| {
        raw::call(&origin, "GET", "/account", token, None::<&()>)
            .await
            .status
    };
    assert_eq!(account(&tokens.access_token).await, 200, "the theft worked");
    ann.link.offline();
    let waiting = ann.write(chat, "written before").await;
    ann.events();
    world.relay.clock.advance(LATER_MS);
    ann.link.skew(LATER_MS);
    bob.link.skew(LATER_MS);
    ann.link.online();
    ann.hears("that it is signed out", |event| match event {
        Event::AccountChanged { who: None } => Some(()),
        _ => None,
    })
    .await;
    until("ann is signed out", async || {
        let status = ann.must(SyncState {}).await;
        (status.link == LinkState::SignedOut).then_some(())
    })
    .await;
    // The thief's family is dead as well.
    let body = Refresh {
        refresh_token: tokens.refresh_token.clone(),
        proof: None,
    };
    let again = raw::call(&origin, "POST", "/sessions/refresh", "", Some(&body)).await;
    assert!(again.status >= 400, "{}", again.status);
    assert!(account(&tokens.access_token).await >= 400);
    // Everything is still there, also what waits.
    let rows = ann.must(MessageList::newest(chat, 100)).await;
    assert!(
        rows.iter()
            .any(|row| row.text.as_deref() == Some("hello back"))
    );
    assert!(rows.iter().any(|row| row.id == waiting));
    // The same home signs in again, and goes on.
    let log_in = AccountLogIn {
        relay: origin.clone(),
        login: "ann".to_owned(),
        password: Secret::new(PASSWORD),
        device_name: None,
    };
    let who = ann.must(log_in).await;
    assert_eq!((who.user, who.device), (ann.user, ann.id));
    ann.accepted(chat, waiting).await;
    bob.reads(chat, "written before").await;
    bob.send(chat, "and back").await;
    ann.reads(chat, "and back").await;
}

/// A token without the device's keys refreshes nothing, and does not sign anybody out.
#[tokio::test(flavor = "multi_thread")]
async fn d2_a_token_alone_is_worth_nothing() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let origin = world.relay.origin.clone();
    let thief = ann.keys().await;
    ann.settle().await;
    let body = Refresh {
        refresh_token: thief.session().refresh_token.to_string(),
        proof: None,
    };
    let refused = raw::call(&origin, "POST", "/sessions/refresh", "", Some(&body)).await;
    assert!(refused.status >= 400, "{}", refused.status);
    world.relay.clock.advance(LATER_MS);
    for device in [&ann, &bob] {
        device.link.skew(LATER_MS);
        device.link.cut();
    }
    ann.send(chat, "still signed in").await;
    bob.reads(chat, "still signed in").await;
}
