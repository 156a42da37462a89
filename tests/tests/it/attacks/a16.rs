//! A16: the relay gives out one-time keys that their device did not sign. None is used: nothing
//! leaves over such a key, and the device is reached as soon as the relay is honest.

use chatty_e2e::forge::{bytes, sign};
use chatty_e2e::hostile::{Hostile, edit};
use chatty_e2e::insider::Insider;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::DeviceId;
use chatty_protocol::codec::{Bytes, encode};
use chatty_protocol::frame::{ClientFrame, ServerFrame};
use chatty_protocol::prekey::KeyRecord;
use chatty_protocol::rest::{B64, ClaimedKeys};
use chatty_protocol::sign::{SignContext, Signed};
use ed25519_dalek::SigningKey;

/// How a claimed key is spoiled.
#[derive(Clone, Copy, Debug)]
enum Spoiled {
    /// The attacker's key, signed by the attacker.
    Forged,
    /// The attacker's key under the true signature.
    Swapped,
    /// The true record, signed as something else.
    OtherContext,
    /// A true record of somebody else's device.
    Foreign,
    /// One bit of the signature.
    Bit,
    /// No record at all but bytes.
    Noise,
}

const ALL: [Spoiled; 6] = [
    Spoiled::Forged,
    Spoiled::Swapped,
    Spoiled::OtherContext,
    Spoiled::Foreign,
    Spoiled::Bit,
    Spoiled::Noise,
];

fn spoil(how: Spoiled, true_record: &[u8], foreign: &Insider) -> Vec<u8> {
    let signed: Signed<KeyRecord> = Signed::from_bytes(true_record).expect("a record");
    let mut record = signed.open().expect("a record");
    let attacker = SigningKey::from_bytes(&bytes());
    let mut own_key = attacker.verifying_key().to_bytes();
    own_key[31] &= 0x7f;
    match how {
        Spoiled::Forged => {
            record.public = Bytes(own_key.to_vec());
            sign::<KeyRecord>(&attacker, SignContext::Otk, encode(&record)).to_bytes()
        }
        Spoiled::Swapped => {
            record.public = Bytes(own_key.to_vec());
            Signed::<KeyRecord>::from_parts(encode(&record), *signed.signature()).to_bytes()
        }
        Spoiled::OtherContext => foreign
            .sign::<KeyRecord>(SignContext::DeviceLog, signed.inner().to_vec())
            .to_bytes(),
        Spoiled::Foreign => {
            (record.user, record.device) = (foreign.own.user, foreign.own.device);
            foreign
                .sign::<KeyRecord>(SignContext::Otk, encode(&record))
                .to_bytes()
        }
        Spoiled::Bit => {
            let mut bytes = true_record.to_vec();
            if let Some(last) = bytes.last_mut() {
                *last ^= 1;
            }
            bytes
        }
        Spoiled::Noise => bytes::<64>().to_vec(),
    }
}

fn items_to(sent: &[ClientFrame], device: DeviceId) -> usize {
    let items = sent.iter().flat_map(|frame| match frame {
        ClientFrame::ToDevice { items, .. } => items.as_slice(),
        _ => &[],
    });
    items.filter(|item| item.to == device).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a16_a_key_that_its_device_did_not_sign_is_never_used() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let mut eve = world.person("eve").await;
    let chat = world.friends(&ann, &bob).await;
    let foreign = std::sync::Arc::new(std::sync::Mutex::new(eve.keys().await));
    for how in ALL {
        let (known, foreign) = (bob.id, foreign.clone());
        ann.link.attack(
            Hostile::new()
                .answer(move |ask, answer| {
                    if ask.is("POST", "/keys/claim") {
                        edit::<ClaimedKeys>(answer, |page| {
                            for given in page.keys.iter_mut().filter(|key| key.device != known) {
                                let hands = foreign.lock().expect("the hands");
                                let key = given.key.as_ref();
                                let key = key.map(|key| spoil(how, &key.0, &hands));
                                given.key = key.map(B64);
                            }
                        });
                    }
                })
                // What the new device sends itself would bring a session of its own.
                .down(move |frame| match &frame {
                    ServerFrame::TdItem(item) if item.device != known => Vec::new(),
                    _ => vec![frame],
                }),
        );
        let new = world.second_device(&bob).await;
        new.sees(chat).await;
        ann.link.sent();
        ann.link.asked();
        let text = format!("over {how:?}");
        ann.send(chat, &text).await;
        bob.reads(chat, &text).await;
        until("a key was claimed", async || {
            let asked = ann.link.asked();
            let claimed = asked.iter().any(|(_, path)| path == "/keys/claim");
            claimed.then_some(())
        })
        .await;
        assert_eq!(items_to(&ann.link.sent(), new.id), 0, "{how:?}");
        assert!(!new.texts(chat).await.contains(&text), "{how:?}");
        ann.link.calm();
        ann.link.cut();
        // The new device asks, and is answered over an honest key.
        new.reads(chat, &text).await;
        ann.send(chat, &format!("after {how:?}")).await;
        new.reads(chat, &format!("after {how:?}")).await;
        bob.must(chatty_core::api::device::DeviceRevoke { device: new.id })
            .await;
    }
}
