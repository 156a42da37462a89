//! Who may read which rows.

use chatty_protocol::ErrorCode;
use chatty_protocol::codec::decode_exact;
use chatty_protocol::conversation_log::{ConvOp, Policy};
use chatty_protocol::frame::RowFrame;
use chatty_protocol::rest::Rows;

use crate::kit::{TestRelay, TestSocket};

fn seqs(rows: &Rows) -> Vec<u64> {
    let frames = rows.rows.iter();
    let rows = frames.map(|bytes| decode_exact::<RowFrame>(&bytes.0).unwrap());
    rows.map(|row| row.position().1).collect()
}

#[tokio::test]
async fn a_newcomer_reads_from_its_invite_and_a_second_stay_leaves_a_gap() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.group(&[&anna]).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(a.send_and_wait(&chat.message(1)).await, Ok(2));
    let invite = || ConvOp::Invite {
        users: vec![ben.user],
    };
    assert_eq!(relay.act(&mut chat, &anna, invite()).await, 3);
    assert_eq!(a.send_and_wait(&chat.message(2)).await, Ok(4));
    // Invited: reads, also before joining.
    let rows = relay.rows(ben.first(), &chat, "?after=0").await;
    assert_eq!((rows.floor, rows.head, seqs(&rows)), (3, 4, vec![3, 4]));
    let leave = ConvOp::Leave {
        cuts: Vec::new(),
        successor: None,
    };
    assert_eq!(relay.act(&mut chat, &ben, leave).await, 5);
    assert_eq!(a.send_and_wait(&chat.message(3)).await, Ok(6));
    assert_eq!(relay.act(&mut chat, &anna, invite()).await, 7);
    let first = relay.rows(ben.first(), &chat, "?after=0").await;
    assert_eq!(seqs(&first), [3, 4, 5]);
    let second = relay.rows(ben.first(), &chat, "?after=5").await;
    assert_eq!((second.floor, seqs(&second)), (3, vec![7]));
    let newest = relay.rows(ben.first(), &chat, "").await;
    assert_eq!(seqs(&newest), [7]);
    let before = relay.rows(ben.first(), &chat, "?before=7&limit=2").await;
    assert_eq!(seqs(&before), [4, 5]);
    // The log is whole from 0.
    assert_eq!(relay.whole_log(ben.first(), &chat).await.entries.len(), 4);
}

#[tokio::test]
async fn with_shared_history_a_newcomer_reads_everything() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.group(&[&anna]).await;
    let policy = Policy {
        history: 1,
        ..Policy::default()
    };
    relay.act(&mut chat, &anna, ConvOp::SetPolicy(policy)).await;
    let users = vec![ben.user];
    relay.act(&mut chat, &anna, ConvOp::Invite { users }).await;
    let rows = relay.rows(ben.first(), &chat, "?after=0").await;
    assert_eq!((rows.floor, seqs(&rows)), (1, vec![1, 2, 3]));
}

#[tokio::test]
async fn pages_go_both_ways() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    for n in 1..=8 {
        assert_eq!(a.send_and_wait(&chat.message(n)).await, Ok(n + 2));
    }
    for (query, expected) in [
        ("?after=0&limit=3", vec![1, 2, 3]),
        ("?after=8", vec![9, 10]),
        ("?after=10", vec![]),
        ("?before=4", vec![1, 2, 3]),
        ("?before=8&limit=2", vec![6, 7]),
        ("?limit=2", vec![9, 10]),
        ("?before=1", vec![]),
    ] {
        let rows = relay.rows(ben.first(), &chat, query).await;
        assert_eq!(seqs(&rows), expected, "{query}");
        assert_eq!((rows.floor, rows.head), (1, 10), "{query}");
    }
    let path = format!("/conversations/{}/rows?before=2&after=1", chat.conv);
    assert_eq!(
        relay.get(ben.first(), &path).await.code(),
        ErrorCode::Malformed
    );
}
