//! Purge from end to end: what is old goes, what is signed stays, and devices see a boundary.

use chatty_protocol::codec::decode_exact;
use chatty_protocol::conversation_log::{ConvOp, Policy};
use chatty_protocol::frame::{Known, RowFrame};
use chatty_protocol::limits::{DAY_MS, RETENTION_MS, TIMER_PURGE_MS};
use chatty_relay::config::Config;
use chatty_relay::ops::doctor::{self, Depth};

use crate::kit::{Chat, Person, TestRelay, TestSocket, direct};

async fn frames(relay: &TestRelay, person: &Person, chat: &Chat) -> (u64, Vec<RowFrame>) {
    let page = relay.rows(person.first(), chat, "?after=0").await;
    let rows = page.rows.into_iter();
    (
        page.floor,
        rows.map(|row| decode_exact(&row.0).unwrap()).collect(),
    )
}

async fn later(relay: &TestRelay, people: &mut [&mut Person], ms: u64) {
    relay.clock.advance(ms);
    relay.relay.run_due().await.unwrap();
    for person in people {
        let handle = person.handle.clone();
        direct::open_session(relay, &handle, &mut person.devices[0]).await;
    }
}

#[tokio::test]
async fn old_rows_go_and_a_device_that_was_away_sees_where_they_began() {
    assert_eq!(Config::new("data").retention_ms, RETENTION_MS);
    let relay = TestRelay::start_with(|config| config.retention_ms = 40 * DAY_MS).await;
    let (mut anna, mut ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    for n in 1..=3 {
        assert_eq!(a.send_and_wait(&chat.message(n)).await, Ok(n + 2));
    }
    a.drop_dead();
    later(&relay, &mut [&mut anna, &mut ben], 30 * DAY_MS).await;
    chat.time = relay.now_ms();
    relay
        .act(&mut chat, &ben, ConvOp::Rotate { cuts: Vec::new() })
        .await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(a.send_and_wait(&chat.message(4)).await, Ok(7));
    assert_eq!(
        frames(&relay, &ben, &chat).await.1.len(),
        7,
        "nothing is old yet"
    );
    a.drop_dead();
    later(&relay, &mut [&mut anna, &mut ben], 11 * DAY_MS).await;
    let (floor, rows) = frames(&relay, &ben, &chat).await;
    assert_eq!(floor, 6, "rows 1 to 5 were before the cut");
    let numbers: Vec<u64> = rows.iter().map(|row| row.position().1).collect();
    assert_eq!(numbers, [6, 7]);
    // Every entry is still there: membership is never purged.
    assert_eq!(relay.whole_log(ben.first(), &chat).await.entries.len(), 3);
    let known = Known {
        conv: chat.conv,
        seq: 1,
        mark_time: 0,
    };
    let (_b, ready) = TestSocket::connect_with(&relay, ben.first(), vec![known]).await;
    assert_eq!(
        (ready.changed[0].floor, ready.changed[0].stream_head),
        (6, 7)
    );
    // A purged number is not free: neither at the relay, nor after a restart.
    let relay = relay.restart().await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert!(a.send_and_wait(&chat.message(2)).await.is_err());
    // Whoever writes on connects anew: behind a refused number nothing is taken.
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(a.send_and_wait(&chat.message(5)).await, Ok(8));
    let report = doctor::examine(&relay.app.config, Depth::Streams).await;
    assert!(report.is_sound(), "{report}");
}

#[tokio::test]
async fn timer_rows_are_emptied_and_keep_their_place() {
    let relay = TestRelay::start().await;
    let (mut anna, mut ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let mut chat = relay.direct(&anna, &ben).await;
    let policy = Policy {
        timer_s: 3_600,
        ..chat.state.policy.clone()
    };
    relay.act(&mut chat, &anna, ConvOp::SetPolicy(policy)).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(a.send_and_wait(&chat.message(1)).await, Ok(4));
    a.drop_dead();
    later(&relay, &mut [&mut anna, &mut ben], TIMER_PURGE_MS - 1).await;
    let kept = frames(&relay, &ben, &chat).await.1;
    assert!(
        matches!(kept[3], RowFrame::Message { .. }),
        "devices may be away for 30 days"
    );
    later(&relay, &mut [&mut anna, &mut ben], 2).await;
    let (floor, rows) = frames(&relay, &ben, &chat).await;
    assert_eq!((floor, rows.len()), (1, 4));
    let RowFrame::Void {
        seq: 4,
        n: 1,
        device,
        ..
    } = &rows[3]
    else {
        panic!("{:?}", rows[3]);
    };
    assert_eq!(*device, anna.first().id);
    let report = doctor::examine(&relay.app.config, Depth::Streams).await;
    assert!(report.is_sound(), "{report}");
}
