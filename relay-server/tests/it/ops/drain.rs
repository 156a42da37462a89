//! A relay that is told to stop while everybody writes: what was accepted is there afterwards.

use std::sync::Arc;

use chatty_protocol::codec::decode_exact;
use chatty_protocol::envelope::Send;
use chatty_protocol::frame::{ClientFrame, RowFrame, ServerFrame};
use tokio::sync::Semaphore;

use crate::kit::{Chat, Device, TestRelay, TestSocket};

/// Pairs that write.
const PAIRS: usize = 4;
/// Accepted messages after which the relay is told to stop.
const ENOUGH: u32 = 200;

/// Writes until the relay is gone; what it accepted, and whether it announced the end.
async fn write(
    mut socket: TestSocket,
    sends: Vec<Send>,
    accepted: Arc<Semaphore>,
) -> (Vec<(u64, Send)>, bool) {
    let (mut told, mut drained) = (Vec::new(), false);
    for send in sends {
        socket.put(&ClientFrame::Send(send.clone())).await;
        loop {
            match socket.next_or_closed().await {
                Some(ServerFrame::Accepted { seq, .. }) => {
                    told.push((seq, send));
                    accepted.add_permits(1);
                    break;
                }
                Some(ServerFrame::Drain { .. }) => drained = true,
                Some(ServerFrame::Refused { code, .. }) => {
                    assert_eq!(code.status(), 503, "{code}");
                    return (told, drained);
                }
                Some(_) => {}
                None => return (told, drained),
            }
        }
        if drained {
            // As a client does: it leaves after its answer and comes again.
            return (told, drained);
        }
    }
    panic!("the relay never stopped");
}

async fn rows(relay: &TestRelay, device: &Device, chat: &Chat) -> Vec<RowFrame> {
    let (mut found, mut after) = (Vec::new(), 2);
    loop {
        let page = relay.rows(device, chat, &format!("?after={after}")).await;
        if page.rows.is_empty() {
            return found;
        }
        for bytes in page.rows {
            let row: RowFrame = decode_exact(&bytes.0).unwrap();
            after = row.position().1;
            found.push(row);
        }
    }
}

#[tokio::test]
async fn a_stop_under_load_keeps_what_was_accepted() {
    let relay = TestRelay::start_with(|config| config.limits.send_burst = 1_000_000).await;
    let accepted = Arc::new(Semaphore::new(0));
    let (mut people, mut writers) = (Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        let anna = relay.sign_up(&format!("anna{pair}")).await;
        let ben = relay.sign_up(&format!("ben{pair}")).await;
        let chat = relay.direct(&anna, &ben).await;
        let (a, _) = TestSocket::connect(&relay, anna.first()).await;
        let sends = (1..=20_000).map(|n| chat.message_of(n, 20)).collect();
        writers.push(tokio::spawn(write(a, sends, Arc::clone(&accepted))));
        people.push((anna, chat));
    }
    accepted.acquire_many(ENOUGH).await.unwrap().forget();
    let relay = relay.restart().await;
    for (writer, (anna, chat)) in writers.into_iter().zip(people) {
        let (told, drained) = writer.await.unwrap();
        assert!(drained, "the end is announced");
        let stored = rows(&relay, anna.first(), &chat).await;
        assert!(stored.len() >= told.len());
        for (row, (seq, send)) in stored.iter().zip(&told) {
            let RowFrame::Message { send: kept, .. } = row else {
                panic!("{row:?}");
            };
            assert_eq!((row.position().1, kept), (*seq, send));
        }
    }
    assert_eq!(relay.app.store.stats().holes, 0);
}
