//! A restart keeps everything; a restore from an old copy takes lost entries back.

use chatty_protocol::ErrorCode;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::limits;
use chatty_relay::store::sqlite::SqliteStore;

use crate::kit::relay::DATABASE;
use crate::kit::{TestRelay, TestSocket, direct};

#[tokio::test]
async fn a_restart_loses_nothing_and_repeats_nothing() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.direct(&anna, &ben).await;
    let (mut a, before) = TestSocket::connect(&relay, anna.first()).await;
    let first = chat.message(1);
    assert_eq!(a.send_and_wait(&first).await, Ok(3));
    a.drop_dead();
    let relay = relay.restart().await;
    let (mut a, after) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(before.incarnation, after.incarnation);
    assert_eq!(after.changed[0].own, (3, 1));
    assert_eq!(a.send_and_wait(&first).await, Ok(3));
    assert_eq!(a.send_and_wait(&chat.message(2)).await, Ok(4));
    relay
        .act(&mut chat, &ben, ConvOp::Rotate { cuts: Vec::new() })
        .await;
    let rows = relay.rows(ben.first(), &chat, "?after=0").await;
    assert_eq!((rows.head, rows.rows.len()), (5, 5));
}

#[tokio::test]
async fn lost_entries_come_back_from_anybody_before_new_ones() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let cleo = relay.sign_up("cleo").await;
    let mut chat = relay.group(&[&anna, &ben]).await;
    let yesterday = tempfile::tempdir().unwrap();
    let copy = yesterday.path().join("copy.db");
    relay.app.store.backup(copy.clone()).await.unwrap();
    // Lost: an invite, a join and a message.
    let invite = ConvOp::Invite {
        users: vec![cleo.user],
    };
    relay.act(&mut chat, &anna, invite).await;
    let join = chat.join_op(&cleo);
    relay.act(&mut chat, &cleo, join).await;
    let (mut a, before) = TestSocket::connect(&relay, anna.first()).await;
    let lost = chat.message(1);
    assert_eq!(a.send_and_wait(&lost).await, Ok(6));
    a.drop_dead();
    let now = relay.now_ms();
    let relay = relay
        .restart_after(|data| {
            let database = data.join(DATABASE);
            for file in ["-wal", "-shm"] {
                let mut name = database.clone().into_os_string();
                name.push(file);
                let _absent = std::fs::remove_file(name);
            }
            std::fs::copy(&copy, &database).unwrap();
            SqliteStore::restored(&database, [7; 16], now).unwrap();
        })
        .await;
    let (mut a, after) = TestSocket::connect(&relay, anna.first()).await;
    assert_ne!(before.incarnation, after.incarnation);
    assert_eq!(after.changed[0].stream_head, 3);
    // Ben brings what anna and cleo signed.
    for (seq, entry) in [(3, &chat.entries[3]), (4, &chat.entries[4])] {
        let answer = relay.append(ben.first(), &chat.conv, seq, entry).await;
        assert_eq!(
            answer.status,
            200,
            "{:?}",
            String::from_utf8_lossy(&answer.body)
        );
    }
    // The sender repeats its message at the same n.
    assert_eq!(a.send_and_wait(&lost).await, Ok(6));
    // A new entry waits until lost ones had their time.
    chat.time = relay.now_ms();
    let new = chat.next(&anna, ConvOp::Rotate { cuts: Vec::new() });
    let refused = relay.append(anna.first(), &chat.conv, 5, &new).await;
    assert_eq!(refused.code(), ErrorCode::Maintenance);
    assert!(refused.error().retry_after_ms.is_some());
    relay.clock.advance(limits::MAINTENANCE_MS);
    let mut anna = anna;
    direct::open_session(&relay, "anna", &mut anna.devices[0]).await;
    let taken = relay.append(anna.first(), &chat.conv, 5, &new).await;
    assert_eq!(taken.status, 200);
}
