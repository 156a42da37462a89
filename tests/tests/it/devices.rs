//! Second devices: approval, reading on, removal.

use chatty_core::api::device::{ApprovalStep, DeviceConfirm, DeviceList, DeviceRevoke};
use chatty_core::api::state::{DeviceState, LinkState};
use chatty_core::api::sync::SyncState;
use chatty_e2e::wait::{moment, until};
use chatty_e2e::world::{World, compare};

#[tokio::test(flavor = "multi_thread")]
async fn two_people_with_two_devices_each_share_one_timeline() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let ann2 = world.second_device(&ann).await;
    let bob2 = world.second_device(&bob).await;
    ann2.sees(chat).await;
    bob2.sees(chat).await;
    ann.send(chat, "from ann's first").await;
    ann2.send(chat, "from ann's second").await;
    bob.send(chat, "from bob's first").await;
    bob2.send(chat, "from bob's second").await;
    for device in [&ann, &ann2, &bob, &bob2] {
        for text in [
            "from ann's first",
            "from ann's second",
            "from bob's first",
            "from bob's second",
        ] {
            device.reads(chat, text).await;
        }
        device.settle().await;
    }
    let newest = async |device: &chatty_e2e::person::Device| {
        let rows = device.messages(chat).await;
        let rows = rows.iter().rev().take(4).rev();
        rows.map(|row| (row.id, row.seq, row.text.clone(), row.from_device))
            .collect::<Vec<_>>()
    };
    let wanted = newest(&ann).await;
    for device in [&ann2, &bob, &bob2] {
        assert_eq!(newest(device).await, wanted);
    }
    // What was sent before a device was linked is not readable there, and says so.
    assert!(ann2.texts(chat).await.iter().all(|text| text != "hello"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_device_reads_and_sends_nothing() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let new = world.log_in("ann").await;
    bob.send(chat, "not for a waiting device").await;
    ann.reads(chat, "not for a waiting device").await;
    moment().await;
    assert!(new.try_write(chat, "let me in").await.is_err());
    let rows = new.must(chatty_core::api::chat::ChatList {}).await;
    assert!(rows.is_empty(), "{rows:?}");
    let rows = ann.must(DeviceList {}).await;
    let waiting = rows.iter().find(|row| row.id == new.id);
    assert!(waiting.is_none_or(|row| row.state == DeviceState::Waiting));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_device_reads_nothing_more() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let lost = world.second_device(&ann).await;
    lost.sees(chat).await;
    bob.send(chat, "both read this").await;
    lost.reads(chat, "both read this").await;
    ann.must(DeviceRevoke { device: lost.id }).await;
    until("the removed device is told", async || {
        let status = lost.must(SyncState {}).await;
        (status.link == LinkState::SignedOut).then_some(())
    })
    .await;
    bob.send(chat, "after the removal").await;
    ann.reads(chat, "after the removal").await;
    moment().await;
    assert!(
        !lost
            .texts(chat)
            .await
            .contains(&"after the removal".to_owned())
    );
    let rows = ann.must(DeviceList {}).await;
    let row = rows.iter().find(|row| row.id == lost.id).unwrap();
    assert_eq!(row.state, DeviceState::Revoked);
}

#[tokio::test(flavor = "multi_thread")]
async fn different_pictures_end_the_approval_on_both_sides() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let new = world.log_in("ann").await;
    let (ours, _theirs) = compare(&ann, &new).await;
    let no = DeviceConfirm {
        approval: ours.id,
        same: false,
        timeout_ms: 5_000,
    };
    match ann.call(no).await {
        Ok(approval) => assert_eq!(approval.step, ApprovalStep::Stopped),
        Err(error) => assert_eq!(error.code.as_str(), "approval_stopped"),
    }
    moment().await;
    let rows = ann.must(DeviceList {}).await;
    let row = rows.iter().find(|row| row.id == new.id);
    assert!(row.is_none_or(|row| row.state == DeviceState::Waiting));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_devices_of_a_sender_and_an_away_device_catch_up() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let mut ann2 = world.second_device(&ann).await;
    ann2.sees(chat).await;
    ann2.settle().await;
    ann2.kill();
    for number in 0..10 {
        ann.send(chat, &format!("mine {number}")).await;
        bob.send(chat, &format!("yours {number}")).await;
    }
    ann2.start().await;
    for number in 0..10 {
        ann2.reads(chat, &format!("mine {number}")).await;
        ann2.reads(chat, &format!("yours {number}")).await;
    }
    let rows = ann2.messages(chat).await;
    let rows = &rows[rows.len() - 20..];
    assert!(rows.iter().all(|row| row.text.is_some()), "{rows:?}");
}
