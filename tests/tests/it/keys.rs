//! Keys that do not come by themselves are asked for until somebody gives them.

use chatty_core::api::state::MessageState;
use chatty_core::platform::HttpAnswer;
use chatty_e2e::hostile::Hostile;
use chatty_e2e::person::Device;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::frame::{Doorbell, ServerFrame};
use chatty_protocol::{ConvId, DeviceId, UserId};

/// A relay that loses what a person's newer devices send: the frame comes, and opens nothing.
fn loses_items(user: UserId, but: DeviceId) -> Hostile {
    Hostile::new().down(move |mut frame| {
        if let ServerFrame::TdItem(item) = &mut frame
            && item.user == user
            && item.device != but
        {
            item.item.to = but;
        }
        vec![frame]
    })
}

/// A relay that does not say that somebody's devices changed.
fn hides_changes_of(user: UserId) -> Hostile {
    Hostile::new().down(move |frame| match frame {
        ServerFrame::Doorbell(Doorbell::User(changed, _)) if changed == user => Vec::new(),
        other => vec![other],
    })
}

async fn late(device: &Device, chat: ConvId, message: chatty_protocol::MsgId) {
    let is_late = |state| matches!(state, MessageState::KeyLate);
    let look = async || {
        let rows = device.messages(chat).await;
        let row = rows.into_iter().find(|row| row.id == message)?;
        is_late(row.state).then_some(())
    };
    until("the key is late", look).await;
}

/// Answers of a relay in front of which a proxy fails.
fn fails(answer: &mut HttpAnswer) {
    answer.status = 502;
    answer.body.clear();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_asked_for_although_no_session_can_be_made_at_first() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let bob2 = world.second_device(&bob).await;
    bob2.sees(chat).await;
    bob2.settle().await;
    // Whatever ann's second device gives to bob's is lost, and for a while bob's second device
    // cannot make a session with it.
    let mut refused = 0;
    let broken = loses_items(ann.user, ann.id).answer(move |ask, answer| {
        if ask.is("POST", "/keys/claim") && refused < 2 {
            refused += 1;
            fails(answer);
        }
    });
    bob2.link.attack(broken);
    let ann2 = world.second_device(&ann).await;
    ann2.sees(chat).await;
    bob2.link.asked();
    let message = ann2.send(chat, "who has the key").await;
    late(&bob2, chat, message).await;
    let asked = async || {
        let asked = bob2.link.asked();
        asked
            .iter()
            .any(|(_, path)| path == "/keys/claim")
            .then_some(())
    };
    until("a claim was refused", asked).await;
    bob2.link.calm();
    bob2.reads(chat, "who has the key").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_session_survives_a_kill() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let mut bob2 = world.second_device(&bob).await;
    bob2.sees(chat).await;
    bob2.settle().await;
    let broken = loses_items(ann.user, ann.id).answer(|ask, answer| {
        if ask.is("POST", "/keys/claim") {
            fails(answer);
        }
    });
    bob2.link.attack(broken);
    let ann2 = world.second_device(&ann).await;
    ann2.sees(chat).await;
    let message = ann2.send(chat, "asked before the end").await;
    late(&bob2, chat, message).await;
    bob2.kill();
    bob2.link.calm();
    bob2.start().await;
    bob2.reads(chat, "asked before the end").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sibling_gives_a_key_that_its_owner_withholds() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    // Ann does not learn in time that bob has another device: it is in no list of hers.
    ann.link.attack(hides_changes_of(bob.user));
    let bob2 = world.second_device(&bob).await;
    bob2.sees(chat).await;
    bob2.settle().await;
    ann.send(chat, "to those whom I know").await;
    bob.reads(chat, "to those whom I know").await;
    // Its owner has nothing to give for that generation, bob's first device has.
    let row = bob2.reads(chat, "to those whom I know").await;
    assert_eq!(row.from, ann.user);
    ann.link.calm();
    ann.send(chat, "and now to all").await;
    bob2.reads(chat, "and now to all").await;
}
