//! A19: the relay gives a pre-key item again, many times, under old and new numbers, later and after
//! a restart. It makes no session, sends nothing, and costs no key.

use chatty_core::api::Event;
use chatty_e2e::capture;
use chatty_e2e::person::Device;
use chatty_e2e::seed::rounds;
use chatty_e2e::world::World;
use chatty_protocol::envelope::ITEM_PRE_KEY;
use chatty_protocol::frame::{ServerFrame, TdItem};

/// Gives it many times, and says how many items the engine sent meanwhile.
async fn replay(device: &Device, item: &TdItem, times: usize) -> usize {
    device.link.sent();
    for time in 0..times as u64 {
        let mut again = item.clone();
        // As it was, as the newest, and as one long past.
        again.n = [item.n, item.n + 1_000 + time, 1][time as usize % 3];
        device.link.inject(&ServerFrame::TdItem(again));
    }
    device.took_all().await;
    device.settle().await;
    device.link.items_sent()
}

#[tokio::test(flavor = "multi_thread")]
async fn a19_a_replayed_pre_key_item_is_a_no_op() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = bob.chat("@ann").await;
    bob.send(chat, "hello").await;
    ann.accepts(chat).await;
    ann.reads(chat, "hello").await;
    let items = capture::items(&ann.link.came(), bob.id);
    let first = items.iter().find(|item| item.item.kind == ITEM_PRE_KEY);
    let first = first.expect("bob began with a pre-key item").clone();
    ann.send(chat, "hello back").await;
    bob.reads(chat, "hello back").await;
    ann.settle().await;
    bob.settle().await;
    let before = ann.texts(chat).await;
    ann.events();
    assert_eq!(replay(&ann, &first, rounds(300, 20_000)).await, 0);
    ann.restart().await;
    ann.sync().await;
    assert_eq!(replay(&ann, &first, rounds(100, 5_000)).await, 0);
    let alarms = ann.events().into_iter();
    let alarms: Vec<_> = alarms
        .filter(|event| matches!(event, Event::Alarm { .. } | Event::MessageAdded { .. }))
        .collect();
    assert_eq!(alarms, []);
    assert_eq!(ann.texts(chat).await, before);
    // The pair talks on over the session that it had, with items of new generations too.
    let group = world.group(&bob, &[&ann], "New keys").await;
    for (from, to) in [(&bob, &ann), (&ann, &bob)] {
        from.send(group, "still there?").await;
        to.reads(group, "still there?").await;
    }
}
