//! Two people, one device each.

use chatty_core::api::state::{ChatKind, ChatState, MessageState};
use chatty_e2e::wait::until;
use chatty_e2e::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn two_people_talk_both_ways_and_nothing_lies_in_the_clear() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = ann.chat("@bob").await;
    ann.send(chat, "canary-one from ann").await;
    // The conversation comes before its first message does.
    let request = until("the request shows its first words", async || {
        let request = bob.request(chat).await;
        request.preview.is_some().then_some(request)
    })
    .await;
    assert_eq!(request.preview.as_deref(), Some("canary-one from ann"));
    assert_eq!(request.from, ann.user);
    bob.accepts(chat).await;
    bob.reads(chat, "canary-one from ann").await;
    bob.send(chat, "canary-two from bob").await;
    let answer = ann.reads(chat, "canary-two from bob").await;
    assert_eq!((answer.from, answer.from_device), (bob.user, bob.id));
    let row = ann.row(chat).await.unwrap();
    assert_eq!((row.kind, row.state), (ChatKind::Direct, ChatState::Open));
    assert_eq!(row.with, Some(bob.user));
    for device in [&ann, &bob] {
        let texts = device.texts(chat).await;
        assert_eq!(texts, ["canary-one from ann", "canary-two from bob"]);
    }
    for canary in ["canary-one", "canary-two", "from bob", "ann@example.org-"] {
        world.assert_nowhere(canary);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_while_the_other_was_away_is_read_later_in_order() {
    let world = World::new().await;
    let (ann, mut bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    bob.kill();
    for number in 0..30 {
        ann.send(chat, &format!("letter {number}")).await;
    }
    bob.start().await;
    bob.reads(chat, "letter 29").await;
    bob.settle().await;
    let letters = bob.texts(chat).await;
    let wanted: Vec<String> = (0..30).map(|number| format!("letter {number}")).collect();
    assert_eq!(letters[2..], wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_offline_leaves_with_the_next_connection() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.link.offline();
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(ann.write(chat, &format!("later {number}")).await);
    }
    ann.shows(chat, ids[4], "it waits", |row| {
        row.state == MessageState::Waiting && row.seq.is_none()
    })
    .await;
    // It also survives the end of the program.
    ann.restart().await;
    ann.link.online();
    for id in ids {
        ann.accepted(chat, id).await;
    }
    bob.reads(chat, "later 4").await;
    let texts = bob.texts(chat).await;
    let wanted: Vec<String> = (0..5).map(|number| format!("later {number}")).collect();
    assert_eq!(texts[2..], wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_open_the_chat_at_once_and_meet_in_one() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let (at_ann, at_bob) = futures::join!(ann.chat("@bob"), bob.chat("@ann"));
    assert_eq!(at_ann, at_bob, "the id follows from the two people");
    let chat = at_ann;
    futures::join!(
        ann.send(chat, "crossing one"),
        bob.send(chat, "crossing two")
    );
    for device in [&ann, &bob] {
        device.reads(chat, "crossing one").await;
        device.reads(chat, "crossing two").await;
        device.settle().await;
        assert_eq!(device.row(chat).await.unwrap().state, ChatState::Open);
        assert_eq!(device.texts(chat).await.len(), 2);
    }
    assert_eq!(ann.texts(chat).await, bob.texts(chat).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_to_self_need_nobody_else() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let chat = ann.chat("@ann").await;
    ann.send(chat, "buy milk").await;
    let row = ann.sees(chat).await;
    assert_eq!(row.kind, ChatKind::Own);
    assert_eq!(ann.texts(chat).await, ["buy milk"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_may_stop_and_come_back() {
    let mut world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    world.relay.stop().await;
    let id = ann.write(chat, "while it was gone").await;
    world.relay.start_again().await;
    ann.accepted(chat, id).await;
    bob.reads(chat, "while it was gone").await;
    bob.send(chat, "and back").await;
    ann.reads(chat, "and back").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_wrong_by_a_day_change_nothing_but_a_warning() {
    let world = World::new().await;
    let (mut ann, mut bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    const DAY: i64 = 86_400_000;
    ann.link.skew(DAY);
    bob.link.skew(-DAY);
    ann.restart().await;
    bob.restart().await;
    ann.send(chat, "from tomorrow").await;
    bob.reads(chat, "from tomorrow").await;
    bob.send(chat, "from yesterday").await;
    ann.reads(chat, "from yesterday").await;
    assert_eq!(ann.texts(chat).await, bob.texts(chat).await);
    let order = ann.texts(chat).await;
    assert_eq!(order[2..], ["from tomorrow", "from yesterday"]);
}
