//! Removals and messages have one order: nothing is accepted from a removed member behind its
//! removal, and nothing sent before it is lost.

use chatty_protocol::ErrorCode;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::frame::{ClientFrame, RowFrame};

use crate::kit::{TestRelay, TestSocket};

#[tokio::test]
async fn a_removal_and_messages_race_into_one_order() {
    let relay = TestRelay::start_with(|config| config.limits.send_burst = 10_000).await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    for round in 0..8u64 {
        let mut chat = relay.group(&[&anna, &ben]).await;
        let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
        let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
        for n in 1..=60 {
            b.feed(&ClientFrame::Send(chat.message(n))).await;
        }
        // Different rounds let the removal meet the messages at different places.
        let before_removal = round * 8;
        b.flush().await;
        let mut answers = Vec::new();
        for _ in 0..before_removal {
            answers.push(b.answer().await);
        }
        let cut = ConvOp::Remove {
            user: ben.user,
            cuts: Vec::new(),
        };
        let removed_at = relay.act(&mut chat, &anna, cut).await;
        while answers.len() < 60 {
            answers.push(b.answer().await);
        }
        let accepted: Vec<u64> = (answers.iter().flatten()).map(|(seq, _)| *seq).collect();
        assert!(accepted.iter().all(|seq| *seq < removed_at), "{accepted:?}");
        // All of ben's rows are before the removal, so the stream ends with it.
        let rows = relay.rows(anna.first(), &chat, "?after=0").await;
        assert_eq!(rows.head, removed_at);
        assert_eq!(rows.head, 3 + 1 + accepted.len() as u64);
        let first_refusal = answers.iter().find_map(|answer| answer.err());
        if let Some((code, _)) = first_refusal {
            let fits = matches!(code, ErrorCode::NotMember | ErrorCode::StaleLog);
            assert!(fits, "{code}");
        }
        // Both sockets saw the removal, ben nothing behind it.
        for socket in [&mut a, &mut b] {
            let last = socket
                .until(|frame| match frame {
                    chatty_protocol::frame::ServerFrame::Row(RowFrame::Entry { seq, .. }) => {
                        Some(*seq)
                    }
                    _ => None,
                })
                .await;
            assert_eq!(last, removed_at);
        }
        b.settle().await;
        a.drop_dead();
        b.drop_dead();
    }
}

#[tokio::test]
async fn who_was_removed_hears_nothing_later() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let mut chat = relay.group(&[&anna, &ben]).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(a.send_and_wait(&chat.message(1)).await, Ok(4));
    let cuts = Vec::new();
    let remove = ConvOp::Remove {
        user: ben.user,
        cuts,
    };
    assert_eq!(relay.act(&mut chat, &anna, remove).await, 5);
    assert_eq!(a.send_and_wait(&chat.message(2)).await, Ok(6));
    b.row().await;
    assert!(matches!(b.row().await, RowFrame::Entry { seq: 5, .. }));
    b.settle().await;
    assert!(b.passed.is_empty(), "{:?}", b.passed);
    assert_eq!(
        b.send_and_wait(&chat.message(1)).await,
        Err(ErrorCode::NotMember)
    );
    // By REST it reads up to its removal, that entry included.
    let rows = relay.rows(ben.first(), &chat, "?after=0").await;
    assert_eq!((rows.floor, rows.head, rows.rows.len()), (2, 5, 4));
    let log = relay.whole_log(ben.first(), &chat).await;
    assert_eq!((log.head.0, log.entries.len()), (3, 4));
}
