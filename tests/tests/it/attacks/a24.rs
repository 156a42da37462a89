//! A24: keys without a secret behind them, signed by a peer who wants it so, in the answers of the
//! relay. No session is made with them and nothing leaves for that device; a good key mends it.

use chatty_e2e::hostile::{Ask, Hostile, edit};
use chatty_e2e::insider::Insider;
use chatty_e2e::seed::rounds;
use chatty_e2e::wait::{moment, until};
use chatty_e2e::world::World;
use chatty_protocol::SUITE_1;
use chatty_protocol::codec::{Bytes, Ext, V1, encode};
use chatty_protocol::envelope::ITEM_PRE_KEY;
use chatty_protocol::frame::ClientFrame;
use chatty_protocol::prekey::{KIND_ONE_TIME, KeyRecord};
use chatty_protocol::rest::{B64, ClaimedKeys};
use chatty_protocol::sign::{SignContext, Signed};

/// Twist and small-order points, as encoded: first byte, the bytes between, last byte.
const WEAK: [(u8, u8, u8); 8] = [
    (0x00, 0x00, 0x00),
    (0x01, 0x00, 0x00),
    (0xec, 0xff, 0x7f),
    (0xed, 0xff, 0x7f),
    (0xee, 0xff, 0x7f),
    (0xd9, 0xff, 0xff),
    (0xda, 0xff, 0xff),
    (0xdb, 0xff, 0xff),
];

fn weak_key(peer: &Insider, (first, between, last): (u8, u8, u8)) -> Vec<u8> {
    let mut public = [between; 32];
    (public[0], public[31]) = (first, last);
    let record = KeyRecord {
        version: V1,
        suite: SUITE_1,
        user: peer.own.user,
        device: peer.own.device,
        kind: KIND_ONE_TIME,
        id: 4_000,
        public: Bytes(public.to_vec()),
        created: 1_700_000_000_000,
        ext: Ext::default(),
    };
    let signed: Signed<KeyRecord> = peer.sign(SignContext::Otk, encode(&record));
    signed.to_bytes()
}

/// Answers every claim with this key.
fn giving(key: Vec<u8>) -> Hostile {
    Hostile::new().answer(move |ask: &Ask, answer| {
        if ask.is("POST", "/keys/claim") {
            edit::<ClaimedKeys>(answer, |claimed| {
                for given in &mut claimed.keys {
                    (given.key, given.code) = (Some(B64(key.clone())), None);
                }
            });
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a24_a_key_without_a_secret_opens_no_session() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    for (number, point) in WEAK.into_iter().take(rounds(3, WEAK.len())).enumerate() {
        let mut bob = world.person(&format!("bob{number}")).await;
        let peer = bob.keys().await;
        bob.sync().await;
        ann.link.attack(giving(weak_key(&peer, point)));
        let chat = ann.chat(&bob.at()).await;
        ann.link.reached();
        ann.write(chat, "hello").await;
        until("ann asked for a key", async || {
            let asked = ann.link.asked();
            asked
                .iter()
                .any(|(_, path)| path == "/keys/claim")
                .then_some(())
        })
        .await;
        moment().await;
        // Bob may ask over a session that he makes himself; ann makes none with that key.
        let sent = ann.link.sent();
        let items = sent.iter().flat_map(|frame| match frame {
            ClientFrame::ToDevice { items, .. } => items.as_slice(),
            _ => &[],
        });
        let begun = items.filter(|item| item.to == bob.id && item.kind == ITEM_PRE_KEY);
        assert_eq!(begun.count(), 0, "nothing is encrypted to {point:x?}");
        // With the genuine key the same message is readable: bob asks for what he did not get.
        ann.link.calm();
        bob.accepts(chat).await;
        bob.send(chat, "hello back").await;
        ann.reads(chat, "hello back").await;
        bob.reads(chat, "hello").await;
    }
}
