//! B12: receipts tell when somebody reads. They go to accepted contacts and groups of at most 32
//! only, can be switched off, and a flood of rows brings no flood of receipts.

use chatty_core::api::chat::{ChatReceipts, ChatSetReceipts};
use chatty_core::api::state::{MessageState, ReceiptLevel};
use chatty_e2e::person::Device;
use chatty_e2e::wait::{moment, until};
use chatty_e2e::world::World;
use chatty_protocol::ConvId;
use chatty_protocol::envelope::LANE_MARK;
use chatty_protocol::frame::ClientFrame;

/// Receipts that the engine gave to the relay since frames were taken last.
fn receipts(device: &Device, chat: ConvId) -> usize {
    let marks = device.link.sent().into_iter().filter(|frame| {
        matches!(frame, ClientFrame::Send(send) if send.lane == LANE_MARK && send.conv == chat)
    });
    marks.count()
}

#[tokio::test(flavor = "multi_thread")]
async fn b12_receipts_stop_when_switched_off_on_every_own_device() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let bob2 = world.second_device(&bob).await;
    bob2.sees(chat).await;
    let ask = || ChatReceipts { chat: Some(chat) };
    let switch = |level| ChatSetReceipts {
        chat: Some(chat),
        level: Some(level),
    };
    let level = bob2.must(ask()).await.level;
    assert_eq!(level, ReceiptLevel::Read, "on by default");
    bob.must(switch(ReceiptLevel::None)).await;
    until("the other device follows", async || {
        (bob2.must(ask()).await.level == ReceiptLevel::None).then_some(())
    })
    .await;
    for device in [&bob, &bob2] {
        device.settle().await;
        receipts(device, chat);
    }
    let silent = ann.send(chat, "are you there").await;
    for device in [&bob, &bob2] {
        device.reads(chat, "are you there").await;
        device.read(chat).await;
        device.settle().await;
    }
    moment().await;
    for device in [&bob, &bob2] {
        assert_eq!(receipts(device, chat), 0);
    }
    ann.shows(chat, silent, "only sent", |row| {
        row.state == MessageState::Sent
    })
    .await;
    bob.must(switch(ReceiptLevel::Read)).await;
    let heard = ann.send(chat, "and now").await;
    bob.reads(chat, "and now").await;
    bob.read(chat).await;
    ann.shows(chat, heard, "read", |row| row.state == MessageState::Read)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b12_many_rows_bring_few_receipts() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    bob.settle().await;
    receipts(&bob, chat);
    let started = std::time::Instant::now();
    for number in 0..40 {
        ann.write(chat, &format!("{number}")).await;
    }
    bob.reads(chat, "39").await;
    bob.settle().await;
    let seconds = started.elapsed().as_secs() as usize;
    let sent = receipts(&bob, chat);
    assert!(sent >= 1, "the newest is acknowledged");
    assert!(sent <= seconds + 2, "{sent} receipts in {seconds} s");
}
