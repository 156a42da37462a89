//! `/users`, `/devices`

use chatty_protocol::ErrorCode;
use chatty_protocol::codec::{Ext, V1, encode};
use chatty_protocol::device_log::{Class, DeviceOp, RevokeReason};
use chatty_protocol::limits::{
    DEVICES_LIVE, LOOKUP_BURST, LOOKUP_WINDOW_MS, MAINTENANCE_MS, SIGNER_MIN_AGE_MS,
};
use chatty_protocol::rest::{
    DeviceEntryAppended, FoundUser, HeadsQuery, LogPage, OwnDevices, StatementBody, Tokens,
    UserHeads,
};
use chatty_protocol::sign::SignContext;
use chatty_protocol::statement::Statement;
use reqwest::Method;

use crate::kit::direct::{add_device, open_session, post_entry, revoke};
use crate::kit::person::sign;
use crate::kit::{Device, Person, TestRelay};

fn add(device: &Device, class: Class) -> DeviceOp {
    DeviceOp::Add {
        cert: device.cert.clone(),
        class,
        expires: 0,
    }
}

#[tokio::test]
async fn a_log_is_read_in_pages_and_by_branch() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let second = add_device(&relay, &mut anna, Class::Full).await;
    revoke(&relay, &mut anna, &second).await;
    let path = format!("/users/{}/log", anna.user);
    let page: LogPage = relay.get(ben.first(), &path).await.json();
    assert_eq!(page.entries.len(), 3);
    assert_eq!((page.head.head(), page.branch), (Some(anna.log.head), 0));
    let page: LogPage = relay
        .get(ben.first(), &format!("{path}?from=1&limit=1"))
        .await
        .json();
    assert_eq!(page.entries[0].0, anna.entries[1].to_bytes());
    assert_eq!(page.entries.len(), 1);
    let beyond: LogPage = relay
        .get(ben.first(), &format!("{path}?from=99"))
        .await
        .json();
    assert!(beyond.entries.is_empty());
    let branch = relay.get(ben.first(), &format!("{path}?branch=1")).await;
    assert_eq!(branch.code(), ErrorCode::NotFound);
    for bad in ["?from=-1", "?from=a", "?limit=x", "?branch="] {
        let answer = relay.get(ben.first(), &format!("{path}{bad}")).await;
        assert_eq!(answer.code(), ErrorCode::Malformed, "{bad}");
    }
}

#[tokio::test]
async fn the_loser_of_a_race_learns_the_head_and_a_repeat_is_harmless() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let (one, two) = (Device::new(anna.user), Device::new(anna.user));
    let rival = anna.signed(add(&two, Class::Full), Some(0));
    let entry = anna.append(add(&one, Class::Full), Some(0));
    for _ in 0..2 {
        let answer = post_entry(&relay, anna.first(), &entry).await;
        let appended: DeviceEntryAppended = answer.json();
        assert_eq!(appended.head.head(), Some(anna.log.head));
    }
    let lost = post_entry(&relay, anna.first(), &rival).await.error();
    assert_eq!((lost.status, lost.code), (409, ErrorCode::StaleSeq));
    assert_eq!(lost.head.unwrap().head(), Some(anna.log.head));
}

#[tokio::test]
async fn b9_a_device_that_was_added_links_no_other_for_24_hours() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let mut second = add_device(&relay, &mut anna, Class::Full).await;
    let third = Device::new(anna.user);
    let entry = anna.signed(add(&third, Class::Full), Some(1));
    relay.clock.advance(SIGNER_MIN_AGE_MS - 1);
    open_session(&relay, "anna", &mut second).await;
    let early = post_entry(&relay, &second, &entry).await.error();
    assert_eq!(
        (early.code, early.retry_after_ms),
        (ErrorCode::NotAllowed, Some(1))
    );
    relay.clock.advance(1);
    assert_eq!(post_entry(&relay, &second, &entry).await.status, 200);
}

#[tokio::test]
async fn a_limited_device_may_only_leave() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let limited = add_device(&relay, &mut anna, Class::Limited).await;
    let first = anna.first().id;
    let other = DeviceOp::Revoke {
        device: first,
        reason: RevokeReason::Lost,
    };
    let entry = anna.signed(other, Some(1));
    assert_eq!(
        post_entry(&relay, &limited, &entry).await.code(),
        ErrorCode::NotAllowed
    );
    // Not even with an entry that a full device signed.
    let op = DeviceOp::Handle {
        handle: "anna".into(),
        origin: relay.origin().into(),
    };
    let entry = anna.signed(op, Some(0));
    assert_eq!(
        post_entry(&relay, &limited, &entry).await.code(),
        ErrorCode::NotAllowed
    );
    let op = DeviceOp::Revoke {
        device: limited.id,
        reason: RevokeReason::SignedOut,
    };
    let leave = anna.append(op, Some(1));
    assert_eq!(post_entry(&relay, &limited, &leave).await.status, 200);
    // It is gone, with its session.
    assert_eq!(
        relay.get(&limited, "/devices").await.code(),
        ErrorCode::Unauthorised
    );
}

#[tokio::test]
async fn an_account_has_twenty_live_devices_at_most() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    for _ in 1..DEVICES_LIVE {
        let entry = anna.append(add(&Device::new(anna.user), Class::Full), Some(0));
        assert_eq!(post_entry(&relay, anna.first(), &entry).await.status, 200);
    }
    let entry = anna.signed(add(&Device::new(anna.user), Class::Full), Some(0));
    let over = post_entry(&relay, anna.first(), &entry).await;
    assert_eq!((over.status, over.code()), (429, ErrorCode::DeviceLimit));
}

#[tokio::test]
async fn a_handle_entry_names_the_own_handle_here() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    for (handle, origin) in [("ben", relay.origin()), ("anna", "https://other.example")] {
        let op = DeviceOp::Handle {
            handle: handle.into(),
            origin: origin.into(),
        };
        let entry = anna.signed(op, Some(0));
        assert_eq!(
            post_entry(&relay, anna.first(), &entry).await.code(),
            ErrorCode::NotAllowed
        );
    }
    let op = DeviceOp::Handle {
        handle: "anna".into(),
        origin: relay.origin().into(),
    };
    let entry = anna.append(op, Some(0));
    assert_eq!(post_entry(&relay, anna.first(), &entry).await.status, 200);
}

#[tokio::test]
async fn a_recovery_opens_a_branch_and_ends_lost_devices() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let mut restored = Device::new(anna.user);
    let op = DeviceOp::Recover {
        epoch: 1,
        base: anna.log.head,
        keep: Vec::new(),
        cert: Some(restored.cert.clone()),
        class: Class::Full,
    };
    let entry = anna.append(op, None);
    // The restored device has only a password yet.
    let session = crate::kit::direct::log_in(&relay, "anna", crate::kit::person::PASSWORD, None);
    restored.take(
        session
            .await
            .json::<chatty_protocol::rest::LoggedIn>()
            .tokens,
    );
    let appended: DeviceEntryAppended = post_entry(&relay, &restored, &entry).await.json();
    assert_eq!(
        (appended.branch, appended.head.head()),
        (1, Some(anna.log.head))
    );
    assert_eq!(
        relay.get(anna.first(), "/devices").await.code(),
        ErrorCode::Unauthorised
    );
    open_session(&relay, "anna", &mut restored).await;
    let devices: OwnDevices = relay.get(&restored, "/devices").await.json();
    let states: Vec<_> = devices.devices.iter().map(|d| d.state.as_str()).collect();
    assert_eq!(states, ["revoked", "live"]);
    let query = HeadsQuery {
        users: vec![anna.user, ben.user],
    };
    let heads: UserHeads = relay.post(ben.first(), "/users/heads", &query).await.json();
    let annas = heads
        .heads
        .iter()
        .find(|head| head.user == anna.user)
        .unwrap();
    assert_eq!((annas.branch, annas.seq), (1, 1));
}

#[tokio::test]
async fn heads_are_asked_for_in_bounds() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let none = HeadsQuery { users: Vec::new() };
    let answer = relay.post(anna.first(), "/users/heads", &none).await;
    assert_eq!(answer.code(), ErrorCode::Malformed);
    let many = HeadsQuery {
        users: vec![anna.user; 501],
    };
    let answer = relay.post(anna.first(), "/users/heads", &many).await;
    assert_eq!(answer.code(), ErrorCode::TooLarge);
    let unknown = HeadsQuery {
        users: vec![Person::new("nobody").user],
    };
    let heads: UserHeads = relay
        .post(anna.first(), "/users/heads", &unknown)
        .await
        .json();
    assert!(heads.heads.is_empty());
}

#[tokio::test]
async fn a_statement_is_the_own_true_head_once_a_day() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let statement = |person: &Person, time| {
        let statement = Statement {
            version: V1,
            user: person.user,
            device: person.first().id,
            head: person.log.head,
            epoch: 0,
            time,
            ext: Ext::default(),
        };
        let context = SignContext::HeadStatement;
        let signed = sign::<Statement>(&person.first().key, context, encode(&statement));
        StatementBody {
            statement: signed.to_bytes().into(),
        }
    };
    let path = format!("/users/{}/statement", anna.user);
    assert_eq!(
        relay.get(ben.first(), &path).await.code(),
        ErrorCode::NotFound
    );
    let put = async |device: &Device, body: &StatementBody| {
        relay
            .call(Method::PUT, &path, &device.access_token, Some(body))
            .await
    };
    let first = statement(&anna, 1);
    assert_eq!(put(ben.first(), &first).await.code(), ErrorCode::NotAllowed);
    assert_eq!(
        put(anna.first(), &statement(&ben, 1)).await.code(),
        ErrorCode::NotAllowed
    );
    let mut forged = first.clone();
    let last = forged.statement.0.len() - 1;
    forged.statement.0[last] ^= 1;
    assert_eq!(
        put(anna.first(), &forged).await.code(),
        ErrorCode::InvalidSignature
    );
    assert_eq!(put(anna.first(), &first).await.status, 204);
    assert_eq!(put(anna.first(), &first).await.status, 204);
    assert_eq!(
        put(anna.first(), &statement(&anna, 2)).await.code(),
        ErrorCode::RateLimited
    );
    let read: StatementBody = relay.get(ben.first(), &path).await.json();
    assert_eq!(read, first);
}

#[tokio::test]
async fn b13_a_look_up_is_exact_limited_and_says_nothing_of_activity() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let answer = relay.get(anna.first(), "/users/by-handle/ben").await;
    let keys: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let keys: Vec<_> = keys
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, ["head", "user"], "no names, no times, no devices");
    assert_eq!(answer.json::<FoundUser>().user, ben.user);
    for part in ["be", "BEN", "ben_", "b%25", "*", "ben%20"] {
        let answer = relay
            .get(anna.first(), &format!("/users/by-handle/{part}"))
            .await;
        assert_eq!(answer.code(), ErrorCode::NotFound, "{part}");
    }
    // Who blocked the caller answers like nobody.
    let path = format!("/blocks/{}", anna.user);
    assert_eq!(relay.put(ben.first(), &path).await.status, 204);
    let blocked = relay.get(anna.first(), "/users/by-handle/ben").await;
    let nobody = relay.get(anna.first(), "/users/by-handle/nobody").await;
    assert_eq!((blocked.status, blocked.body), (nobody.status, nobody.body));
    for _ in 9..LOOKUP_BURST {
        relay.get(anna.first(), "/users/by-handle/carl").await;
    }
    let over = relay.get(anna.first(), "/users/by-handle/carl").await;
    assert_eq!((over.status, over.code()), (429, ErrorCode::RateLimited));
    relay
        .clock
        .advance(LOOKUP_WINDOW_MS / u64::from(LOOKUP_BURST));
    let one_more = relay.get(anna.first(), "/users/by-handle/carl").await;
    assert_eq!(one_more.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_restored_relay_takes_lost_entries_back_and_no_new_ones_for_ten_minutes() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let copy = relay.app.config.data.join("copy.db");
    relay.app.store.backup(copy.clone()).await.unwrap();
    let mut second = add_device(&relay, &mut anna, Class::Full).await;
    let relay = relay.restore(&copy).await;
    let op = DeviceOp::Handle {
        handle: "anna".into(),
        origin: relay.origin().into(),
    };
    let mut new = anna.signed(op, Some(0)).open().unwrap();
    new.time = relay.now_ms();
    let new = sign(&anna.first().key, SignContext::DeviceLog, encode(&new));
    let lost = anna.entries.last().unwrap();
    assert_eq!(post_entry(&relay, anna.first(), lost).await.status, 200);
    let early = post_entry(&relay, anna.first(), &new).await.error();
    assert_eq!((early.status, early.code), (503, ErrorCode::Maintenance));
    // The device that came back has its session again.
    open_session(&relay, "anna", &mut second).await;
    relay.clock.advance(MAINTENANCE_MS);
    open_session(&relay, "anna", &mut anna.devices[0]).await;
    assert_eq!(post_entry(&relay, anna.first(), &new).await.status, 200);
}

#[tokio::test]
async fn a_session_outlives_a_restore_by_its_device() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let copy = relay.app.config.data.join("copy.db");
    relay.app.store.backup(copy.clone()).await.unwrap();
    // Refreshed after the copy was made: the restored relay does not know this token's number.
    let token = anna.first().refresh_token.clone();
    let newer = super::sessions::refresh(&relay, anna.first(), &token, true).await;
    anna.devices[0].take(newer.json());
    let relay = relay.restore(&copy).await;
    let token = anna.first().refresh_token.clone();
    let thief = super::sessions::refresh(&relay, anna.first(), &token, false).await;
    assert_eq!(thief.code(), ErrorCode::Unauthorised);
    let tokens: Tokens = super::sessions::refresh(&relay, anna.first(), &token, true)
        .await
        .json();
    anna.devices[0].take(tokens);
    assert_eq!(relay.get(anna.first(), "/devices").await.status, 200);
}
