//! A device that was away for long gets its keys when it asks.

use chatty_core::api::state::MessageState;
use chatty_e2e::hostile::{Hostile, edit};
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::ErrorCode;
use chatty_protocol::frame::{ClientFrame, ServerFrame};
use chatty_protocol::limits;
use chatty_protocol::rest::ClaimedKeys;

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_away_for_a_month_asks_the_owner_and_reads_all() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let mut bob2 = world.second_device(&bob).await;
    bob2.sees(chat).await;
    ann.send(chat, "before").await;
    bob2.reads(chat, "before").await;
    bob2.settle().await;
    bob2.kill();
    // A month passes for everybody.
    let month = i64::try_from(limits::INBOX_MS + limits::DAY_MS).unwrap();
    world.relay.clock.advance(month);
    for device in [&ann, &bob, &bob2] {
        device.link.skew(month);
        device.link.cut();
    }
    ann.settle().await;
    bob.settle().await;
    ann.link.came();
    // A new generation is due by age; the relay takes no key for the device that is away.
    let first = ann.send(chat, "while you were away").await;
    let dormant = ann.link.came().into_iter().any(|frame| match frame {
        ServerFrame::TdAccepted { refused, .. } => refused
            .iter()
            .any(|(_, code)| *code == ErrorCode::InboxFull),
        _ => false,
    });
    assert!(dormant, "the relay called the device dormant");
    ann.send(chat, "and one more").await;
    bob.reads(chat, "and one more").await;
    bob2.start().await;
    bob2.reads(chat, "while you were away").await;
    bob2.reads(chat, "and one more").await;
    let rows = bob2.messages(chat).await;
    let row = rows.iter().find(|row| row.id == first).unwrap();
    assert_eq!(row.state, MessageState::Delivered);
    // It asked, and the owner answered once for the generation.
    let asked = bob2.link.sent().into_iter().filter(|frame| {
        matches!(frame, ClientFrame::ToDevice { items, .. } if items.iter().any(|item| item.to == ann.id))
    });
    assert!(asked.count() > 0);
    // From the next generation on it gets its keys by itself.
    ann.set_timer(chat, 86_400).await;
    ann.send(chat, "back to normal").await;
    bob2.reads(chat, "back to normal").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_keys_at_the_relay_asks_when_it_comes() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    // The relay gives no key of bob's new device to ann: no session can be had.
    let broken = Hostile::new().answer(|ask, answer| {
        if ask.is("POST", "/keys/claim") {
            edit::<ClaimedKeys>(answer, |claimed| {
                for given in &mut claimed.keys {
                    given.key = None;
                }
            });
        }
    });
    ann.link.attack(broken);
    let bob2 = world.second_device(&bob).await;
    bob2.sees(chat).await;
    bob2.settle().await;
    let message = ann.send(chat, "no key for you").await;
    bob.reads(chat, "no key for you").await;
    // Asked by a session of the other side, the owner answers.
    bob2.reads(chat, "no key for you").await;
    until("it is shown once", async || {
        let rows = bob2.messages(chat).await;
        (rows.iter().filter(|row| row.id == message).count() == 1).then_some(())
    })
    .await;
}
