//! A20: storms of broken items that make a device start sessions anew, and a device that was
//! copied and goes on in two places.

use chatty_core::api::Event;
use chatty_core::api::device::DeviceRevoke;
use chatty_core::api::events::AlarmKind;
use chatty_core::api::state::MessageState;
use chatty_crypto::content::message::Text;
use chatty_crypto::content::to_device::{OlmReset, ToDeviceBody};
use chatty_crypto::content::{Body, Content};
use chatty_crypto::megolm;
use chatty_crypto::olm::{self, Peer};
use chatty_e2e::grep::copy_folder;
use chatty_e2e::hostile::Hostile;
use chatty_e2e::insider::Insider;
use chatty_e2e::link::Link;
use chatty_e2e::person::Device;
use chatty_e2e::raw;
use chatty_e2e::seed::rounds;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::codec::{Ext, Fixed};
use chatty_protocol::frame::{ClientFrame, RowFrame, ServerFrame};
use chatty_protocol::rest::{B64, ClaimKeys, ClaimTarget, ClaimedKeys};
use chatty_protocol::{ConvId, MsgId};

/// Writes until a new generation begins: its key goes to everybody.
async fn new_generation(device: &Device, chat: ConvId, word: &str) {
    for number in 0..101 {
        device.write(chat, &format!("{word} {number}")).await;
    }
}

/// Each item comes broken, in so many different ways, and the relay keeps the good one.
fn storm(copies: usize) -> Hostile {
    let broken = move |frame| match frame {
        ServerFrame::TdItem(item) => {
            let copy = |at: usize| {
                let mut item = item.clone();
                let last = item.item.olm.0.len() - 1;
                item.item.olm.0[last - at] ^= 1;
                ServerFrame::TdItem(item)
            };
            (0..copies).map(copy).collect()
        }
        other => vec![other],
    };
    let kept = |frame| match frame {
        ClientFrame::Ack(mut ack) => {
            ack.items.clear();
            vec![ClientFrame::Ack(ack)]
        }
        other => vec![other],
    };
    Hostile::new().down(broken).up(kept)
}

#[tokio::test(flavor = "multi_thread")]
async fn a20_a_storm_of_broken_items_resets_once_an_hour() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.settle().await;
    bob.settle().await;
    ann.link.attack(storm(rounds(15, 19)));
    ann.link.asked();
    new_generation(&bob, chat, "first").await;
    until("ann sees what she cannot read", async || {
        let rows = ann.messages(chat).await;
        let sealed = rows.iter().any(|row| row.text.is_none());
        sealed.then_some(())
    })
    .await;
    new_generation(&bob, chat, "second").await;
    bob.settle().await;
    ann.sync().await;
    let claims = ann.link.asked();
    let claims = claims.iter().filter(|(_, path)| path == "/keys/claim");
    let claims = claims.count();
    assert!(claims <= 2, "one reset an hour needs one key, not {claims}");
    // Honest again: what was kept back opens everything, and so do the next keys.
    ann.link.calm();
    // So many failures are given a minute before more of that device is tried.
    ann.link.skew(61_000);
    ann.link.cut();
    new_generation(&bob, chat, "third").await;
    ann.reads(chat, "third 100").await;
    until("ann reads all of it", async || {
        let rows = ann.messages(chat).await;
        rows.iter().all(|row| row.text.is_some()).then_some(())
    })
    .await;
    ann.send(chat, "read").await;
    bob.reads(chat, "read").await;
}

fn peer(device: &Device) -> Peer {
    Peer {
        user: device.user,
        device: device.id,
    }
}

/// The session that both copies had is further at ann's than at the copy: it begins another one.
async fn over_a_new_session(world: &World, copy: &Insider, ann: &Device) {
    let peer = peer(ann);
    let old = copy.item(&peer, &ToDeviceBody::OlmAck).hint;
    let mut session = [0; 32];
    session[..8].copy_from_slice(&old.0);
    let given_up = OlmReset {
        session: Fixed(session),
        last_ctr: 0,
    };
    copy.act(|tx| olm::heard_reset(tx, &peer, &given_up))
        .expect("given up");
    let claim = ClaimKeys {
        claim_id: B64(vec![7; 16]),
        targets: vec![ClaimTarget {
            user: ann.user,
            device: ann.id,
        }],
    };
    let (origin, token) = (&world.relay.origin, copy.session().access_token);
    let answer = raw::call(origin, "POST", "/keys/claim", &token, Some(&claim)).await;
    let keys: ClaimedKeys = answer.good();
    let record = keys.keys[0].key.clone().expect("a key of ann's");
    copy.act(|tx| olm::claimed(tx, &peer, Some(&record.0)))
        .expect("a session");
}

/// The number that the next item of a device would have.
fn next_n(reader: &Device, sender: &Device) -> u64 {
    let frames = reader.link.came();
    let numbers = frames.iter().filter_map(|frame| match frame {
        ServerFrame::TdItem(item) if item.device == sender.id => Some(item.n),
        _ => None,
    });
    numbers.max().unwrap_or(1_000) + 1
}

/// A home that was copied goes on in two places: its contacts see two devices under one identity.
#[tokio::test(flavor = "multi_thread")]
async fn a20_a_copied_home_is_noticed_by_its_contacts_and_gets_nothing_more() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let mut twin = world.second_device(&bob).await;
    twin.sees(chat).await;
    twin.send(chat, "while it was one").await;
    ann.reads(chat, "while it was one").await;
    for device in [&ann, &bob, &twin] {
        device.settle().await;
    }
    let copy = twin.keys().await;
    // The first goes on: new generations, their keys to ann.
    for word in ["original", "goes on", "and on"] {
        new_generation(&twin, chat, word).await;
    }
    ann.reads(chat, "and on 100").await;
    for device in [&ann, &twin] {
        device.settle().await;
    }
    ann.events();
    // The copy does not know of that, and writes to ann under the same numbers.
    over_a_new_session(&world, &copy, &ann).await;
    let item = copy.item(&peer(&ann), &ToDeviceBody::OlmAck);
    ann.link
        .deliver(bob.user, twin.id, next_n(&ann, &twin), item);
    let (_, about) = ann.alarmed(AlarmKind::Clone).await;
    assert_eq!(about, Some(bob.user));
    // Which of the two writes now, nobody can say: what comes is marked.
    twin.send(chat, "which of the two?").await;
    let marked = ann.reads(chat, "which of the two?").await;
    assert_eq!(marked.reason.as_deref(), Some("cloned"));
    // Nothing more goes to that identity, not even with a new generation.
    ann.link.sent();
    new_generation(&ann, chat, "after").await;
    bob.reads(chat, "after 100").await;
    ann.settle().await;
    let sent = ann.link.sent();
    let to_twin = sent.iter().filter(|frame| match frame {
        ClientFrame::ToDevice { items, .. } => items.iter().any(|item| item.to == twin.id),
        _ => false,
    });
    assert_eq!(to_twin.count(), 0);
    // The account removes it: the alarm is over, and the rest goes on.
    bob.must(DeviceRevoke { device: twin.id }).await;
    bob.send(chat, "it is gone").await;
    ann.reads(chat, "it is gone").await;
    until("nothing is marked any more", async || {
        let rows = ann.messages(chat).await;
        let marked = rows
            .iter()
            .any(|row| row.reason.as_deref() == Some("cloned"));
        (!marked).then_some(())
    })
    .await;
}

/// Both copies write under one index of one session: what cannot be read is not silently gone.
#[tokio::test(flavor = "multi_thread")]
async fn a20_a_message_under_an_index_that_was_used_is_shown_as_lost() {
    let world = World::new().await;
    let (ann, mut bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    bob.send(chat, "while it was one").await;
    ann.reads(chat, "while it was one").await;
    bob.settle().await;
    let copy = bob.keys().await;
    bob.send(chat, "from the original").await;
    let read = ann.reads(chat, "from the original").await;
    let seq = read.seq.expect("a number");
    // The copy has said something else before, that the relay refused; so the next number is free.
    let text = |said: &str| Content {
        msg: MsgId::from_rest(chatty_e2e::forge::bytes()),
        sent_at: 1_700_000_000_000,
        expires_s: 0,
        rel: None,
        body: Body::Text(Text::plain(said)),
        ext: Ext::default(),
    };
    let send = copy.with(|tx| {
        megolm::number_ready(tx, &chat, &text("refused")).expect("numbered");
        let ready = megolm::number_ready(tx, &chat, &text("lost")).expect("numbered");
        megolm::encrypt(tx, &chat, &ready).expect("encrypted")
    });
    let lost = send.msg;
    ann.events();
    ann.link.inject(&ServerFrame::Row(RowFrame::Message {
        conv: chat,
        seq: seq + 1,
        user: bob.user,
        device: bob.id,
        time: 1_700_000_000_000,
        send,
    }));
    let (_, about) = ann.alarmed(AlarmKind::Clone).await;
    assert_eq!(about, Some(bob.user));
    ann.shows(chat, lost, "its place and why", |row| {
        row.text.is_none()
            && row.state == MessageState::KeyLost
            && row.reason.as_deref() == Some("cloned")
    })
    .await;
    // It keeps nothing out that can be read.
    bob.send(chat, "the original again").await;
    ann.reads(chat, "the original again").await;
    let rows = ann.messages(chat).await;
    assert!(rows.iter().all(|row| row.text.is_some()), "{rows:?}");
}

/// The same with two engines and an honest relay: the copy is refused and says so.
#[tokio::test(flavor = "multi_thread")]
async fn a20_the_copy_of_a_home_is_told_that_it_is_one() {
    let world = World::new().await;
    let (ann, mut bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    bob.settle().await;
    bob.kill();
    let home = world.new_home();
    copy_folder(&bob.home, &home);
    bob.start().await;
    bob.send(chat, "from the original").await;
    ann.reads(chat, "from the original").await;
    bob.settle().await;
    bob.kill();
    let copy = Device::again(home, Link::default()).await;
    assert_eq!(copy.id, bob.id);
    copy.hears("that it is not alone", |event| match event {
        Event::Alarm {
            kind: AlarmKind::Restored | AlarmKind::Clone,
            ..
        } => Some(()),
        _ => None,
    })
    .await;
    ann.send(chat, "to whoever reads").await;
    ann.settle().await;
    let texts = ann.texts(chat).await;
    let from_bob = texts.iter().filter(|text| *text == "from the original");
    assert_eq!(from_bob.count(), 1);
}
