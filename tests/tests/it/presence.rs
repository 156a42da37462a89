//! Presence: two who share see each other where they look; a lying relay shows nobody else.

use chatty_core::api::Event;
use chatty_core::api::chat::ChatOpen;
use chatty_core::api::person::{PersonBlock, PersonUnblock};
use chatty_core::api::presence::{Presence, PresenceGet, PresenceSet};
use chatty_e2e::hostile::Hostile;
use chatty_e2e::person::Device;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::frame::ServerFrame;
use chatty_protocol::{ConvId, UserId};

async fn share(device: &Device, share: bool) {
    let now = device.must(PresenceSet { share }).await;
    assert_eq!(now.share, share);
}

async fn open(device: &Device, chats: &[ConvId]) {
    let chats = chats.to_vec();
    device.must(ChatOpen { chats }).await;
}

async fn online(device: &Device) -> Vec<UserId> {
    device.must(PresenceGet {}).await.online
}

async fn sees(device: &Device, wanted: &[UserId]) {
    let what = format!("{} sees {} online", device.handle, wanted.len());
    until(&what, async || {
        (online(device).await == wanted).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_share_see_each_other_and_the_end_of_it() {
    let world = World::new().await;
    let (ann, mut bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let off = Presence {
        share: false,
        online: Vec::new(),
    };
    assert_eq!(ann.must(PresenceGet {}).await, off);
    open(&ann, &[chat]).await;
    open(&bob, &[chat]).await;
    share(&ann, true).await;
    // It holds on all devices of the account, and for those that are linked later.
    let ann2 = world.second_device(&ann).await;
    until("the setting arrives", async || {
        ann2.must(PresenceGet {}).await.share.then_some(())
    })
    .await;
    assert!(online(&ann).await.is_empty() && online(&bob).await.is_empty());
    share(&bob, true).await;
    sees(&ann, &[bob.user]).await;
    sees(&bob, &[ann.user]).await;
    let told = |event: Event| match event {
        Event::PresenceChanged { presence } => (presence.online == [bob.user]).then_some(()),
        _ => None,
    };
    ann.hears("bob comes online", told).await;
    // Not on the screen: not known.
    open(&ann, &[]).await;
    assert!(online(&ann).await.is_empty());
    open(&ann, &[chat]).await;
    sees(&ann, &[bob.user]).await;
    // Without a connection nobody is known to be there.
    ann.link.offline();
    sees(&ann, &[]).await;
    ann.link.online();
    sees(&ann, &[bob.user]).await;
    // Gone without a goodbye.
    bob.kill();
    sees(&ann, &[]).await;
    bob.start().await;
    open(&bob, &[chat]).await;
    sees(&ann, &[bob.user]).await;
    sees(&bob, &[ann.user]).await;
    // Taken back on one device: on none, and nobody is seen any more.
    share(&ann2, false).await;
    sees(&ann, &[]).await;
    sees(&bob, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_lies_shows_only_who_may_be_seen() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (bob, cat) = (world.person("bob").await, world.person("cat").await);
    let (dan, eve) = (world.person("dan").await, world.person("eve").await);
    let with_bob = world.friends(&ann, &bob).await;
    let with_cat = world.friends(&ann, &cat).await;
    let with_dan = world.friends(&ann, &dan).await;
    let group = world.group(&ann, &[&dan], "Trip").await;
    let asked = eve.chat("@ann").await;
    eve.write(asked, "who are you?").await;
    ann.request(asked).await;
    let cat_at = cat.at();
    ann.must(PersonBlock {
        person: cat_at.clone(),
    })
    .await;
    let everybody = [&ann, &bob, &cat, &dan, &eve].map(|device| (device.user, true));
    let nobody = (UserId::from_rest([7; 32]), true);
    // After each word of its own it says that everybody is there.
    ann.link.attack(Hostile::new().down(move |frame| {
        let mut lie = everybody.to_vec();
        lie.push(nobody);
        vec![frame, ServerFrame::Presence(lie)]
    }));
    // Dan is only in a group that is open; the chat with him is not.
    let shown = [with_bob, with_cat, group, asked];
    open(&ann, &shown).await;
    // Not shared: nothing is believed. The answer to the second message comes after the lie behind the first.
    ann.send(with_bob, "one").await;
    ann.send(with_bob, "two").await;
    assert!(online(&ann).await.is_empty());
    share(&ann, true).await;
    ann.write(with_bob, "three").await;
    sees(&ann, &[bob.user]).await;
    // Who is let in or comes on the screen is believed, and dropped when that ends.
    ann.must(PersonUnblock { person: cat_at }).await;
    open(&ann, &[with_cat, with_dan]).await;
    ann.write(with_bob, "four").await;
    let mut both = [cat.user, dan.user];
    both.sort();
    sees(&ann, &both).await;
    let person = dan.at();
    ann.must(PersonBlock { person }).await;
    sees(&ann, &[cat.user]).await;
    share(&ann, false).await;
    assert!(online(&ann).await.is_empty());
}
