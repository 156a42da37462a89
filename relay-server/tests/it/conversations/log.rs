//! `GET` and `POST /conversations/{id}/log`.

use chatty_protocol::ErrorCode;
use chatty_protocol::conversation_log::{ConvOp, Policy};
use chatty_protocol::frame::RowFrame;
use chatty_protocol::rest::{ConversationLog, EntryAppended};

use crate::kit::{Chat, TestRelay, TestSocket};

#[tokio::test]
async fn an_entry_is_appended_once_and_everybody_hears_it() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.group(&[&anna]).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    let users = vec![ben.user];
    let invite = chat.next(&anna, ConvOp::Invite { users });
    for _ in 0..2 {
        let answer = relay.append(anna.first(), &chat.conv, 1, &invite).await;
        assert_eq!(answer.json::<EntryAppended>().seq, 2);
    }
    chat.apply(&invite);
    let expected = RowFrame::Entry {
        conv: chat.conv,
        seq: 2,
        entry: invite,
    };
    assert_eq!(a.row().await, expected);
    assert_eq!(b.row().await, expected);
    let log = relay.whole_log(ben.first(), &chat).await;
    assert_eq!(log.head.head(), Some(chat.state.head));
    let bytes: Vec<Vec<u8>> = log.entries.into_iter().map(|row| row.entry.0).collect();
    let mine: Vec<Vec<u8>> = chat.entries.iter().map(|entry| entry.to_bytes()).collect();
    assert_eq!(bytes, mine);
}

#[tokio::test]
async fn the_loser_of_a_race_learns_the_head() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.group(&[&anna, &ben]).await;
    let entries: Vec<_> = [60, 3_600]
        .map(|timer_s| {
            let policy = Policy {
                timer_s,
                ..Policy::default()
            };
            chat.next(&anna, ConvOp::SetPolicy(policy))
        })
        .into();
    let (one, two) = tokio::join!(
        relay.append(anna.first(), &chat.conv, 3, &entries[0]),
        relay.append(anna.first(), &chat.conv, 3, &entries[1]),
    );
    let (winner, lost) = if one.status == 200 {
        (0, two)
    } else {
        (1, one)
    };
    chat.apply(&entries[winner]);
    assert_eq!(lost.status, 409);
    let error = lost.error();
    assert_eq!(error.code, ErrorCode::StaleSeq);
    assert_eq!(error.head.unwrap().head(), Some(chat.state.head));
    // And so it stays.
    let later = relay
        .append(anna.first(), &chat.conv, 3, &entries[1 - winner])
        .await;
    assert_eq!(later.code(), ErrorCode::StaleSeq);
}

#[tokio::test]
async fn a_page_of_the_log() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.group(&[&anna, &ben]).await;
    for _ in 0..4 {
        relay
            .act(&mut chat, &anna, ConvOp::Rotate { cuts: Vec::new() })
            .await;
    }
    let page: ConversationLog = relay
        .log_page(ben.first(), &chat, "?from=2&limit=3")
        .await
        .json();
    assert_eq!(page.head.0, 6);
    let seqs: Vec<u64> = page.entries.iter().map(|row| row.seq).collect();
    assert_eq!(seqs, [3, 4, 5]);
    for query in ["?from=x", "?limit=-1"] {
        let answer = relay.log_page(ben.first(), &chat, query).await;
        assert_eq!(answer.code(), ErrorCode::Malformed);
    }
}

#[tokio::test]
async fn a_stranger_s_log_is_not_there() {
    let relay = TestRelay::start().await;
    let (anna, eve) = (relay.sign_up("anna").await, relay.sign_up("eve").await);
    let chat = relay.group(&[&anna]).await;
    let nowhere = Chat::group(&anna, relay.origin());
    for conv in [&chat, &nowhere] {
        for path in ["log", "rows", "marks"] {
            let path = format!("/conversations/{}/{path}", conv.conv);
            assert_eq!(
                relay.get(eve.first(), &path).await.code(),
                ErrorCode::NotFound
            );
        }
        let entry = conv.next(&anna, ConvOp::Rotate { cuts: Vec::new() });
        let mut entry_of_eve = entry.open().unwrap();
        entry_of_eve.actor = eve.user;
        entry_of_eve.device = eve.first().id;
        entry_of_eve.actor_head = eve.log.head;
        let inner = chatty_protocol::codec::encode(&entry_of_eve);
        let context = chatty_protocol::sign::SignContext::ConvLog;
        let entry = crate::kit::person::sign(&eve.first().key, context, inner);
        let answer = relay.append(eve.first(), &conv.conv, 1, &entry).await;
        assert_eq!(answer.code(), ErrorCode::NotFound);
    }
}
