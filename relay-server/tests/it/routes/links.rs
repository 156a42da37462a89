//! `/links`

use chatty_protocol::ErrorCode;
use chatty_protocol::codec::{Bytes, Fixed, encode};
use chatty_protocol::limits::{
    DEVICE_PENDING_MS, DEVICES_PENDING, LINK_FRAME_BYTES, LINK_FRAMES, LINK_MS,
};
use chatty_protocol::rest::{Frames, LinkOpened, Links, LoggedIn, OpenLink, PutFrame};
use chatty_protocol::sign::Head;

use crate::kit::direct::log_in;
use crate::kit::person::{PASSWORD, public};
use crate::kit::rest::Answer;
use crate::kit::{Device, Person, TestRelay};

fn m1(person: &Person, device: &Device) -> Vec<u8> {
    let head: Head = person.log.head;
    let label = ("laptop".to_owned(), "linux".to_owned());
    encode(&(
        Fixed([1_u8; 16]),
        device.cert.clone(),
        person.user,
        public(&person.aik),
        head,
        label,
    ))
}

/// A device with a password only.
async fn waiting(relay: &TestRelay, person: &Person) -> Device {
    let mut device = Device::new(person.user);
    let answer = log_in(relay, &person.handle, PASSWORD, None).await;
    device.take(answer.json::<LoggedIn>().tokens);
    device
}

async fn open(relay: &TestRelay, by: &Device, m1: Vec<u8>) -> Answer {
    relay.post(by, "/links", &OpenLink { m1: m1.into() }).await
}

async fn put(relay: &TestRelay, by: &Device, id: &str, frame: Vec<u8>) -> Answer {
    let body = PutFrame {
        frame: frame.into(),
    };
    relay.post(by, &format!("/links/{id}/frames"), &body).await
}

fn id_of(answer: &Answer) -> String {
    data_encoding::BASE64URL_NOPAD.encode(&answer.json::<LinkOpened>().id.0)
}

fn frame(step: u64) -> Vec<u8> {
    encode(&(step, Bytes(vec![7; 32])))
}

#[tokio::test]
async fn two_devices_of_an_account_exchange_frames_for_ten_minutes() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let new = waiting(&relay, &anna).await;
    let first = m1(&anna, &new);
    let opened = open(&relay, &new, first.clone()).await;
    assert_eq!(opened.status, 201);
    let id = id_of(&opened);
    assert_eq!(
        id_of(&open(&relay, &new, first.clone()).await),
        id,
        "the same m1 again"
    );
    let links: Links = relay.get(anna.first(), "/links").await.json();
    assert_eq!(links.links.len(), 1);
    assert_eq!(links.links[0].m1.0, first);
    assert_eq!(put(&relay, anna.first(), &id, frame(2)).await.status, 204);
    assert_eq!(put(&relay, &new, &id, frame(3)).await.status, 204);
    let path = format!("/links/{id}/frames");
    let frames: Frames = relay.get(&new, &path).await.json();
    assert_eq!(frames.frames, [frame(2).into(), frame(3).into()]);
    // Another account sees nothing of it.
    assert_eq!(relay.get(ben.first(), &path).await.code(), ErrorCode::Gone);
    assert_eq!(
        put(&relay, ben.first(), &id, frame(4)).await.code(),
        ErrorCode::Gone
    );
    for step in 4..=LINK_FRAMES as u64 + 1 {
        assert_eq!(put(&relay, &new, &id, frame(step)).await.status, 204);
    }
    assert_eq!(
        put(&relay, &new, &id, frame(99)).await.code(),
        ErrorCode::Quota
    );
    relay.clock.advance(LINK_MS - 1);
    assert_eq!(relay.get(&new, &path).await.status, 200);
    relay.clock.advance(1);
    let ended = relay.get(&new, &path).await.code();
    assert!(
        matches!(ended, ErrorCode::Gone | ErrorCode::TokenExpired),
        "{ended}"
    );
}

#[tokio::test]
async fn a_mailbox_is_for_the_own_account_and_three_devices() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let new = waiting(&relay, &anna).await;
    let of_ben = m1(&ben, &Device::new(ben.user));
    assert_eq!(
        open(&relay, &new, of_ben).await.code(),
        ErrorCode::NotAllowed
    );
    let known = m1(&anna, anna.first());
    assert_eq!(open(&relay, &new, known).await.code(), ErrorCode::Conflict);
    assert_eq!(
        open(&relay, &new, vec![0x80]).await.code(),
        ErrorCode::Malformed
    );
    assert_eq!(
        open(&relay, &new, vec![0; LINK_FRAME_BYTES + 1])
            .await
            .code(),
        ErrorCode::TooLarge
    );
    for _ in 0..DEVICES_PENDING {
        let device = Device::new(anna.user);
        assert_eq!(open(&relay, &new, m1(&anna, &device)).await.status, 201);
    }
    let fourth = open(&relay, &new, m1(&anna, &Device::new(anna.user))).await;
    assert_eq!(
        (fourth.status, fourth.code()),
        (429, ErrorCode::DeviceLimit)
    );
    // Who is not approved within a day makes room.
    relay.clock.advance(DEVICE_PENDING_MS + 1);
    relay.relay.run_due().await.unwrap();
    let new = waiting(&relay, &anna).await;
    assert_eq!(open(&relay, &new, m1(&anna, &new)).await.status, 201);
}

#[tokio::test]
async fn a_frame_is_a_step_and_bytes() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let new = waiting(&relay, &anna).await;
    let id = id_of(&open(&relay, &new, m1(&anna, &new)).await);
    for bad in [vec![], vec![0xff], vec![0x81, 1], frame(1)[..8].to_vec()] {
        assert_eq!(
            put(&relay, &new, &id, bad).await.code(),
            ErrorCode::Malformed
        );
    }
    assert_eq!(
        put(&relay, &new, &id, vec![0; 4_097]).await.code(),
        ErrorCode::TooLarge
    );
    for bad in ["x", "AAAA", "%2e%2e"] {
        assert_eq!(
            put(&relay, &new, bad, frame(1)).await.code(),
            ErrorCode::NotFound,
            "{bad}"
        );
    }
}
