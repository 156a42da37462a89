//! Device logs: rollback, freeze, two views to two people.

use chatty_core::api::device::DeviceRevoke;
use chatty_core::api::events::AlarmKind;
use chatty_core::api::person::ProfileGet;
use chatty_core::api::state::{ContactState, MessageState};
use chatty_e2e::forge::Forged;
use chatty_e2e::lies;
use chatty_e2e::person::Device;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::device_log::{Class, DeviceOp};

async fn trust(device: &Device, person: &Device) -> ContactState {
    let person = Some(person.at());
    device.must(ProfileGet { person }).await.state
}

/// What the two show and read in the end.
async fn talk(a: &Device, b: &Device, chat: chatty_protocol::ConvId) {
    for (from, to) in [(a, b), (b, a)] {
        let text = format!("honest again, {}", from.handle);
        from.send(chat, &text).await;
        to.reads(chat, &text).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_an_older_device_log_is_flagged_and_takes_no_device_back() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut bob = world.person("bob").await;
    let chat = world.friends(&ann, &bob).await;
    let head = bob.keys().await.log(&bob.user).head;
    bob.settle().await;
    let second = world.second_device(&bob).await;
    second.sees(chat).await;
    ann.send(chat, "to both").await;
    second.reads(chat, "to both").await;
    ann.settle().await;
    ann.events();
    ann.link.attack(lies::device_log_up_to(bob.user, head));
    ann.link.cut();
    let (_, about) = ann.alarmed(AlarmKind::Rollback).await;
    assert_eq!(about, Some(bob.user));
    ann.send(chat, "still to both").await;
    second.reads(chat, "still to both").await;
    ann.link.calm();
    ann.link.cut();
    talk(&ann, &second, chat).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_an_older_device_log_gives_no_removed_device_back() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut bob = world.person("bob").await;
    let chat = world.friends(&ann, &bob).await;
    let lost = world.second_device(&bob).await;
    lost.sees(chat).await;
    let head = bob.keys().await.log(&bob.user).head;
    bob.settle().await;
    bob.must(DeviceRevoke { device: lost.id }).await;
    ann.send(chat, "after the removal").await;
    bob.reads(chat, "after the removal").await;
    ann.settle().await;
    ann.events();
    ann.link.attack(lies::device_log_up_to(bob.user, head));
    ann.link.cut();
    let (_, about) = ann.alarmed(AlarmKind::Rollback).await;
    assert_eq!(about, Some(bob.user));
    ann.link.reached();
    // Enough for a new generation, whose key goes to everybody who counts.
    for number in 0..101 {
        ann.write(chat, &format!("number {number}")).await;
    }
    bob.reads(chat, "number 100").await;
    let reached = ann.link.reached();
    assert!(reached.contains(&bob.id), "{reached:?}");
    assert!(!reached.contains(&lost.id), "{reached:?}");
    ann.link.calm();
    talk(&ann, &bob, chat).await;
}

/// The thief of a device's keys signs another entry, and the relay shows it to ann alone.
async fn forked() -> (World, Device, Device, chatty_protocol::ConvId) {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut bob = world.person("bob").await;
    let chat = world.friends(&ann, &bob).await;
    let thief = bob.keys().await;
    bob.settle().await;
    let head = thief.log(&bob.user).head;
    let ghost = Forged::of(bob.user);
    let add = DeviceOp::Add {
        cert: ghost.cert,
        class: Class::Full,
        expires: 0,
    };
    let rival = thief.device_entry(bob.user, head, add);
    ann.link
        .attack(lies::device_log_with_rival(bob.user, head, rival));
    ann.link.cut();
    ann.sync().await;
    (world, ann, bob, chat)
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_two_views_are_flagged_by_the_first_message_of_the_owner() {
    let (world, ann, bob, chat) = forked().await;
    // Bob's own log goes on, elsewhere; the first thing that he writes names it.
    let _second = world.second_device(&bob).await;
    ann.events();
    bob.events();
    bob.send(chat, "this crosses the fork").await;
    let (_, about) = ann.alarmed(AlarmKind::DeviceLogForked).await;
    assert_eq!(about, Some(bob.user));
    bob.alarmed(AlarmKind::DeviceLogForked).await;
    assert_eq!(trust(&ann, &bob).await, ContactState::Changed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_two_views_are_flagged_by_the_first_key_of_the_other() {
    let (world, ann, bob, chat) = forked().await;
    let _second = world.second_device(&bob).await;
    ann.events();
    bob.events();
    // The key that goes with it names bob's log as ann was shown it. She was shown a new device,
    // so it is a new key for everybody.
    for number in 0..101 {
        ann.write(chat, &format!("number {number}")).await;
    }
    bob.alarmed(AlarmKind::DeviceLogForked).await;
    let (_, about) = ann.alarmed(AlarmKind::DeviceLogForked).await;
    assert_eq!(about, Some(bob.user));
    assert_eq!(trust(&ann, &bob).await, ContactState::Changed);
}

/// Without a signature, another history is only a page that does not fit.
#[tokio::test(flavor = "multi_thread")]
async fn a3_an_unsigned_rival_forks_nothing() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut bob = world.person("bob").await;
    let chat = world.friends(&ann, &bob).await;
    let keys = bob.keys().await;
    let second = world.second_device(&bob).await;
    second.sees(chat).await;
    ann.send(chat, "to both").await;
    second.reads(chat, "to both").await;
    let head = keys.log(&bob.user).head;
    let forged = Forged::of(bob.user);
    let add = DeviceOp::Add {
        cert: forged.cert.clone(),
        class: Class::Full,
        expires: 0,
    };
    let rival = forged.device_entry(bob.user, head, Some(bob.id), add);
    ann.settle().await;
    ann.events();
    // Shown in a page that ann asks for because there seems to be something new.
    ann.link.attack(lies::with_device_entry(bob.user, rival));
    ann.link.cut();
    let (_, about) = ann.alarmed(AlarmKind::Forged).await;
    assert_eq!(about, Some(bob.user));
    talk(&ann, &second, chat).await;
    let alarms = ann.alarms();
    assert!(!alarms.contains(&AlarmKind::DeviceLogForked), "{alarms:?}");
    assert_eq!(trust(&ann, &bob).await, ContactState::Known);
}

/// The relay hides a removal. The first key that the owner gets says so.
#[tokio::test(flavor = "multi_thread")]
async fn a3_a_frozen_device_log_shows_at_the_first_key() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut bob = world.person("bob").await;
    let chat = world.friends(&ann, &bob).await;
    let lost = world.second_device(&bob).await;
    lost.sees(chat).await;
    ann.send(chat, "to both").await;
    lost.reads(chat, "to both").await;
    let head = bob.keys().await.log(&bob.user).head;
    bob.settle().await;
    // A direct chat rotates by an entry as soon as bob removes the device: that is hidden too.
    ann.link.attack(lies::device_log_up_to(bob.user, head));
    bob.must(DeviceRevoke { device: lost.id }).await;
    bob.events();
    for number in 0..101 {
        ann.write(chat, &format!("number {number}")).await;
    }
    let (about, _) = bob.alarmed(AlarmKind::RemovedDevice).await;
    assert_eq!(about, Some(chat));
    ann.link.calm();
    ann.link.cut();
    // Whatever was on its way when the truth came is over.
    ann.settle().await;
    ann.link.reached();
    for number in 0..101 {
        ann.write(chat, &format!("later {number}")).await;
    }
    bob.reads(chat, "later 100").await;
    assert!(!ann.link.reached().contains(&lost.id));
    until("nothing of ann's is unreadable", async || {
        let rows = bob.messages(chat).await;
        let lost = rows.iter().any(|row| row.state == MessageState::KeyLost);
        (!lost).then_some(())
    })
    .await;
}
