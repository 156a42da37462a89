//! A25: the relay names another suite: in items, in key records, at the socket's start. A pair never
//! uses anything but what its certificates say.

use chatty_core::api::Event;
use chatty_e2e::hostile::{Ask, Hostile, edit};
use chatty_e2e::world::World;
use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::frame::ServerFrame;
use chatty_protocol::prekey::KeyRecord;
use chatty_protocol::rest::{B64, ClaimedKeys};
use chatty_protocol::sign::Signed;

/// The same record with another suite; its signature does not cover that.
fn lowered(key: &B64, suite: u64) -> B64 {
    let signed = Signed::<KeyRecord>::from_bytes(&key.0).expect("a signed record");
    let mut record: KeyRecord = decode_exact(signed.inner()).expect("a record");
    record.suite = suite;
    let other: Signed<KeyRecord> = Signed::from_parts(encode(&record), *signed.signature());
    B64(other.to_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a25_no_word_of_the_relay_changes_the_suite() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    // Every item comes first under other suites, then as it is.
    ann.link.attack(Hostile::new().down(|frame| match &frame {
        ServerFrame::TdItem(item) => {
            let other = |suite| {
                let mut other = item.clone();
                other.item.suite = suite;
                ServerFrame::TdItem(other)
            };
            vec![other(0), other(2), other(9_007_199_254_740_991), frame]
        }
        _ => vec![frame],
    }));
    // The first claims are answered with other suites.
    let mut lies = 2;
    bob.link
        .attack(Hostile::new().answer(move |ask: &Ask, answer| {
            if ask.is("POST", "/keys/claim") && lies > 0 {
                lies -= 1;
                edit::<ClaimedKeys>(answer, |claimed| {
                    for given in &mut claimed.keys {
                        given.key = given.key.as_ref().map(|key| lowered(key, lies * 2));
                    }
                });
            }
        }));
    ann.events();
    let chat = bob.chat("@ann").await;
    bob.write(chat, "which suite").await;
    ann.accepts(chat).await;
    bob.link.calm();
    ann.send(chat, "the only one").await;
    bob.reads(chat, "the only one").await;
    bob.send(chat, "of course").await;
    ann.reads(chat, "of course").await;
    ann.reads(chat, "which suite").await;
    let mut alarms = ann.events().into_iter();
    assert!(!alarms.any(|event| matches!(event, Event::Alarm { .. })));
}
