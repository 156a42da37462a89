//! What the screens ask for: the chat list's rows, pages around a place, versions.

use chatty_core::api::chat::{Chat, ChatList, ChatSetFlags, ChatSetReceipts};
use chatty_core::api::message::{
    MessageGet, MessageList, MessageReceipts, MessageSend, MessageVersions,
};
use chatty_core::api::state::{MessageState, ReceiptLevel};
use chatty_core::api::{Event, LocalCode};
use chatty_e2e::person::{Device, shown};
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::{ConvId, MsgId, UserId};

async fn row_is(device: &Device, chat: ConvId, what: &str, is: impl Fn(&Chat) -> bool) {
    let what = format!("{}: {what}", device.handle);
    until(&what, async || {
        device.row(chat).await.filter(|row| is(row)).map(|_| ())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_the_newest_row_and_whether_somebody_named_this_user() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let id = ann.send(chat, "plain").await;
    bob.reads(chat, "plain").await;
    let row = bob.row(chat).await.unwrap();
    assert_eq!(row.last.unwrap().id, id);
    assert!(!row.mention);
    assert_eq!(row.timer_s, None);
    let named = MessageSend {
        mentions: vec![bob.user],
        ..MessageSend::text(chat, "@bob look")
    };
    let named = ann.must(named).await.id;
    bob.reads(chat, "@bob look").await;
    let row = bob.row(chat).await.unwrap();
    assert!(row.mention);
    assert_eq!(row.last.map(|last| last.id), Some(named));
    bob.events();
    bob.read(chat).await;
    let row = bob.row(chat).await.unwrap();
    assert!(!row.mention, "read");
    // The list's row is told anew when its newest message moves on.
    ann.hears("the ladder in the list", |event| match event {
        Event::ChatChanged { chat } => chat
            .last
            .filter(|last| last.id == named && last.state == MessageState::Read)
            .map(|_| ()),
        _ => None,
    })
    .await;
    ann.delete(chat, named).await;
    row_is(&bob, chat, "the newest row is a tombstone", |row| {
        row.last
            .as_ref()
            .is_some_and(|last| last.deleted && last.text.is_none())
    })
    .await;
    bob.set_timer(chat, 3600).await;
    row_is(&ann, chat, "the timer", |row| row.timer_s == Some(3600)).await;
}

async fn page(device: &Device, list: MessageList) -> Vec<String> {
    device.must(list).await.iter().map(shown).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_read_before_after_and_around_a_message() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let chat = ann.chat("@ann").await;
    let mut ids: Vec<MsgId> = Vec::new();
    for n in 0..9 {
        ids.push(ann.write(chat, &n.to_string()).await);
    }
    let list = |limit| MessageList::newest(chat, limit);
    let before = MessageList {
        before: Some(ids[4]),
        ..list(3)
    };
    assert_eq!(page(&ann, before).await, ["1", "2", "3"]);
    let after = MessageList {
        after: Some(ids[4]),
        ..list(3)
    };
    assert_eq!(page(&ann, after).await, ["5", "6", "7"]);
    let around = |n: usize, limit| MessageList {
        around: Some(ids[n]),
        ..list(limit)
    };
    assert_eq!(page(&ann, around(4, 5)).await, ["2", "3", "4", "5", "6"]);
    assert_eq!(page(&ann, around(4, 4)).await, ["2", "3", "4", "5"]);
    assert_eq!(page(&ann, around(4, 1)).await, ["4"]);
    assert_eq!(page(&ann, around(0, 4)).await, ["0", "1"]);
    assert_eq!(page(&ann, around(8, 4)).await, ["6", "7", "8"]);
    let both = MessageList {
        before: Some(ids[1]),
        after: Some(ids[1]),
        ..list(3)
    };
    assert!(ann.call(both).await.unwrap_err().is(LocalCode::Invalid));
    let get = |message| MessageGet { chat, message };
    assert_eq!(ann.must(get(ids[3])).await.text.as_deref(), Some("3"));
    let nowhere = ann.call(get(MsgId::from_rest([7; 16]))).await;
    assert!(nowhere.unwrap_err().is(LocalCode::NoSuchMessage));
}

async fn versions(device: &Device, chat: ConvId, message: MsgId) -> Vec<String> {
    let all = device.must(MessageVersions { chat, message }).await;
    assert!(all.is_sorted_by_key(|version| version.at_ms));
    all.into_iter().map(|version| version.text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_of_a_text_can_be_read_until_it_is_deleted() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let id = ann.send(chat, "1st").await;
    bob.reads(chat, "1st").await;
    assert_eq!(versions(&bob, chat, id).await, ["1st"]);
    ann.edit(chat, id, "first").await;
    ann.edit(chat, id, "the first").await;
    bob.reads(chat, "the first").await;
    for device in [&ann, &bob] {
        let said = versions(device, chat, id).await;
        assert_eq!(said, ["1st", "first", "the first"]);
    }
    ann.delete(chat, id).await;
    bob.shows(chat, id, "deleted", |row| row.deleted).await;
    for device in [&ann, &bob] {
        assert!(versions(device, chat, id).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pins_archive_and_silence_hold_on_all_own_devices() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let notes = ann.chat("@ann").await;
    ann.send(notes, "an older note").await;
    let chat = world.friends(&ann, &bob).await;
    let mut ann2 = world.second_device(&ann).await;
    ann2.sees(notes).await;
    ann2.sees(chat).await;
    let order = async |device: &Device| -> Vec<ConvId> {
        let rows = device.must(ChatList {}).await;
        rows.iter().map(|row| row.id).collect()
    };
    assert_eq!(order(&ann).await, [chat, notes]);
    let none = ChatSetFlags {
        chat: notes,
        pinned: None,
        archived: None,
        muted_until_ms: None,
    };
    let pin = ChatSetFlags {
        pinned: Some(true),
        ..none.clone()
    };
    let row = ann.must(pin).await;
    assert!(row.pinned && !row.archived && row.muted_until_ms.is_none());
    assert_eq!(order(&ann).await, [notes, chat]);
    // The other device at the same time, without a line: both wishes hold.
    ann2.link.offline();
    let until = 4_102_444_800_000;
    let away = ChatSetFlags {
        archived: Some(true),
        muted_until_ms: Some(until),
        ..none.clone()
    };
    ann2.must(away).await;
    ann2.link.online();
    for device in [&ann, &ann2] {
        row_is(device, notes, "all three", |row| {
            row.pinned && row.archived && row.muted_until_ms == Some(until)
        })
        .await;
    }
    assert_eq!(order(&ann2).await, [notes, chat]);
    let back = ChatSetFlags {
        pinned: Some(false),
        archived: Some(false),
        muted_until_ms: Some(0),
        ..none
    };
    ann2.must(back).await;
    ann2.settle().await;
    ann2.restart().await;
    for device in [&ann, &ann2] {
        row_is(device, notes, "none of them", |row| {
            !row.pinned && !row.archived && row.muted_until_ms.is_none()
        })
        .await;
    }
    assert_eq!(order(&ann).await, [chat, notes]);
    let chat = ConvId::from_rest([8; 32]);
    let nowhere = ChatSetFlags {
        chat,
        pinned: Some(true),
        archived: None,
        muted_until_ms: None,
    };
    assert!(
        ann.call(nowhere)
            .await
            .unwrap_err()
            .is(LocalCode::NoSuchChat)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_shows_who_has_a_message_and_who_read_it() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let carl = world.person("carl").await;
    // Friends join by themselves.
    for friend in [&bob, &carl] {
        world.friends(&ann, friend).await;
    }
    let chat = world.group(&ann, &[&bob, &carl], "club").await;
    let id = ann.send(chat, "who was here").await;
    for device in [&bob, &carl] {
        device.reads(chat, "who was here").await;
    }
    bob.read(chat).await;
    let told = async |device: &Device, message| -> Vec<(UserId, MessageState)> {
        let all = device.must(MessageReceipts { chat, message }).await;
        all.into_iter().map(|one| (one.user, one.state)).collect()
    };
    let mut wanted = vec![
        (bob.user, MessageState::Read),
        (carl.user, MessageState::Delivered),
    ];
    wanted.sort_by_key(|(user, _)| *user);
    until("both receipts", async || {
        (told(&ann, id).await == wanted).then_some(())
    })
    .await;
    assert_eq!(told(&bob, id).await, [], "of others nothing is told");
    // Who does not tell is not told.
    let level = ChatSetReceipts {
        chat: Some(chat),
        level: Some(ReceiptLevel::Delivered),
    };
    ann.must(level).await;
    let states = told(&ann, id).await.into_iter().map(|(_, state)| state);
    assert!(
        states
            .into_iter()
            .all(|state| state == MessageState::Delivered)
    );
    let missing = MsgId::from_rest([7; 16]);
    let none = MessageReceipts {
        chat,
        message: missing,
    };
    assert!(
        ann.call(none)
            .await
            .unwrap_err()
            .is(LocalCode::NoSuchMessage)
    );
}
