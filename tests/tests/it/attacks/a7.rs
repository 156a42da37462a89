//! A7: a key request is answered to the wrong device. The request below is perfect: a stolen
//! device asks with its own keys and sessions; only its standing in the log is against it.

use chatty_core::api::device::DeviceRevoke;
use chatty_crypto::megolm::{self, Ask};
use chatty_crypto::olm::Peer;
use chatty_e2e::insider::Insider;
use chatty_e2e::person::Device;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::ConvId;
use chatty_protocol::frame::{ClientFrame, RowFrame, ServerFrame};
use chatty_protocol::sign::Key;

/// The newest session of a sender as the relay sees it.
fn session_of(reader: &Device, sender: &Device) -> Key {
    let frames = reader.link.came();
    let mut sessions = frames.iter().rev().filter_map(|frame| match frame {
        ServerFrame::Row(RowFrame::Message { device, send, .. }) if *device == sender.id => {
            Some(send.session)
        }
        _ => None,
    });
    sessions.next().expect("a message of the sender")
}

fn peer(device: &Device) -> Peer {
    Peer {
        user: device.user,
        device: device.id,
    }
}

/// The thief asks a device for the key of somebody's session.
fn asks(thief: &Insider, whom: &Device, owner: &Device, conv: ConvId, session: Key, n: u64) {
    let owner = peer(owner);
    let asked = thief.with(|tx| megolm::request_key(tx, &conv, &owner, &session));
    let Ask::Send { body, .. } = asked.expect("readable") else {
        panic!("nothing to ask");
    };
    let item = thief.item(&peer(whom), &body);
    whom.link.deliver(thief.own.user, thief.own.device, n, item);
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_a_removed_device_gets_no_key_of_anybody() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let bob = world.person("bob").await;
    let chat = world.friends(&ann, &bob).await;
    let mut lost = world.second_device(&bob).await;
    lost.sees(chat).await;
    // A session in both directions with both, so that the thief has one with each.
    lost.send(chat, "from the device that will be lost").await;
    ann.reads(chat, "from the device that will be lost").await;
    ann.send(chat, "before the loss").await;
    lost.reads(chat, "before the loss").await;
    for device in [&ann, &bob, &lost] {
        device.settle().await;
    }
    let thief = lost.keys().await;
    lost.settle().await;
    lost.kill();
    ann.link.reached();
    // While it is a device of bob's it is answered: the request as such is good.
    let before = session_of(&bob, &ann);
    asks(&thief, &ann, &ann, chat, before, 1_000);
    until("ann answers a live device", async || {
        ann.link.reached().contains(&lost.id).then_some(())
    })
    .await;
    bob.must(DeviceRevoke { device: lost.id }).await;
    bob.send(chat, "it is gone").await;
    ann.reads(chat, "it is gone").await;
    ann.send(chat, "after the loss").await;
    bob.reads(chat, "after the loss").await;
    ann.settle().await;
    let after = session_of(&bob, &ann);
    assert_ne!(before, after, "a removal ends the generation");
    for device in [&ann, &bob] {
        device.link.reached();
    }
    asks(&thief, &ann, &ann, chat, after, 1_001);
    asks(&thief, &ann, &ann, chat, before, 1_002);
    asks(&thief, &bob, &ann, chat, after, 1_003);
    // What comes behind the requests was taken after them.
    bob.send(chat, "still ours").await;
    ann.reads(chat, "still ours").await;
    ann.send(chat, "ours too").await;
    bob.reads(chat, "ours too").await;
    for device in [&ann, &bob] {
        device.settle().await;
        assert!(!device.link.reached().contains(&lost.id));
    }
}

/// A member may ask the owner, for itself; it gets nothing in somebody else's name, and a
/// stranger gets nothing at all.
#[tokio::test(flavor = "multi_thread")]
async fn a7_a_stranger_to_the_chat_gets_no_key() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let mut eve = world.person("eve").await;
    let chat = world.friends(&ann, &bob).await;
    let other = world.friends(&ann, &eve).await;
    ann.send(chat, "for bob").await;
    bob.reads(chat, "for bob").await;
    let thief = eve.keys().await;
    eve.kill();
    ann.settle().await;
    ann.link.reached();
    let session = session_of(&bob, &ann);
    let request = chatty_crypto::content::to_device::KeyRequest {
        request: chatty_protocol::codec::Fixed([7; 16]),
        conv: chat,
        session,
        owner: ann.id,
    };
    let body = chatty_crypto::content::to_device::ToDeviceBody::KeyRequest(request);
    let item = thief.item(&peer(&ann), &body);
    ann.link.deliver(eve.user, eve.id, 1_000, item);
    bob.send(chat, "behind it").await;
    ann.reads(chat, "behind it").await;
    ann.settle().await;
    let sent = ann.link.sent();
    let to_eve = sent.iter().filter(|frame| match frame {
        ClientFrame::ToDevice { items, .. } => items.iter().any(|item| item.to == eve.id),
        _ => false,
    });
    assert_eq!(to_eve.count(), 0);
    eve.start().await;
    ann.send(other, "for eve").await;
    eve.reads(other, "for eve").await;
}
