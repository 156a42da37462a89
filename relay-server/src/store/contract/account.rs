//! Accounts: handles, codes, budgets, deletion.

use bytes::Bytes;
use chatty_protocol::limits::{DAY_MS, HOUR_MS};

use super::sample::{account, at_once, device, init, people, user};
use crate::store::account::{CodePut, CodeTry, NewCode, SignUp, Spent, Wait};
use crate::store::session::NewFamily;
use crate::store::{Store, StoreError};

pub(super) const CREATED: SignUp = SignUp::Created { email_known: false };

fn code(number: u32, purpose: &'static str, salt: u8, now: u64) -> NewCode {
    NewCode {
        purpose,
        user: user(number),
        hash: [salt; 32],
        now,
        expires: now + 900_000,
        gap_ms: 60_000,
        per_day: 5,
    }
}

pub(super) async fn session(store: &dyn Store, number: u32) {
    let family = NewFamily {
        family: [number as u8; 16],
        user: user(number),
        device: Some(device(number)),
        hash: [0; 32],
        created: 1,
        expires: 99_999,
    };
    store.family_put(family).await.unwrap();
}

pub async fn sign_up_is_whole_and_repeatable(store: &dyn Store) {
    assert_eq!(store.sign_up(account(1)).await.unwrap(), CREATED);
    let again = store.sign_up(account(1)).await.unwrap();
    assert_eq!(again, SignUp::Repeated { email_known: false });
    let mut other = account(1);
    other.handle = "somebody".into();
    assert_eq!(store.sign_up(other).await.unwrap(), SignUp::UserExists);
    let row = store.account(user(1)).await.unwrap().unwrap();
    assert_eq!(
        (row.handle.as_deref(), row.email.as_str()),
        (Some("user1"), "user1@example.org")
    );
    assert!(row.verified && !row.closed && row.created == 1_000);
    assert_eq!(
        store.by_handle("user1".into()).await.unwrap(),
        Some(user(1))
    );
    assert_eq!(
        store.by_email("user1@example.org".into()).await.unwrap(),
        Some(user(1))
    );
    assert_eq!(
        store.password(user(1)).await.unwrap().as_deref(),
        Some("hash 1")
    );
    assert_eq!(store.devices(user(1)).await.unwrap().len(), 1);
    assert_eq!(
        store.device_log_whole(user(1)).await.unwrap(),
        [Bytes::from("init 1")]
    );
    assert_eq!(store.account(user(2)).await.unwrap(), None);
}

pub async fn one_sign_up_wins_a_handle(store: &dyn Store) {
    let answers = at_once(12, |number| {
        let mut new = account(number);
        new.handle = "wanted".into();
        store.sign_up(new)
    })
    .await;
    let answers: Vec<SignUp> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(
        answers.iter().filter(|answer| **answer == CREATED).count(),
        1
    );
    assert_eq!(
        answers
            .iter()
            .filter(|answer| **answer == SignUp::HandleTaken)
            .count(),
        11
    );
    let winner = answers
        .iter()
        .position(|answer| *answer == CREATED)
        .unwrap() as u32;
    assert_eq!(
        store.by_handle("wanted".into()).await.unwrap(),
        Some(user(winner))
    );
    let loser = (winner + 1) % 12;
    assert_eq!(
        store.account(user(loser)).await.unwrap(),
        None,
        "a loser leaves nothing behind"
    );
}

pub async fn d6_a_known_address_is_no_obstacle(store: &dyn Store) {
    people(store, &[1]).await;
    let mut second = account(2);
    second.email = "user1@example.org".into();
    second.verified = false;
    let made = store.sign_up(second.clone()).await.unwrap();
    assert_eq!(made, SignUp::Created { email_known: true });
    assert_eq!(
        store.sign_up(second).await.unwrap(),
        SignUp::Repeated { email_known: true }
    );
    store.code_put(code(2, "verify", 1, 5_000)).await.unwrap();
    let tried = store
        .verify_email(user(2), [1; 32], 5, 6_000)
        .await
        .unwrap();
    assert_eq!(tried, CodeTry::EmailTaken);
    assert!(!store.account(user(2)).await.unwrap().unwrap().verified);
    let mut third = account(3);
    third.email = "user1@example.org".into();
    assert_eq!(store.sign_up(third).await.unwrap(), SignUp::EmailTaken);
}

pub async fn codes_have_few_tries(store: &dyn Store) {
    let mut new = account(1);
    new.verified = false;
    store.sign_up(new).await.unwrap();
    let attempt = |salt: u8, now| store.verify_email(user(1), [salt; 32], 5, now);
    assert_eq!(
        attempt(1, 1).await.unwrap(),
        CodeTry::Expired,
        "there is none"
    );
    assert!(matches!(
        store.code_put(code(1, "verify", 1, 1_000)).await,
        Ok(CodePut::Stored { .. })
    ));
    let early = store.code_put(code(1, "verify", 2, 21_000)).await.unwrap();
    assert_eq!(early, CodePut::Wait(40_000));
    for left in (0..5).rev() {
        assert_eq!(attempt(9, 30_000).await.unwrap(), CodeTry::Wrong(left));
    }
    assert_eq!(
        attempt(1, 30_000).await.unwrap(),
        CodeTry::Expired,
        "five tries are used up"
    );
    for number in 1..5 {
        let put = store
            .code_put(code(1, "verify", 2, number * 100_000))
            .await
            .unwrap();
        assert!(matches!(put, CodePut::Stored { .. }), "{put:?}");
    }
    let sixth = store.code_put(code(1, "verify", 3, 500_000)).await.unwrap();
    assert_eq!(sixth, CodePut::Wait(1_000 + DAY_MS - 500_000));
    assert_eq!(
        attempt(2, 1_400_000).await.unwrap(),
        CodeTry::Expired,
        "fifteen minutes are over"
    );
    store
        .code_put(code(1, "verify", 4, DAY_MS + 1_000))
        .await
        .unwrap();
    let winners = at_once(8, |_| attempt(4, DAY_MS + 2_000)).await;
    let winners = winners
        .into_iter()
        .filter(|answer| *answer == Ok(CodeTry::Consumed));
    assert_eq!(winners.count(), 1, "a code works once");
    assert!(store.account(user(1)).await.unwrap().unwrap().verified);
}

pub async fn d7_a_reset_token_works_once(store: &dyn Store) {
    people(store, &[1]).await;
    session(store, 1).await;
    store.code_put(code(1, "reset", 5, 1_000)).await.unwrap();
    assert_eq!(
        store
            .reset_password([6; 32], "evil".into(), 2_000)
            .await
            .unwrap(),
        None
    );
    let answers = at_once(6, |n| {
        store.reset_password([5; 32], format!("new {n}"), 2_000)
    })
    .await;
    let winners = answers
        .into_iter()
        .filter(|answer| *answer == Ok(Some(user(1))));
    assert_eq!(winners.count(), 1);
    assert!(
        store
            .password(user(1))
            .await
            .unwrap()
            .unwrap()
            .starts_with("new ")
    );
    assert!(
        store.families(user(1)).await.unwrap().is_empty(),
        "all sessions are revoked"
    );
    store.code_put(code(1, "reset", 7, 100_000)).await.unwrap();
    let late = store
        .reset_password([7; 32], "late".into(), 1_100_000)
        .await
        .unwrap();
    assert_eq!(late, None);
}

pub async fn waits_keep_their_first_time(store: &dyn Store) {
    people(store, &[1, 2]).await;
    let wait = |number, due| Wait {
        user: user(number),
        kind: "close".into(),
        payload: Bytes::from("what"),
        due,
    };
    assert_eq!(store.wait_put(wait(1, 100)).await.unwrap(), 100);
    assert_eq!(
        store.wait_put(wait(1, 50)).await.unwrap(),
        100,
        "announcing again is no shortcut"
    );
    store.wait_put(wait(2, 200)).await.unwrap();
    assert_eq!(store.waits_due(150, 9).await.unwrap(), [wait(1, 100)]);
    assert_eq!(store.waits(user(2)).await.unwrap(), [wait(2, 200)]);
    assert!(store.wait_remove(user(1), "close".into()).await.unwrap());
    assert!(!store.wait_remove(user(1), "close".into()).await.unwrap());
    assert_eq!(store.waits_due(500, 9).await.unwrap(), [wait(2, 200)]);
}

pub async fn budgets_never_overdraw(store: &dyn Store) {
    let spend = |now| store.spend("user/1".into(), "log-in", 1, 10, HOUR_MS, now);
    let answers = at_once(40, |_| spend(HOUR_MS + 1_000)).await;
    let granted = answers
        .iter()
        .filter(|answer| matches!(answer, Ok(Spent::Granted(_))));
    assert_eq!(granted.count(), 10);
    assert!(answers.contains(&Ok(Spent::Over(HOUR_MS - 1_000))));
    assert_eq!(
        spend(2 * HOUR_MS).await.unwrap(),
        Spent::Granted(1),
        "a new window"
    );
    let other = store
        .spend("user/2".into(), "log-in", 11, 10, HOUR_MS, 0)
        .await
        .unwrap();
    assert_eq!(other, Spent::Over(HOUR_MS));
}

pub async fn d5_unverified_accounts_expire(store: &dyn Store) {
    people(store, &[1]).await;
    let mut new = account(2);
    new.verified = false;
    store.sign_up(new.clone()).await.unwrap();
    session(store, 2).await;
    assert_eq!(store.expire_unverified(1_000, 10).await.unwrap(), []);
    assert_eq!(store.expire_unverified(1_001, 10).await.unwrap(), [user(2)]);
    assert_eq!(store.account(user(2)).await.unwrap(), None);
    assert_eq!(store.by_handle("user2".into()).await.unwrap(), None);
    assert_eq!(store.password(user(2)).await.unwrap(), None);
    assert!(store.families(user(2)).await.unwrap().is_empty());
    assert!(store.device_log_whole(user(2)).await.unwrap().is_empty());
    let mut other = account(3);
    other.handle = "user2".into();
    assert_eq!(
        store.sign_up(other).await.unwrap(),
        CREATED,
        "the handle is free at once"
    );
    new.handle = "again".into();
    assert_eq!(
        store.sign_up(new).await.unwrap(),
        CREATED,
        "so is the user id"
    );
}

pub async fn a_new_identity_takes_over(store: &dyn Store) {
    people(store, &[1, 3]).await;
    session(store, 1).await;
    for _ in 0..2 {
        store.replace_identity(user(1), init(2)).await.unwrap();
    }
    assert_eq!(
        store.by_handle("user1".into()).await.unwrap(),
        Some(user(2))
    );
    assert_eq!(
        store.by_email("user1@example.org".into()).await.unwrap(),
        Some(user(2))
    );
    assert_eq!(
        store.password(user(2)).await.unwrap().as_deref(),
        Some("hash 1")
    );
    assert_eq!(store.password(user(1)).await.unwrap(), None);
    assert!(store.families(user(1)).await.unwrap().is_empty());
    let old = store.account(user(1)).await.unwrap().unwrap();
    assert!(old.closed && old.handle.is_none());
    let taken = store.replace_identity(user(2), init(3)).await;
    assert!(taken.is_ok() || matches!(taken, Err(StoreError::Conflict(_))));
    assert_eq!(
        store.by_handle("user1".into()).await.unwrap(),
        Some(user(2)),
        "nobody's id is taken"
    );
}

pub async fn blocks_are_directed(store: &dyn Store) {
    people(store, &[1, 2]).await;
    for _ in 0..2 {
        store.block(user(1), user(2)).await.unwrap();
    }
    assert_eq!(store.blocks(user(1)).await.unwrap(), [user(2)]);
    assert_eq!(store.blocks(user(2)).await.unwrap(), []);
    assert_eq!(
        store.blocked(user(1), user(2)).await.unwrap(),
        (true, false)
    );
    assert_eq!(
        store.blocked(user(2), user(1)).await.unwrap(),
        (false, true)
    );
    store.unblock(user(1), user(2)).await.unwrap();
    assert_eq!(
        store.blocked(user(1), user(2)).await.unwrap(),
        (false, false)
    );
}
