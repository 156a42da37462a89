//! `/account/waits`, `/account/identity`, `/account/replace-aik`

use chatty_protocol::ErrorCode;
use chatty_protocol::codec::encode;
use chatty_protocol::device_log::aik_accept_bytes;
use chatty_protocol::device_log::{Class, DeviceOp};
use chatty_protocol::limits::{IDENTITY_SEEN_MS, IDENTITY_WAIT_MS, REPLACE_AIK_WAIT_MS};
use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{LoggedIn, NewIdentity, ReplaceAik, Wait, Waits};
use chatty_protocol::sign::{SignContext, message_to_sign};
use ed25519_dalek::Signer;
use reqwest::Method;

use crate::kit::direct::{add_device, log_in, open_session, post_entry, proof};
use crate::kit::person::{PASSWORD, fresh_key, public, sign};
use crate::kit::{Person, TestRelay};

async fn put_identity(relay: &TestRelay, token: &str, new: &Person) -> Wait {
    let body = NewIdentity {
        entry: new.entries[0].to_bytes().into(),
    };
    relay
        .call(Method::PUT, "/account/identity", token, Some(&body))
        .await
        .json()
}

#[tokio::test]
async fn a_new_identity_waits_while_a_device_is_seen_and_may_be_vetoed() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    relay.get(anna.first(), "/devices").await;
    let session: LoggedIn = log_in(&relay, "anna", PASSWORD, None).await.json();
    let new = Person::new("anna");
    let wait = put_identity(&relay, &session.tokens.access_token, &new).await;
    assert_eq!(wait.due_ms, relay.now_ms() + IDENTITY_WAIT_MS);
    let waits: Waits = relay.get(anna.first(), "/account/waits").await.json();
    assert_eq!(waits.waits, [wait]);
    // A session without a device has no say.
    let token = &session.tokens.access_token;
    let path = "/account/waits/identity";
    let pending = relay.call::<()>(Method::DELETE, path, token, None).await;
    assert_eq!(pending.code(), ErrorCode::Scope);
    assert_eq!(relay.delete(anna.first(), path).await.status, 204);
    assert_eq!(
        relay.delete(anna.first(), path).await.code(),
        ErrorCode::NotFound
    );
    relay.clock.advance(IDENTITY_WAIT_MS);
    relay.relay.run_due().await.unwrap();
    open_session(&relay, "anna", &mut anna.devices[0]).await;
}

#[tokio::test]
async fn without_a_veto_or_a_device_the_login_leads_to_the_new_identity() {
    for wait_first in [true, false] {
        let relay = TestRelay::start().await;
        let anna = relay.sign_up("anna").await;
        relay.get(anna.first(), "/devices").await;
        if !wait_first {
            relay.clock.advance(IDENTITY_SEEN_MS + 3_600_001);
        }
        let session: LoggedIn = log_in(&relay, "anna", PASSWORD, None).await.json();
        let mut new = Person::new("anna");
        let wait = put_identity(&relay, &session.tokens.access_token, &new).await;
        assert_eq!(wait.due_ms > relay.now_ms(), wait_first);
        if wait_first {
            relay.clock.advance(IDENTITY_WAIT_MS);
            relay.relay.run_due().await.unwrap();
        }
        open_session(&relay, "anna", &mut new.devices[0]).await;
        let found = relay.get(new.first(), "/users/by-handle/anna").await;
        assert_eq!(
            found.json::<chatty_protocol::rest::FoundUser>().user,
            new.user
        );
    }
}

#[tokio::test]
async fn a_new_account_key_is_refused_before_its_week_and_taken_after() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let second = add_device(&relay, &mut anna, Class::Full).await;
    let new_aik = fresh_key();
    let seq = anna.log.head.seq + 1;
    let accept = message_to_sign(SignContext::AikAccept, &aik_accept_bytes(&anna.user, seq));
    let op = DeviceOp::ReplaceAik {
        aik: public(&new_aik),
        accept: new_aik.sign(&accept).to_bytes(),
    };
    let entry = anna.signed(op, Some(0));
    let early = post_entry(&relay, anna.first(), &entry).await;
    assert_eq!(early.code(), ErrorCode::NotAllowed);
    let body = ReplaceAik {
        proof: proof(&relay, anna.first(), Purpose::ReplaceAik).await,
    };
    let token = anna.first().access_token.clone();
    let put = relay
        .call(Method::PUT, "/account/replace-aik", &token, Some(&body))
        .await;
    assert_eq!(
        put.json::<Wait>().due_ms,
        relay.now_ms() + REPLACE_AIK_WAIT_MS
    );
    let soon = post_entry(&relay, anna.first(), &entry).await.error();
    assert_eq!(
        (soon.code, soon.retry_after_ms),
        (ErrorCode::NotAllowed, Some(REPLACE_AIK_WAIT_MS))
    );
    let waits: Waits = relay.get(&second, "/account/waits").await.json();
    assert_eq!(waits.waits[0].kind, "replace-aik");
    relay.clock.advance(REPLACE_AIK_WAIT_MS);
    open_session(&relay, "anna", &mut anna.devices[0]).await;
    assert_eq!(post_entry(&relay, anna.first(), &entry).await.status, 200);
    let waits: Waits = relay.get(anna.first(), "/account/waits").await.json();
    assert!(waits.waits.is_empty());
}

#[tokio::test]
async fn a_replaced_account_key_comes_back_after_a_restore_whose_wait_is_lost() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let copy = relay.app.config.data.join("copy.db");
    relay.app.store.backup(copy.clone()).await.unwrap();
    let body = ReplaceAik {
        proof: proof(&relay, anna.first(), Purpose::ReplaceAik).await,
    };
    let token = anna.first().access_token.clone();
    let path = "/account/replace-aik";
    relay.call(Method::PUT, path, &token, Some(&body)).await;
    relay.clock.advance(REPLACE_AIK_WAIT_MS);
    open_session(&relay, "anna", &mut anna.devices[0]).await;
    let new_aik = fresh_key();
    let seq = anna.log.head.seq + 1;
    let accept = message_to_sign(SignContext::AikAccept, &aik_accept_bytes(&anna.user, seq));
    let op = DeviceOp::ReplaceAik {
        aik: public(&new_aik),
        accept: new_aik.sign(&accept).to_bytes(),
    };
    let entry = anna.append(op, Some(0));
    assert_eq!(post_entry(&relay, anna.first(), &entry).await.status, 200);
    let relay = relay.restore(&copy).await;
    open_session(&relay, "anna", &mut anna.devices[0]).await;
    let waits: Waits = relay.get(anna.first(), "/account/waits").await.json();
    assert!(waits.waits.is_empty(), "the copy knows of no announcement");
    assert_eq!(post_entry(&relay, anna.first(), &entry).await.status, 200);
    // A new one needs its week as ever, also within the ten minutes.
    let new_aik = fresh_key();
    let seq = anna.log.head.seq + 1;
    let accept = message_to_sign(SignContext::AikAccept, &aik_accept_bytes(&anna.user, seq));
    let op = DeviceOp::ReplaceAik {
        aik: public(&new_aik),
        accept: new_aik.sign(&accept).to_bytes(),
    };
    let mut rival = anna.signed(op, Some(0)).open().unwrap();
    rival.time = relay.now_ms();
    let rival = sign(&anna.first().key, SignContext::DeviceLog, encode(&rival));
    let refused = post_entry(&relay, anna.first(), &rival).await;
    assert_eq!(refused.code(), ErrorCode::Maintenance);
}
