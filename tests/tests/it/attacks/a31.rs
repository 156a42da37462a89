//! A31: a flood of forged items in the name of a contact. A bounded number is tried each minute, the
//! rest waits, and what is genuine among it comes through; other contacts notice nothing.

use chatty_core::api::Event;
use chatty_e2e::capture::{self, Kept};
use chatty_e2e::forge::bytes;
use chatty_e2e::hostile::Hostile;
use chatty_e2e::seed::rounds;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::codec::Fixed;
use chatty_protocol::frame::{ServerFrame, TdItem};
use chatty_protocol::limits::MINUTE_MS;

/// An item that only the recipient can tell from a genuine one.
fn forged(genuine: &TdItem, number: u64) -> TdItem {
    let mut item = genuine.clone();
    item.n += number;
    item.item.id = Fixed(bytes());
    let middle = item.item.olm.0.len() / 2;
    item.item.olm.0[middle..middle + 16].copy_from_slice(&bytes::<16>());
    item
}

#[tokio::test(flavor = "multi_thread")]
async fn a31_a_genuine_item_comes_through_a_flood() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (bob, cem) = (world.person("bob").await, world.person("cem").await);
    let chat = world.friends(&ann, &bob).await;
    let with_cem = world.friends(&ann, &cem).await;
    let (kept, of) = (Kept::default(), bob.id);
    let keep = kept.clone();
    ann.link
        .attack(Hostile::new().down(move |frame| match &frame {
            ServerFrame::TdItem(item) if item.device == of => {
                keep.put(&frame);
                Vec::new()
            }
            _ => vec![frame],
        }));
    let group = world.group(&bob, &[&ann], "New keys").await;
    bob.send(group, "behind the flood").await;
    let genuine = until("bob's key", async || capture::items(&kept.all(), of).pop()).await;
    ann.settle().await;
    ann.link.sent();
    ann.events();
    for number in 1..=rounds(70, 5_000) as u64 {
        ann.link
            .inject(&ServerFrame::TdItem(forged(&genuine, number)));
    }
    for frame in kept.all() {
        ann.link.inject(&frame);
    }
    ann.took_all().await;
    // The pair is reset once at most, whatever came.
    assert!(ann.link.items_sent() <= 2, "{}", ann.link.items_sent());
    cem.send(with_cem, "do you read me").await;
    ann.reads(with_cem, "do you read me").await;
    let shown = ann.texts(group).await;
    assert!(!shown.contains(&"behind the flood".to_owned()), "{shown:?}");
    ann.link.calm();
    ann.link.pace(50);
    // Twenty a minute are tried; the genuine one is somewhere behind.
    let mut minutes = 0;
    until("it comes through", async || {
        minutes += 1;
        let skew = minutes * (MINUTE_MS + 1_000);
        ann.link.skew(i64::try_from(skew).expect("small"));
        ann.took_all().await;
        let shown = ann.texts(group).await;
        shown.contains(&"behind the flood".to_owned()).then_some(())
    })
    .await;
    let mut alarms = ann.events().into_iter();
    assert!(!alarms.any(|event| matches!(event, Event::Alarm { .. })));
    for (from, to) in [(&bob, &ann), (&ann, &bob)] {
        let text = format!("{} is well", from.handle);
        from.send(chat, &text).await;
        to.reads(chat, &text).await;
    }
}
