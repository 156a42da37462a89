//! A9: the relay names another sender, device or number for genuine to-device items, pre-key items
//! among them. Only under its proven name an item counts, and one lie about a number silences nobody.

use chatty_core::api::Event;
use chatty_e2e::capture;
use chatty_e2e::hostile::Hostile;
use chatty_e2e::world::World;
use chatty_protocol::envelope::ITEM_PRE_KEY;
use chatty_protocol::frame::{ServerFrame, TdItem};
use chatty_protocol::{DeviceId, UserId, limits};

/// The item under false names and numbers.
fn misnamed(frame: &TdItem, (user, device): (UserId, DeviceId)) -> Vec<TdItem> {
    let change = |change: &dyn Fn(&mut TdItem)| {
        let mut other = frame.clone();
        change(&mut other);
        other
    };
    vec![
        change(&|other| (other.user, other.device) = (user, device)),
        change(&|other| other.user = user),
        change(&|other| {
            (other.user, other.device) = (user, device);
            other.n = limits::UINT_MAX;
        }),
        change(&|other| {
            other.item.olm.0.reverse();
            other.n = limits::UINT_MAX;
        }),
        change(&|other| other.item.to = device),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a9_an_item_counts_under_its_proven_name_only() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let cem = world.person("cem").await;
    let with_cem = world.friends(&ann, &cem).await;
    let named = (cem.user, cem.id);
    // From bob's first, pre-key, item on.
    ann.link
        .attack(Hostile::new().down(move |frame| match &frame {
            ServerFrame::TdItem(item) if item.device != named.1 => {
                let mut frames: Vec<_> = misnamed(item, named)
                    .into_iter()
                    .map(ServerFrame::TdItem)
                    .collect();
                frames.push(frame);
                frames
            }
            _ => vec![frame],
        }));
    ann.events();
    let chat = bob.chat("@ann").await;
    bob.send(chat, "hello ann").await;
    ann.accepts(chat).await;
    let row = ann.reads(chat, "hello ann").await;
    assert_eq!((row.from, row.from_device), (bob.user, bob.id));
    let first = capture::items(&ann.link.came(), bob.id);
    assert!(first.iter().any(|item| item.item.kind == ITEM_PRE_KEY));
    ann.send(chat, "hello bob").await;
    bob.reads(chat, "hello bob").await;
    let alarms = ann.events().into_iter();
    let alarms: Vec<_> = alarms
        .filter(|event| matches!(event, Event::Alarm { .. }))
        .collect();
    assert_eq!(alarms, [], "nobody is accused");
    // New generations need new items, of bob and of cem, whose numbers were lied about.
    ann.link.calm();
    for (device, chat) in [(&bob, chat), (&cem, with_cem)] {
        let device_2 = world.second_device(device).await;
        device_2.sees(chat).await;
        device_2.send(chat, "from a second device").await;
        ann.reads(chat, "from a second device").await;
        device.send(chat, "and from the first").await;
        ann.reads(chat, "and from the first").await;
    }
    let group = world.group(&cem, &[&ann], "New keys").await;
    cem.send(group, "a key of a new conversation").await;
    ann.reads(group, "a key of a new conversation").await;
}
