//! What passes or is missing: typing, names, receipts, gaps, keys that are withheld.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chatty_core::api::Event;
use chatty_core::api::chat::{
    ChatOpen, ChatReceipts, ChatSetReceipts, ChatShowInfo, ChatTyping, Missing,
};
use chatty_core::api::person::{PersonBlock, ProfileGet, ProfileSet};
use chatty_core::api::state::{GapState, MessageState, ReceiptLevel};
use chatty_crypto::content::to_device::{ToDeviceBody, Withheld, WithheldCode};
use chatty_crypto::olm::Peer;
use chatty_e2e::hostile::Hostile;
use chatty_e2e::person::Device;
use chatty_e2e::wait::{moment, until};
use chatty_e2e::world::World;
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::{ConvId, limits};

async fn hears_typing(device: &Device, chat: ConvId, wanted: bool) {
    let what = if wanted {
        "typing"
    } else {
        "the end of typing"
    };
    device
        .hears(what, |event| match event {
            Event::ChatTyping {
                chat: at, typing, ..
            } => (at == chat && typing == wanted).then_some(()),
            _ => None,
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_is_shown_on_open_screens_and_ends_by_itself() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let type_it = |typing| ChatTyping { chat, typing };
    // Not on the screen: nothing is told.
    ann.must(type_it(true)).await;
    moment().await;
    let told = |event: &Event| matches!(event, Event::ChatTyping { .. });
    assert!(!bob.events().iter().any(told));
    bob.must(ChatOpen { chats: vec![chat] }).await;
    bob.settle().await;
    ann.link.pace(100);
    until("typing arrives", async || {
        ann.must(type_it(true)).await;
        bob.events().iter().any(told).then_some(())
    })
    .await;
    ann.must(type_it(false)).await;
    hears_typing(&bob, chat, false).await;
    ann.must(type_it(true)).await;
    hears_typing(&bob, chat, true).await;
    // Its end is never told: it ends by bob's clock.
    ann.link.offline();
    bob.link.pace(limits::TYPING_SHOWN_MS / 100);
    hears_typing(&bob, chat, false).await;
    // A blocked person shows nothing.
    bob.link.pace(1);
    ann.link.online();
    ann.settle().await;
    let person = ann.at();
    bob.must(PersonBlock { person }).await;
    bob.events();
    ann.must(type_it(true)).await;
    moment().await;
    assert!(!bob.events().iter().any(told));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_reaches_contacts_beside_the_next_key_and_own_devices_at_once() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let ann2 = world.second_device(&ann).await;
    ann2.sees(chat).await;
    let name = "Ann of Green Gables".to_owned();
    ann.must(ProfileSet { name: name.clone() }).await;
    let own = async |device: &Device| {
        until("the own name", async || {
            let profile = device.must(ProfileGet { person: None }).await;
            (profile.name.as_deref() == Some(&name)).then_some(())
        })
        .await;
    };
    own(&ann).await;
    own(&ann2).await;
    // A new generation carries it.
    ann.set_timer(chat, 3600).await;
    ann.send(chat, "call me by my name").await;
    bob.reads(chat, "call me by my name").await;
    until("bob sees the name", async || {
        (bob.row(chat).await?.title == name).then_some(())
    })
    .await;
    let person = Some(ann.at());
    let profile = bob.must(ProfileGet { person }).await;
    assert_eq!(profile.name.as_deref(), Some(name.as_str()));
    // A device that is linked later learns it with its pins.
    let ann3 = world.second_device(&ann).await;
    own(&ann3).await;
    let name = "x".repeat(limits::NAME_CHARS + 1);
    assert!(ann.call(ProfileSet { name }).await.is_err());
}

async fn level(device: &Device, chat: Option<ConvId>, level: Option<ReceiptLevel>) {
    device.must(ChatSetReceipts { chat, level }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_can_be_turned_off_for_all_and_for_one() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let bob2 = world.second_device(&bob).await;
    bob2.sees(chat).await;
    level(&bob, None, Some(ReceiptLevel::Delivered)).await;
    until("the other device follows", async || {
        let told = bob2.must(ChatReceipts { chat: Some(chat) }).await;
        (told.level == ReceiptLevel::Delivered).then_some(())
    })
    .await;
    let first = ann.send(chat, "do you read this").await;
    bob.reads(chat, "do you read this").await;
    bob.read(chat).await;
    bob.settle().await;
    ann.shows(chat, first, "delivered", |row| {
        row.state == MessageState::Delivered
    })
    .await;
    moment().await;
    ann.shows(chat, first, "and not read", |row| {
        row.state == MessageState::Delivered
    })
    .await;
    // It holds both ways: bob is not told either.
    let own = bob.send(chat, "I may").await;
    ann.reads(chat, "I may").await;
    ann.read(chat).await;
    ann.settle().await;
    moment().await;
    bob.shows(chat, own, "delivered at most", |row| {
        matches!(row.state, MessageState::Sent | MessageState::Delivered)
    })
    .await;
    level(&bob, Some(chat), Some(ReceiptLevel::None)).await;
    let second = ann.send(chat, "and this").await;
    bob.reads(chat, "and this").await;
    bob.settle().await;
    moment().await;
    ann.shows(chat, second, "nothing is told", |row| {
        row.state == MessageState::Sent || row.state == MessageState::Delivered
    })
    .await;
    // As everywhere again, and everywhere in full.
    level(&bob, Some(chat), None).await;
    level(&bob, None, Some(ReceiptLevel::Read)).await;
    let third = ann.send(chat, "and now").await;
    bob.reads(chat, "and now").await;
    bob.read(chat).await;
    ann.shows(chat, third, "read", |row| row.state == MessageState::Read)
        .await;
}

async fn hears_missing(device: &Device, chat: ConvId) -> (u64, bool) {
    device
        .hears("a gap", |event| match event {
            Event::MessageMissing {
                chat: at,
                count,
                expired,
                ..
            } if at == chat => Some((count, expired)),
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a22_a_missing_message_is_told_after_a_minute_and_taken_back_when_it_comes() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.settle().await;
    // A relay that keeps back one message of ann, on every way.
    let keeps = Arc::new(AtomicBool::new(true));
    let (from, kept) = (ann.id, Arc::clone(&keeps));
    bob.link.attack(Hostile::new().rows(move |row| {
        let hidden = matches!(
            &row,
            RowFrame::Message { device, send, .. } if *device == from && send.n == 2
        );
        match hidden && kept.load(Ordering::SeqCst) {
            true => Vec::new(),
            false => vec![row],
        }
    }));
    let hidden = ann.send(chat, "kept back").await;
    ann.send(chat, "shown").await;
    bob.reads(chat, "shown").await;
    bob.settle().await;
    bob.link.skew(i64::try_from(limits::GAP_SHOWN_MS).unwrap());
    bob.link.pace(100);
    // The wait of a minute that runs already began at the old pace.
    bob.link.cut();
    assert_eq!(hears_missing(&bob, chat).await, (1, false));
    let info = bob.must(ChatShowInfo { chat }).await;
    let gap = Missing {
        user: ann.user,
        count: 1,
        state: GapState::Missing,
    };
    assert_eq!((info.held, info.missing), (0, vec![gap]));
    assert!(bob.messages(chat).await.iter().all(|row| row.id != hidden));
    keeps.store(false, Ordering::SeqCst);
    bob.link.cut();
    assert_eq!(hears_missing(&bob, chat).await, (0, false));
    assert_eq!(bob.must(ChatShowInfo { chat }).await.missing, []);
    bob.reads(chat, "kept back").await;
    assert_eq!(bob.texts(chat).await, ann.texts(chat).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_withheld_says_why() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.settle().await;
    bob.settle().await;
    let sender = ann.id;
    bob.link
        .attack(Hostile::new().down(move |frame| match frame {
            ServerFrame::TdItem(item) if item.device == sender => Vec::new(),
            other => vec![other],
        }));
    // A new generation, whose key is lost on its way.
    let mut message = ann.write(chat, "first").await;
    for number in 0..101 {
        message = ann.write(chat, &format!("number {number}")).await;
    }
    bob.shows(chat, message, "asks for the key", |row| {
        row.state == MessageState::KeyLate
    })
    .await;
    let mut sessions = bob.link.came().into_iter().filter_map(|frame| match frame {
        ServerFrame::Row(RowFrame::Message { send, .. }) if send.msg == message => {
            Some(send.session)
        }
        _ => None,
    });
    let session = sessions.next_back().expect("the row");
    let refusal = ToDeviceBody::Withheld(Withheld {
        conv: chat,
        session,
        gen_no: 2,
        code: WithheldCode::VerifiedOnly,
    });
    let to = Peer {
        user: bob.user,
        device: bob.id,
    };
    let item = ann.keys().await.item(&to, &refusal);
    bob.link.deliver(ann.user, ann.id, 1_000, item);
    bob.shows(chat, message, "is told that it will not come", |row| {
        let why = row.reason.as_deref() == Some("withheld: for verified people only");
        row.state == MessageState::KeyLost && why
    })
    .await;
}
