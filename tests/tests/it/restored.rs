//! The relay's store was put back from a copy: what it lost comes back from those who hold it.

use std::path::Path;

use chatty_e2e::grep::copy_folder;
use chatty_e2e::world::World;
use chatty_relay::clock::{Clock, SystemClock};
use chatty_relay::store::sqlite::SqliteStore;

fn put_back(copy: &Path, data: &Path) {
    std::fs::remove_dir_all(data).unwrap();
    copy_folder(copy, data);
    let database = data.join(chatty_relay::lifecycle::DATABASE);
    SqliteStore::restored(&database, [9; 16], SystemClock.now_ms()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_restored_relay_lost_comes_back() {
    let mut world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let cem = world.person("cem").await;
    let chat = world.friends(&ann, &bob).await;
    world.friends(&ann, &cem).await;
    ann.send(chat, "before the copy").await;
    bob.reads(chat, "before the copy").await;
    for device in [&ann, &bob, &cem] {
        device.settle().await;
    }
    world.relay.stop().await;
    let copy = world.new_home();
    copy_folder(&world.relay_folder(), &copy);
    world.relay.start_again().await;

    ann.send(chat, "lost by the relay").await;
    bob.reads(chat, "lost by the relay").await;
    bob.send(chat, "also lost").await;
    ann.reads(chat, "also lost").await;
    let group = world.group(&ann, &[&cem], "Made after the copy").await;
    ann.send(group, "in the lost group").await;
    cem.reads(group, "in the lost group").await;
    for device in [&ann, &bob, &cem] {
        device.settle().await;
    }
    world.relay.stop().await;
    put_back(&copy, &world.relay_folder());
    world.relay.start_again().await;

    ann.send(chat, "after the restore").await;
    bob.reads(chat, "after the restore").await;
    bob.send(chat, "bob after the restore").await;
    ann.reads(chat, "bob after the restore").await;
    for device in [&ann, &bob] {
        let mut texts = device.texts(chat).await;
        texts.retain(|text| !text.starts_with("hello"));
        texts.sort();
        let wanted = [
            "after the restore",
            "also lost",
            "before the copy",
            "bob after the restore",
            "lost by the relay",
        ];
        assert_eq!(texts, wanted, "{}", device.handle);
    }
    ann.send(group, "the group lives").await;
    cem.reads(group, "the group lives").await;
    // A device that was never there before reads the messages that the relay had lost.
    let again = bob.messages(chat).await;
    assert!(again.iter().all(|row| row.seq.is_some()), "{again:?}");
}
