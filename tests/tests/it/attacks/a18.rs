//! A18: a one-time key given out twice, or by a relay that was restored to the time before it was
//! used. Whoever gets the second copy is read all the same.

use std::path::Path;
use std::sync::{Arc, Mutex};

use chatty_core::api::state::MessageState;
use chatty_e2e::grep::copy_folder;
use chatty_e2e::hostile::{Hostile, edit};
use chatty_e2e::world::World;
use chatty_protocol::frame::ServerFrame;
use chatty_protocol::rest::{B64, ClaimedKeys};
use chatty_relay::clock::{Clock, SystemClock};
use chatty_relay::store::sqlite::SqliteStore;

#[tokio::test(flavor = "multi_thread")]
async fn a18_a_key_given_twice_loses_no_message() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let cem = world.person("cem").await;
    let with_ann = world.friends(&ann, &bob).await;
    let with_cem = world.friends(&cem, &bob).await;
    // What ann is given for bob's new device, cem is given as well. What the new device sends
    // itself would bring sessions of its own: it comes later.
    let given: Arc<Mutex<Option<B64>>> = Arc::default();
    let known = bob.id;
    let late = move |frame: ServerFrame| match &frame {
        ServerFrame::TdItem(item) if item.device != known => Vec::new(),
        _ => vec![frame],
    };
    let store = given.clone();
    ann.link
        .attack(Hostile::new().down(late).answer(move |ask, answer| {
            if ask.is("POST", "/keys/claim") {
                edit::<ClaimedKeys>(answer, |page| {
                    let mut others = page.keys.iter().filter(|key| key.device != known);
                    if let Some(key) = others.next().and_then(|given| given.key.clone()) {
                        store.lock().expect("the key").get_or_insert(key);
                    }
                });
            }
        }));
    let again = given.clone();
    cem.link
        .attack(Hostile::new().down(late).answer(move |ask, answer| {
            if ask.is("POST", "/keys/claim") {
                edit::<ClaimedKeys>(answer, |page| {
                    for given in page.keys.iter_mut().filter(|key| key.device != known) {
                        given.key = again.lock().expect("the key").clone();
                    }
                });
            }
        }));
    let new = world.second_device(&bob).await;
    new.sees(with_ann).await;
    new.sees(with_cem).await;
    ann.send(with_ann, "with the key").await;
    new.reads(with_ann, "with the key").await;
    assert!(given.lock().expect("the key").is_some(), "ann claimed one");
    cem.send(with_cem, "with the same key").await;
    cem.settle().await;
    for device in [&ann, &cem] {
        device.link.calm();
        device.link.cut();
    }
    new.reads(with_cem, "with the same key").await;
    cem.send(with_cem, "and on").await;
    new.reads(with_cem, "and on").await;
    new.send(with_cem, "both ways").await;
    cem.reads(with_cem, "both ways").await;
}

fn put_back(copy: &Path, data: &Path) {
    std::fs::remove_dir_all(data).unwrap();
    copy_folder(copy, data);
    let database = data.join(chatty_relay::lifecycle::DATABASE);
    SqliteStore::restored(&database, [7; 16], SystemClock.now_ms()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a18_a_restored_relay_gives_no_used_key_again() {
    let mut world = World::new().await;
    let (ann, mut bob) = (world.person("ann").await, world.person("bob").await);
    let cem = world.person("cem").await;
    let with_ann = world.friends(&ann, &bob).await;
    let with_cem = world.friends(&cem, &bob).await;
    let (ann2, cem2) = (
        world.second_device(&ann).await,
        world.second_device(&cem).await,
    );
    ann2.sees(with_ann).await;
    cem2.sees(with_cem).await;
    for device in [&ann, &ann2, &bob, &cem, &cem2] {
        device.settle().await;
    }
    world.relay.stop().await;
    let copy = world.new_home();
    copy_folder(&world.relay_folder(), &copy);
    world.relay.start_again().await;
    // Keys of bob's are used after the copy was made.
    ann2.send(with_ann, "uses a key").await;
    bob.reads(with_ann, "uses a key").await;
    for device in [&ann, &ann2, &bob, &cem, &cem2] {
        device.settle().await;
    }
    bob.kill();
    world.relay.stop().await;
    put_back(&copy, &world.relay_folder());
    world.relay.start_again().await;
    // Bob is away, so he cannot say that his keys are void. Cem's new device claims one.
    cem2.write(with_cem, "from the other new device").await;
    cem2.settle().await;
    bob.start().await;
    let row = bob.reads(with_cem, "from the other new device").await;
    assert_ne!(row.state, MessageState::KeyLost);
    bob.reads(with_ann, "uses a key").await;
    bob.send(with_cem, "read").await;
    cem2.reads(with_cem, "read").await;
}
