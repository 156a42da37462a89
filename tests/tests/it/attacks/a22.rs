//! A22: the relay reorders, drops and withholds rows. Order does not matter; what is missing is told
//! after a minute, not before, and shown at its place when it comes.

use std::collections::BTreeSet;

use chatty_core::api::Event;
use chatty_e2e::capture::Kept;
use chatty_e2e::hostile::Hostile;
use chatty_e2e::person::Device;
use chatty_e2e::wait::{moment, until};
use chatty_e2e::world::World;
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::limits::{GAP_SHOWN_MS, MINUTE_MS};
use chatty_protocol::{ConvId, DeviceId};

/// The waits of an engine pass so much faster.
const PACE: u64 = 60;

/// Seqs of the rows that were put aside.
fn seqs(kept: &Kept) -> BTreeSet<u64> {
    let rows = kept.all().into_iter();
    rows.filter_map(|frame| match frame {
        ServerFrame::Row(row) => Some(row.position().1),
        _ => None,
    })
    .collect()
}

/// A relay that never shows two messages of a device, on the socket or in pages, but keeps them.
fn withhold_two(kept: &Kept, of: DeviceId) -> Hostile {
    let keep = kept.clone();
    Hostile::new().rows(move |row: RowFrame| {
        let held = seqs(&keep);
        let chosen = held.len() < 2 || held.contains(&row.position().1);
        if chosen && matches!(&row, RowFrame::Message { device, .. } if *device == of) {
            keep.put(&ServerFrame::Row(row));
            return Vec::new();
        }
        vec![row]
    })
}

fn missing(events: Vec<Event>) -> usize {
    let missing = |event: &Event| matches!(event, Event::MessageMissing { count, expired: false, .. } if *count > 0);
    events.iter().filter(|event| missing(event)).count()
}

/// A minute and a little later, by the clock of this device.
fn later(device: &Device) {
    device
        .link
        .skew(i64::try_from(GAP_SHOWN_MS + MINUTE_MS).expect("small"));
}

async fn texts(device: &Device, chat: ConvId) -> Vec<String> {
    let rows = device.texts(chat).await.into_iter();
    rows.filter(|text| !text.starts_with("hello")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a22_what_is_withheld_is_told_and_shown_when_it_comes() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let kept = Kept::default();
    bob.send(chat, "one").await;
    ann.reads(chat, "one").await;
    ann.link.attack(withhold_two(&kept, bob.id));
    bob.send(chat, "two").await;
    bob.send(chat, "three").await;
    until("both were withheld", async || {
        (seqs(&kept).len() == 2).then_some(())
    })
    .await;
    // The next one is given: its chain says that there were others.
    bob.send(chat, "four").await;
    ann.reads(chat, "four").await;
    ann.took_all().await;
    ann.link.pace(PACE);
    moment().await;
    assert_eq!(missing(ann.events()), 0, "a minute has not passed");
    later(&ann);
    let told = ann
        .hears("that something is missing", |event| match event {
            Event::MessageMissing { chat, user, .. } => Some((chat, user)),
            _ => None,
        })
        .await;
    assert_eq!(told, (chat, bob.user));
    assert_eq!(texts(&ann, chat).await, ["one", "four"]);
    // It comes late, the newest first.
    ann.link.calm();
    for frame in kept.all().iter().rev() {
        ann.link.inject(frame);
    }
    ann.reads(chat, "two").await;
    ann.reads(chat, "three").await;
    assert_eq!(texts(&ann, chat).await, ["one", "two", "three", "four"]);
    ann.took_all().await;
    ann.events();
    ann.link.skew(i64::try_from(10 * MINUTE_MS).expect("small"));
    moment().await;
    assert_eq!(missing(ann.events()), 0, "nothing is missing any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a22_an_honest_relay_is_asked_again_for_what_another_withheld() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let kept = Kept::default();
    ann.link.attack(withhold_two(&kept, bob.id));
    bob.send(chat, "one").await;
    bob.send(chat, "two").await;
    until("both were withheld", async || {
        (seqs(&kept).len() == 2).then_some(())
    })
    .await;
    // Pages were empty as well: these numbers count as asked for.
    ann.restart().await;
    ann.sync().await;
    ann.link.calm();
    bob.send(chat, "three").await;
    ann.reads(chat, "three").await;
    ann.link.pace(PACE);
    later(&ann);
    ann.reads(chat, "one").await;
    ann.reads(chat, "two").await;
    assert_eq!(texts(&ann, chat).await, ["one", "two", "three"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a22_another_order_is_no_loss() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let (kept, of) = (Kept::default(), bob.id);
    let keep = kept.clone();
    ann.link
        .attack(Hostile::new().down(move |frame| match &frame {
            ServerFrame::Row(RowFrame::Message { device, .. }) if *device == of => {
                keep.put(&frame);
                Vec::new()
            }
            _ => vec![frame],
        }));
    for number in 0..8 {
        bob.send(chat, &format!("{number}")).await;
    }
    until("all came", async || (kept.all().len() >= 8).then_some(())).await;
    ann.link.calm();
    let rows = kept.all();
    for place in [7, 3, 5, 0, 1, 6, 2, 4] {
        ann.link.inject(&rows[place]);
    }
    ann.took_all().await;
    let wanted: Vec<_> = (0..8).map(|number| number.to_string()).collect();
    until("all are shown", async || {
        (texts(&ann, chat).await == wanted).then_some(())
    })
    .await;
    ann.events();
    ann.link.pace(PACE);
    later(&ann);
    moment().await;
    assert_eq!(missing(ann.events()), 0);
}
