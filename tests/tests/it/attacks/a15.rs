//! A15: the relay gives one device's items out as another's. Nothing is taken under the wrong
//! name, and what was spoiled comes right when the relay stops.

use chatty_e2e::hostile::Hostile;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::frame::{RowFrame, ServerFrame};

#[tokio::test(flavor = "multi_thread")]
async fn a15_items_and_messages_under_another_name_are_not_shown() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let cem = world.person("cem").await;
    let with_bob = world.friends(&ann, &bob).await;
    let with_cem = world.friends(&ann, &cem).await;
    let second = world.second_device(&bob).await;
    second.sees(with_bob).await;
    ann.settle().await;
    // Bob's new device has no session with ann yet: its first items go out as cem's, and so do
    // its messages, in the chat with cem.
    let (from, user, device) = (second.id, cem.user, cem.id);
    ann.link.attack(Hostile::new().down(move |frame| {
        vec![match frame {
            ServerFrame::TdItem(mut item) if item.device == from => {
                (item.user, item.device) = (user, device);
                ServerFrame::TdItem(item)
            }
            ServerFrame::Row(RowFrame::Message {
                device: sender,
                seq,
                time,
                mut send,
                ..
            }) if sender == from => {
                send.conv = with_cem;
                ServerFrame::Row(RowFrame::Message {
                    conv: with_cem,
                    seq,
                    user,
                    device,
                    time,
                    send,
                })
            }
            other => other,
        }]
    }));
    second.send(with_bob, "bob wrote this").await;
    bob.reads(with_bob, "bob wrote this").await;
    // An honest message of cem's comes behind it.
    ann.sync().await;
    for chat in [with_bob, with_cem] {
        let texts = ann.texts(chat).await;
        assert!(!texts.contains(&"bob wrote this".to_owned()), "{texts:?}");
    }
    ann.link.calm();
    ann.link.cut();
    ann.sync().await;
    second.send(with_bob, "and this").await;
    ann.reads(with_bob, "and this").await;
    // The key that came under a wrong name is asked for and given again.
    let row = ann.reads(with_bob, "bob wrote this").await;
    assert_eq!((row.from, row.from_device), (bob.user, second.id));
    cem.send(with_cem, "cem wrote this").await;
    let row = ann.reads(with_cem, "cem wrote this").await;
    assert_eq!(row.from, cem.user);
    until("ann's chat with cem has nothing of bob's", async || {
        let rows = ann.messages(with_cem).await;
        let foreign = rows.iter().filter(|row| row.text.is_some());
        foreign
            .clone()
            .all(|row| row.from != bob.user)
            .then_some(())
    })
    .await;
}
