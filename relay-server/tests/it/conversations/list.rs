//! `GET /conversations`, `DELETE /requests/{conv}`.

use chatty_protocol::ErrorCode;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::rest::Conversations;

use crate::kit::{Device, TestRelay, TestSocket};

async fn list(relay: &TestRelay, device: &Device) -> Conversations {
    relay.get(device, "/conversations").await.json()
}

#[tokio::test]
async fn a_list_names_positions() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(a.send_and_wait(&chat.message(4)).await, Ok(3));
    let mine = list(&relay, anna.first()).await;
    assert_eq!(mine.cursor, None);
    let row = &mine.conversations[0];
    assert_eq!((row.conv, row.stream_head, row.log_seq), (chat.conv, 3, 1));
    assert_eq!((row.floor, row.own_seq, row.own_n), (1, 3, 4));
    let theirs = list(&relay, ben.first()).await;
    let row = &theirs.conversations[0];
    assert_eq!((row.own_seq, row.own_n), (0, 0));
    let answer = relay.get(anna.first(), "/conversations?cursor=zzz").await;
    assert_eq!(answer.code(), ErrorCode::Malformed);
}

#[tokio::test]
async fn a_deleted_request_stays_away_until_it_is_joined() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.request(&anna, &ben).await;
    let path = format!("/requests/{}", chat.conv);
    // Only the invited user has a request here.
    assert_eq!(
        relay.delete(anna.first(), &path).await.code(),
        ErrorCode::NotFound
    );
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(relay.delete(ben.first(), &path).await.status, 204);
    assert!(list(&relay, ben.first()).await.conversations.is_empty());
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(a.send_and_wait(&chat.message(1)).await, Ok(2));
    b.settle().await;
    assert!(b.passed.is_empty(), "{:?}", b.passed);
    b.drop_dead();
    let (_b, ready) = TestSocket::connect(&relay, ben.first()).await;
    assert!(ready.changed.is_empty());
    let join = chat.join_op(&ben);
    relay.act(&mut chat, &ben, join).await;
    assert_eq!(list(&relay, ben.first()).await.conversations.len(), 1);
}

#[tokio::test]
async fn a_group_that_was_left_shows_its_end() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.group(&[&anna, &ben]).await;
    let remove = ConvOp::Remove {
        user: ben.user,
        cuts: Vec::new(),
    };
    let end = relay.act(&mut chat, &anna, remove).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert!(a.send_and_wait(&chat.message(1)).await.is_ok());
    let row = list(&relay, ben.first()).await.conversations[0].clone();
    assert_eq!((row.conv, row.stream_head), (chat.conv, end));
}
