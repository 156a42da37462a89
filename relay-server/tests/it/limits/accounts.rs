//! Log-ins, sessions, addresses, bodies, conversations of one user.

use chatty_protocol::rest::Tokens;
use chatty_protocol::{ErrorCode, limits};
use chatty_relay::config::{Config, LimitConfig};
use reqwest::Method;
use rusqlite::Connection;

use crate::kit::direct::{log_in, sign_up_body};
use crate::kit::person::PASSWORD;
use crate::kit::relay::DATABASE;
use crate::kit::{Chat, Person, TestRelay};
use crate::routes::sessions::refresh;

#[test]
fn a_relay_begins_with_the_protocols_numbers() {
    let own = LimitConfig::default();
    assert!(own.differing().is_empty(), "what differs is announced");
    assert_eq!(own, Config::new("data").limits);
    let numbers = [
        (own.sign_ups_per_range_hour, limits::SIGN_UPS_PER_RANGE_HOUR),
        (own.send_per_second, limits::SEND_PER_SECOND),
        (own.hash_queue as u32, limits::HASH_QUEUE as u32),
    ];
    assert!(numbers.iter().all(|(own, usual)| own == usual));
}

#[tokio::test]
async fn ten_log_ins_in_fifteen_minutes_then_wait() {
    let relay = TestRelay::start_with(|config| {
        config.limits.log_ins_per_account = limits::LOG_INS_PER_ACCOUNT;
    })
    .await;
    relay.sign_up("anna").await;
    for _ in 0..limits::LOG_INS_PER_ACCOUNT {
        let wrong = log_in(&relay, "anna", "a wrong password", None).await;
        assert_eq!(wrong.code(), ErrorCode::Unauthorised);
    }
    let right = log_in(&relay, "anna", PASSWORD, None).await.error();
    assert_eq!(
        right.code,
        ErrorCode::RateLimited,
        "the right one waits, too"
    );
    let wait = right.retry_after_ms.unwrap();
    assert!((1..=limits::LOG_IN_WINDOW_MS).contains(&wait));
    relay.clock.advance(wait);
    assert_eq!(log_in(&relay, "anna", PASSWORD, None).await.status, 200);
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends_after_ninety_days() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let token = anna.first().refresh_token.clone();
    relay.clock.advance(limits::REFRESH_TOKEN_MS - 1);
    // Each use begins the time anew.
    let next: Tokens = refresh(&relay, anna.first(), &token, true).await.json();
    relay.clock.advance(limits::REFRESH_TOKEN_MS - 1);
    let next = refresh(&relay, anna.first(), &next.refresh_token, true).await;
    let next: Tokens = next.json();
    relay.clock.advance(limits::REFRESH_TOKEN_MS);
    let late = refresh(&relay, anna.first(), &next.refresh_token, true).await;
    assert_eq!(late.status, 401, "{:?}", late.error());
}

#[tokio::test]
async fn addresses_and_bodies_have_a_longest_form() {
    let relay = TestRelay::start().await;
    let mut body = sign_up_body(&Person::new("anna"));
    let domain = format!("@{}.example", ["d"; 30].join("."));
    let local = limits::EMAIL_MAX_BYTES + 1 - domain.len();
    body.email = format!("{}{domain}", "a".repeat(local));
    let long = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
    assert_eq!(long.code(), ErrorCode::Malformed);
    let url = format!("{}/v1/accounts", relay.base());
    let request = relay
        .http
        .post(url)
        .body(vec![b' '; limits::BODY_BYTES + 1]);
    let request = request.header("content-type", "application/json");
    let answer = request.send().await.unwrap();
    let answer = relay.read(&Method::POST, "/accounts", answer).await;
    assert_eq!(answer.code(), ErrorCode::TooLarge);
}

#[tokio::test]
async fn a_user_is_in_ten_thousand_conversations_at_most() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let full = limits::CONVERSATIONS_PER_USER - 1;
    let user = anna.user;
    let relay = relay
        .restart_after(|data| {
            let mut conn = Connection::open(data.join(DATABASE)).unwrap();
            let tx = conn.transaction().unwrap();
            let user: i64 = tx
                .query_row("SELECT no FROM user WHERE id=?1", [user.as_ref() as &[u8]], |row| row.get(0))
                .unwrap();
            let mut add = tx
                .prepare("INSERT INTO conv(no, id, direct, created) VALUES(?1, randomblob(33), 0, 1)")
                .unwrap();
            let mut join = tx
                .prepare("INSERT INTO member(user_no, conv, role, ls, state, first) VALUES(?2, ?1, 1, 0, 2, 1)")
                .unwrap();
            for number in 1..=full as i64 {
                add.execute([number]).unwrap();
                join.execute([number, user]).unwrap();
            }
            drop((add, join));
            tx.commit().unwrap();
        })
        .await;
    relay.group(&[&anna]).await;
    let chat = Chat::group(&anna, relay.origin());
    let refused = relay.create(anna.first(), &chat.entries[0]).await;
    assert_eq!(refused.code(), ErrorCode::Quota);
}
