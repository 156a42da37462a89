//! B13: a stranger who knows a handle learns nothing of what that person does.

use chatty_core::api::chat::ChatResolve;
use chatty_e2e::wait::moment;
use chatty_e2e::world::World;
use chatty_protocol::codec::encode;
use chatty_protocol::frame::ServerFrame;

#[tokio::test(flavor = "multi_thread")]
async fn b13_a_stranger_sees_no_activity() {
    let world = World::new().await;
    let eve = world.person("eve").await;
    let (bob, cem) = (world.person("bob").await, world.person("cem").await);
    let chat = world.friends(&bob, &cem).await;
    // She knows the handle, and has asked for it.
    let found = eve.call(ChatResolve {
        name: bob.at(),
        create: false,
    });
    assert!(found.await.is_err(), "no conversation with him");
    eve.settle().await;
    let before = eve.link.came().len();
    let bob2 = world.second_device(&bob).await;
    bob2.sees(chat).await;
    for text in ["one", "two"] {
        bob.send(chat, text).await;
        cem.reads(chat, text).await;
        cem.read(chat).await;
    }
    bob.must(chatty_core::api::person::ProfileSet {
        name: "Robert".into(),
    })
    .await;
    moment().await;
    let about_bob = |frame: &ServerFrame| {
        let bytes = encode(frame);
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|part| part == needle);
        has(bob.user.as_ref()) || has(bob.id.as_ref()) || has(chat.as_ref())
    };
    let heard: Vec<_> = eve.link.came().into_iter().skip(before).collect();
    assert!(!heard.iter().any(about_bob), "{heard:?}");
}
