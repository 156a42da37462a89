//! A17: the relay says again and again that all keys are used up. A device makes no endless
//! supply of keys for that, its fallback key stands, and it stays reachable.

use chatty_e2e::hostile::Hostile;
use chatty_e2e::seed::rounds;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::frame::ServerFrame;
use chatty_protocol::limits;
use chatty_protocol::prekey::{KIND_FALLBACK, KIND_ONE_TIME};
use chatty_protocol::rest::KeyCount;

#[tokio::test(flavor = "multi_thread")]
async fn a17_used_up_is_believed_with_measure() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.settle().await;
    ann.link.asked();
    // It takes what is uploaded, and says again that nothing is left.
    ann.link.attack(Hostile::new().answer(|ask, answer| {
        if ask.is("PUT", "/keys") {
            let none = KeyCount {
                one_time_left: 0,
                fallback_used: true,
            };
            answer.status = 200;
            answer.body = serde_json::to_vec(&none).expect("a body");
        }
    }));
    for _ in 0..rounds(40, 400) {
        ann.link.inject(&ServerFrame::Keys {
            one_time_left: 0,
            fallback_used: true,
        });
        let mut looks = 0;
        // Each claim by itself: until it was followed, or clearly is not.
        until("ann has heard it", async || {
            looks += 1;
            let asked = ann.link.asked();
            let uploads = asked.contains(&("PUT", "/keys".to_owned()));
            (uploads || looks > 20).then_some(())
        })
        .await;
    }
    ann.link.calm();
    let keys = ann.keys().await;
    let (one_time, fallback) = keys.with(|tx| {
        let count = |kind: u64| {
            let rows = tx.scan(chatty_crypto::view::Table::OwnKey, &[kind as u8]);
            rows.expect("readable").len()
        };
        (count(KIND_ONE_TIME), count(KIND_FALLBACK))
    });
    let most = limits::ONE_TIME_KEYS_PER_HOUR + limits::ONE_TIME_KEYS;
    assert!(one_time <= most, "{one_time} keys");
    assert_eq!(fallback, 1, "the fallback key changes once a day at most");
    let second = world.second_device(&bob).await;
    second.sees(chat).await;
    second.send(chat, "over a new session").await;
    ann.reads(chat, "over a new session").await;
}
