//! `POST /conversations`.

use chatty_protocol::conversation_log::{ConvOp, Mode, propose_create};
use chatty_protocol::rest::ConversationCreated;
use chatty_protocol::{ErrorCode, limits};

use crate::kit::chat::{create_op, signed_entry};
use crate::kit::{Chat, TestRelay};

#[tokio::test]
async fn a_direct_conversation_exists_once() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.request(&anna, &ben).await;
    // The same bytes again: the same answer.
    let again = relay.create(anna.first(), &chat.entries[0]).await;
    let created: ConversationCreated = again.json();
    assert_eq!((created.conv, created.seq), (chat.conv, 1));
    // Ben's crossing create loses and names the head that won.
    let crossing = Chat::direct(&ben, &anna, relay.origin());
    assert_eq!(crossing.conv, chat.conv);
    let lost = relay.create(ben.first(), &crossing.entries[0]).await;
    assert_eq!(lost.status, 409);
    let error = lost.error();
    assert_eq!(error.code, ErrorCode::Conflict);
    assert_eq!(error.head.unwrap().head(), Some(chat.state.head));
}

#[tokio::test]
async fn two_creates_at_the_same_time_have_one_winner() {
    let relay = TestRelay::start().await;
    for round in 0..10 {
        let anna = relay.sign_up(&format!("anna{round}")).await;
        let ben = relay.sign_up(&format!("ben{round}")).await;
        let from_anna = Chat::direct(&anna, &ben, relay.origin());
        let from_ben = Chat::direct(&ben, &anna, relay.origin());
        let (one, two) = tokio::join!(
            relay.create(anna.first(), &from_anna.entries[0]),
            relay.create(ben.first(), &from_ben.entries[0]),
        );
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        assert_eq!(
            relay
                .whole_log(anna.first(), &from_anna)
                .await
                .entries
                .len(),
            1
        );
    }
}

#[tokio::test]
async fn notes_to_self_have_one_member() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let chat = relay.request(&anna, &anna).await;
    assert_eq!(chat.state.members.len(), 1);
    assert!(chat.state.may_send(&anna.user));
}

#[tokio::test]
async fn a_conversation_names_this_relay() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let elsewhere = Chat::direct(&anna, &ben, "https://elsewhere.example");
    let answer = relay.create(anna.first(), &elsewhere.entries[0]).await;
    assert_eq!(answer.code(), ErrorCode::Malformed);
}

#[tokio::test]
async fn strangers_are_counted_and_contacts_are_not() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    relay.direct(&ben, &anna).await;
    let limit = limits::STRANGERS_PER_DAY;
    let mut users = Vec::new();
    for index in 0..=limit {
        users.push(relay.sign_up(&format!("person{index}")).await);
    }
    let mut group = Chat::group(&anna, relay.origin());
    relay.create(anna.first(), &group.entries[0]).await;
    let mut named: Vec<_> = users[..limit as usize].iter().map(|p| p.user).collect();
    named.push(ben.user);
    relay
        .act(&mut group, &anna, ConvOp::Invite { users: named })
        .await;
    let one_more = Chat::direct(&anna, &users[limit as usize], relay.origin());
    let answer = relay.create(anna.first(), &one_more.entries[0]).await;
    assert_eq!(answer.status, 429);
    let error = answer.error();
    assert_eq!(error.code, ErrorCode::Quota);
    assert!(error.retry_after_ms.is_some_and(|ms| ms > 0));
    relay.clock.advance(limits::DAY_MS);
    let mut anna = anna;
    crate::kit::direct::open_session(&relay, &anna.handle.clone(), &mut anna.devices[0]).await;
    let answer = relay.create(anna.first(), &one_more.entries[0]).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn somebody_else_s_create_is_refused() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = Chat::direct(&anna, &ben, relay.origin());
    let answer = relay.create(ben.first(), &chat.entries[0]).await;
    assert_eq!(answer.code(), ErrorCode::NotAllowed);
    // A direct conversation of two others.
    let cleo = relay.sign_up("cleo").await;
    let mut users = vec![anna.user, ben.user];
    users.sort();
    let op = create_op(Mode::Direct, relay.origin(), users);
    let after = propose_create(&anna.user, &op).unwrap().state_hash();
    let entry = signed_entry(&cleo, cleo.first(), None, op, after);
    let answer = relay.create(cleo.first(), &entry).await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
}
