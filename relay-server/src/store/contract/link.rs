//! Link mailboxes.

use bytes::Bytes;

use super::sample::{change, device, people, user};
use crate::store::Store;
use crate::store::device::{DeviceChange, DeviceState};
use crate::store::link::{FramePut, LinkOpened, NewLink};
use crate::store::purge::PurgeCuts;

fn link(id: u8, dev: u32, now: u64) -> NewLink {
    NewLink {
        id: [id; 16],
        user: user(1),
        device: device(dev),
        m1: Bytes::from(format!("m1 of {dev}")),
        now,
        expires: now + 600,
        pending_until: now + 86_400,
        max_pending: 3,
    }
}

pub async fn mailboxes_hold_few_frames(store: &dyn Store) {
    people(store, &[1, 2]).await;
    let opened = store.link_open(link(1, 11, 1_000)).await.unwrap();
    assert_eq!(opened, LinkOpened::Opened([1; 16]));
    let again = store.link_open(link(2, 11, 1_001)).await.unwrap();
    assert_eq!(
        again,
        LinkOpened::Opened([1; 16]),
        "a repeat finds the first"
    );
    let put = |who, text: &'static str, now| {
        store.link_put(user(who), [1; 16], Bytes::from(text), 2, now)
    };
    assert_eq!(
        put(2, "a", 1_100).await.unwrap(),
        FramePut::Gone,
        "somebody else's"
    );
    for text in ["a", "b", "a"] {
        assert_eq!(put(1, text, 1_100).await.unwrap(), FramePut::Stored);
    }
    assert_eq!(put(1, "c", 1_100).await.unwrap(), FramePut::Full);
    assert_eq!(
        put(1, "d", 1_600).await.unwrap(),
        FramePut::Gone,
        "its time is over"
    );
    let (row, frames) = store
        .link_frames(user(1), [1; 16], 1_100)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.device, row.m1), (device(11), Bytes::from("m1 of 11")));
    assert_eq!(frames, ["a", "b"]);
    assert_eq!(
        store.link_frames(user(2), [1; 16], 1_100).await.unwrap(),
        None
    );
    assert_eq!(store.links(user(1), 1_100).await.unwrap().len(), 1);
    assert_eq!(store.links(user(1), 1_600).await.unwrap().len(), 0);
    let cuts = PurgeCuts {
        now: 1_601,
        rows: 0,
        inbox: 0,
        claims: 0,
        claimed_keys: 0,
    };
    assert_eq!(store.purge(cuts, 100).await.unwrap().others, 3);
}

pub async fn few_devices_may_wait(store: &dyn Store) {
    people(store, &[1]).await;
    let known = store.link_open(link(9, 1, 1_000)).await.unwrap();
    assert_eq!(known, LinkOpened::DeviceKnown);
    for dev in 11..=13 {
        let id = dev as u8;
        let opened = store.link_open(link(id, dev, 1_000)).await.unwrap();
        assert_eq!(opened, LinkOpened::Opened([id; 16]));
    }
    assert_eq!(
        store.link_open(link(14, 14, 1_000)).await.unwrap(),
        LinkOpened::TooMany
    );
    let row = store.device(device(11)).await.unwrap().unwrap();
    assert_eq!(row.state, DeviceState::Pending);
    // Approval makes room; so does time.
    let add = DeviceChange::Add {
        device: device(11),
        cert: Bytes::from("cert"),
        class: 2,
        expires: 9,
    };
    change(store, 1, vec![add]).await;
    let row = store.device(device(11)).await.unwrap().unwrap();
    assert_eq!((row.state, row.class), (DeviceState::Live, 2));
    assert_eq!(
        store.link_open(link(14, 14, 1_000)).await.unwrap(),
        LinkOpened::Opened([14; 16])
    );
    let later = store.link_open(link(15, 15, 90_000)).await.unwrap();
    assert_eq!(later, LinkOpened::Opened([15; 16]));
}
