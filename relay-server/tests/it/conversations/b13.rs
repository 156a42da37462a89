//! Somebody who blocked me answers like somebody who does not exist.

use chatty_protocol::ErrorCode;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::rest::Blocks;

use crate::kit::{Chat, Person, TestRelay};

#[tokio::test]
async fn b13_blocked_and_unknown_answer_alike() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let nobody = Person::new("nobody");
    let path = format!("/blocks/{}", anna.user);
    for _ in 0..2 {
        assert_eq!(relay.put(ben.first(), &path).await.status, 204);
    }
    let blocks: Blocks = relay.get(ben.first(), "/blocks").await.json();
    assert_eq!(blocks.users, [anna.user]);
    let mut bodies = Vec::new();
    let mut group = relay.group(&[&anna]).await;
    for person in [&ben, &nobody] {
        let chat = Chat::direct(&anna, person, relay.origin());
        let answer = relay.create(anna.first(), &chat.entries[0]).await;
        assert_eq!(answer.code(), ErrorCode::BlockedOrUnknown);
        let users = vec![person.user];
        let invite = group.next(&anna, ConvOp::Invite { users });
        let invited = relay.append(anna.first(), &group.conv, 1, &invite).await;
        assert_eq!(invited.code(), ErrorCode::BlockedOrUnknown);
        bodies.push((answer.status, answer.body, invited.status, invited.body));
    }
    assert_eq!(bodies[0], bodies[1]);
    // Nothing reached ben, and the block goes one way.
    assert_eq!(relay.delete(ben.first(), &path).await.status, 204);
    let users = vec![ben.user];
    relay.act(&mut group, &anna, ConvOp::Invite { users }).await;
    relay.request(&anna, &ben).await;
}

#[tokio::test]
async fn blocks_name_other_people_that_exist() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let nobody = Person::new("nobody");
    for (user, code) in [
        (nobody.user, ErrorCode::NotFound),
        (anna.user, ErrorCode::Malformed),
    ] {
        let answer = relay.put(anna.first(), &format!("/blocks/{user}")).await;
        assert_eq!(answer.code(), code);
    }
    let answer = relay.put(anna.first(), "/blocks/u123").await;
    assert_eq!(answer.code(), ErrorCode::NotFound);
}
