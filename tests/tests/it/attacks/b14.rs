//! B14: lengths on the wire. Short texts, edits, deletions, reactions, receipts and typing have one
//! length, and so have the items between devices.

use std::collections::BTreeMap;

use chatty_core::api::chat::{ChatOpen, ChatTyping};
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::envelope::{ITEM_NORMAL, LANE_FLASH, LANE_LOG, LANE_MARK};
use chatty_protocol::frame::ClientFrame;

#[tokio::test(flavor = "multi_thread")]
async fn b14_what_is_short_has_one_length() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    bob.settle().await;
    bob.link.sent();
    let mut last = None;
    for text in [
        "y",
        "no",
        "a longer answer, but still one that fits",
        "🎉🎉🎉🎉",
    ] {
        last = Some(bob.send(chat, text).await);
    }
    let last = last.expect("sent");
    bob.edit(chat, last, "edited").await;
    let theirs = ann.send(chat, "over to you").await;
    bob.reads(chat, "over to you").await;
    bob.react(chat, theirs, "👍").await;
    bob.delete(chat, last).await;
    bob.read(chat).await;
    let chats = vec![chat];
    bob.must(ChatOpen { chats }).await;
    bob.must(ChatTyping { chat, typing: true }).await;
    let mut sent = Vec::new();
    let lengths = until("one of each kind left", async || {
        sent.extend(bob.link.sent());
        let mut lengths: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for frame in &sent {
            if let ClientFrame::Send(send) | ClientFrame::Flash(send) = frame {
                lengths.entry(send.lane).or_default().push(send.ct.0.len());
            }
        }
        [LANE_LOG, LANE_MARK, LANE_FLASH]
            .iter()
            .all(|lane| lengths.contains_key(lane))
            .then_some(lengths)
    })
    .await;
    assert!(lengths[&LANE_LOG].len() >= 7, "{lengths:?}");
    let mut all: Vec<usize> = lengths.values().flatten().copied().collect();
    all.sort_unstable();
    // The index inside a Megolm message takes a byte more from 128 on; here all are below.
    assert_eq!(all.first(), all.last(), "{lengths:?}");
    // A text that does not fit is longer by a whole bucket, not by its own length.
    let short = all[0];
    let mut long = Vec::new();
    for length in [450, 600] {
        bob.send(chat, &"x".repeat(length)).await;
        let sent = bob.link.sent();
        long.extend(sent.iter().filter_map(|frame| match frame {
            ClientFrame::Send(send) if send.lane == LANE_LOG => Some(send.ct.0.len()),
            _ => None,
        }));
    }
    assert_eq!(long.len(), 2);
    assert_eq!(long[0], long[1]);
    assert!(long[0] > short);
}

#[tokio::test(flavor = "multi_thread")]
async fn b14_items_between_devices_have_one_length() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    world.friends(&ann, &bob).await;
    ann.settle().await;
    ann.link.sent();
    let group = world.group(&ann, &[&bob], "A title for the group").await;
    ann.send(group, "with a new key").await;
    bob.reads(group, "with a new key").await;
    let lengths: Vec<usize> = ann
        .link
        .sent()
        .iter()
        .flat_map(|frame| match frame {
            ClientFrame::ToDevice { items, .. } => items.clone(),
            _ => Vec::new(),
        })
        .filter(|item| item.kind == ITEM_NORMAL)
        .map(|item| item.olm.0.len())
        .collect();
    assert!(!lengths.is_empty());
    let (least, most) = (lengths.iter().min(), lengths.iter().max());
    let spread = most.expect("some") - least.expect("some");
    // Numbers inside the ratchet's header grow by single bytes.
    assert!(spread <= 4, "{lengths:?}");
}
