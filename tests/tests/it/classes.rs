//! What a new device is given, and browsers beside native devices.

use chatty_core::api::device::{Device as Row, DeviceApprovals, DeviceList, DeviceRename};
use chatty_core::api::state::{DeviceClass, DeviceState, LinkState};
use chatty_core::api::sync::SyncState;
use chatty_e2e::link::Link;
use chatty_e2e::person::Device;
use chatty_e2e::wait::{moment, until};
use chatty_e2e::world::World;
use chatty_protocol::limits;

async fn row(device: &Device, of: &Device) -> Option<Row> {
    let rows = device.must(DeviceList {}).await;
    rows.into_iter().find(|row| row.id == of.id)
}

fn browser() -> Link {
    let link = Link::default();
    link.platform("web");
    link
}

fn ms(time: u64) -> i64 {
    i64::try_from(time).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_device_gets_titles_labels_and_names_with_its_pins() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let group = world.group(&ann, &[&bob], "Walkers").await;
    ann.send(group, "under an old key").await;
    let rename = DeviceRename {
        device: None,
        name: "the desk".into(),
    };
    ann.must(rename).await;
    ann.settle().await;
    bob.settle().await;
    // Nobody writes, so no key of a generation comes: the title is there all the same.
    let ann2 = world.second_device(&ann).await;
    ann2.sees(chat).await;
    until("the title", async || {
        (ann2.row(group).await?.title == "Walkers").then_some(())
    })
    .await;
    until("the other device's label", async || {
        (row(&ann2, &ann).await?.name == "the desk").then_some(())
    })
    .await;
    assert!(
        ann2.must(DeviceApprovals {})
            .await
            .iter()
            .all(|run| run.sas.is_none() || run.device == ann2.id)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_beside_a_native_device_is_limited_and_renewed_while_it_is_used() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let web = world.second_device_on(&ann, browser()).await;
    web.sees(chat).await;
    let told = row(&ann, &web).await.unwrap();
    assert_eq!(
        (told.class, told.state),
        (DeviceClass::Limited, DeviceState::Approved)
    );
    bob.send(chat, "hello browser").await;
    web.reads(chat, "hello browser").await;
    // It is used near the end of its life: the full device renews it.
    let almost = ms(limits::LIMITED_DEVICE_MS - limits::DAY_MS);
    ann.kill();
    ann.link.asked();
    ann.link.skew(almost);
    ann.start().await;
    ann.sync().await;
    web.read(chat).await;
    web.settle().await;
    ann.settle().await;
    // Past its first date it lives on.
    let after = ms(limits::LIMITED_DEVICE_MS + limits::EXPIRY_GRACE_MS + limits::DAY_MS);
    let posted = || {
        let asked = ann.link.asked();
        asked.iter().any(|(_, path)| path == "/users/me/log")
    };
    // On the first connection already, where what the browser said came soon enough.
    let mut begun = posted();
    until("it is renewed", async || {
        ann.link.cut();
        ann.settle().await;
        moment().await;
        // An entry is posted on one connection; on a later one there is nothing more to do.
        let posts = posted();
        let done = begun && !posts;
        begun |= posts;
        done.then_some(())
    })
    .await;
    ann.kill();
    ann.link.skew(after);
    ann.start().await;
    ann.sync().await;
    ann.send(chat, "still to both").await;
    web.reads(chat, "still to both").await;
    assert_eq!(row(&ann, &web).await.unwrap().state, DeviceState::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_browser_expires_and_is_removed_by_a_full_device() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let mut web = world.second_device_on(&ann, browser()).await;
    web.sees(chat).await;
    web.settle().await;
    web.kill();
    ann.kill();
    let after = ms(limits::LIMITED_DEVICE_MS + limits::EXPIRY_GRACE_MS + limits::DAY_MS);
    ann.link.skew(after);
    ann.start().await;
    ann.sync().await;
    until("it is removed", async || {
        (row(&ann, &web).await?.state == DeviceState::Revoked).then_some(())
    })
    .await;
    ann.send(chat, "not for a forgotten browser").await;
    bob.reads(chat, "not for a forgotten browser").await;
    web.link.asked();
    web.start().await;
    until("it has asked", async || {
        (!web.link.asked().is_empty()).then_some(())
    })
    .await;
    until("the browser is told", async || {
        let status = web.must(SyncState {}).await;
        (status.link == LinkState::SignedOut).then_some(())
    })
    .await;
    let texts = web.texts(chat).await;
    assert!(!texts.contains(&"not for a forgotten browser".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_was_first_becomes_limited_when_a_native_device_joins() {
    let world = World::new().await;
    let ann = world.person_on("ann", browser()).await;
    let bob = world.person("bob").await;
    let chat = world.friends(&ann, &bob).await;
    assert_eq!(row(&ann, &ann).await.unwrap().class, DeviceClass::Full);
    let native = world.second_device(&ann).await;
    native.sees(chat).await;
    assert_eq!(
        row(&native, &native).await.unwrap().class,
        DeviceClass::Full
    );
    until("the browser is limited", async || {
        // It stays online: the browser's label tells it what that device is.
        (row(&ann, &ann).await?.class == DeviceClass::Limited).then_some(())
    })
    .await;
    ann.send(chat, "still here").await;
    bob.reads(chat, "still here").await;
    native.reads(chat, "still here").await;
}
