//! What was typed and not sent: nothing of it is lost, nothing of it is sent twice.

use chatty_core::api::account::{AccountLogOut, AccountWhoAmI};
use chatty_core::api::draft::{Draft, DraftGet, DraftSet};
use chatty_core::api::message::{MessageEdit, MessageSend};
use chatty_core::api::{Event, LocalCode};
use chatty_e2e::person::Device;
use chatty_e2e::world::World;
use chatty_protocol::{ConvId, MsgId, limits};

async fn draft(device: &Device, chat: ConvId) -> Draft {
    device.must(DraftGet { chat }).await
}

async fn typed(device: &Device, chat: ConvId) -> String {
    draft(device, chat).await.text
}

async fn types(device: &Device, chat: ConvId, text: &str) {
    device.must(DraftSet::text(chat, text)).await;
}

async fn edits(device: &Device, chat: ConvId, message: MsgId, text: &str) {
    let editing = Some(message);
    let set = DraftSet {
        editing,
        ..DraftSet::text(chat, text)
    };
    device.must(set).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_a_death_and_goes_with_the_message_that_it_became() {
    let world = World::new().await;
    let mut ann = world.person("ann").await;
    let chat = ann.chat("@ann").await;
    let first = ann.send(chat, "the first").await;
    assert_eq!(draft(&ann, chat).await.at_ms, 0, "nothing typed");
    let reply = DraftSet {
        reply_to: Some(first),
        mentions: vec![ann.user],
        ..DraftSet::text(chat, "half a thou")
    };
    ann.must(reply).await;
    ann.restart().await;
    let kept = draft(&ann, chat).await;
    assert_eq!(kept.text, "half a thou");
    assert_eq!((kept.reply_to, kept.editing), (Some(first), None));
    assert_eq!(kept.mentions, [ann.user]);
    assert!(kept.at_ms > 0);
    let row = ann.row(chat).await.unwrap();
    assert_eq!(row.draft.as_deref(), Some("half a thou"));
    // Something else that is sent leaves it alone.
    let forward = MessageSend {
        keep_draft: true,
        ..MessageSend::text(chat, "forwarded")
    };
    ann.must(forward).await;
    assert_eq!(typed(&ann, chat).await, "half a thou");
    ann.events();
    ann.must(MessageSend::text(chat, "half a thought")).await;
    assert_eq!(typed(&ann, chat).await, "");
    ann.hears("the list without the draft", |event| match event {
        Event::ChatChanged { chat } => chat.draft.is_none().then_some(()),
        _ => None,
    })
    .await;
    // A reply that was begun is kept though nothing is typed yet.
    let begun = DraftSet {
        reply_to: Some(first),
        ..DraftSet::text(chat, "")
    };
    ann.must(begun).await;
    assert_eq!(draft(&ann, chat).await.reply_to, Some(first));
    assert_eq!(ann.row(chat).await.unwrap().draft, None);
    types(&ann, chat, "").await;
    assert_eq!(draft(&ann, chat).await.at_ms, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_was_begun_stands_beside_the_new_message() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let id = ann.send(chat, "the txt").await;
    types(&ann, chat, "a new message").await;
    edits(&ann, chat, id, "the text").await;
    let kept = draft(&ann, chat).await;
    assert_eq!((kept.editing, kept.text.as_str()), (Some(id), "the text"));
    let row = ann.row(chat).await.unwrap();
    assert_eq!(row.draft.as_deref(), Some("a new message"));
    let edit = MessageEdit {
        chat,
        message: id,
        text: "the text".into(),
        mentions: Vec::new(),
    };
    ann.must(edit).await;
    assert_eq!(typed(&ann, chat).await, "a new message");
    // Given up.
    edits(&ann, chat, id, "never mind").await;
    edits(&ann, chat, id, "").await;
    assert_eq!(typed(&ann, chat).await, "a new message");
    // Nothing is left to change.
    edits(&ann, chat, id, "too late").await;
    ann.delete(chat, id).await;
    assert_eq!(typed(&ann, chat).await, "a new message");
    let editing = Some(id);
    let gone = DraftSet {
        editing,
        ..DraftSet::text(chat, "too late")
    };
    assert!(ann.call(gone).await.unwrap_err().is(LocalCode::Invalid));
    let theirs = Some(bob.send(chat, "of bob").await);
    ann.reads(chat, "of bob").await;
    let other = DraftSet {
        editing: theirs,
        ..DraftSet::text(chat, "not mine")
    };
    assert!(ann.call(other).await.unwrap_err().is(LocalCode::Invalid));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_as_long_as_a_message_and_of_one_account() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let chat = ann.chat("@ann").await;
    let long = "x".repeat(limits::TEXT_BYTES);
    types(&ann, chat, &long).await;
    let longer = ann.call(DraftSet::text(chat, format!("{long}x"))).await;
    let error = longer.unwrap_err();
    assert!(error.is(LocalCode::Invalid));
    assert!(error.hint.contains("64 KiB"), "{error:?}");
    assert_eq!(typed(&ann, chat).await, long, "what was kept stays");
    let nowhere = ConvId::from_rest([9; 32]);
    let error = ann.call(DraftSet::text(nowhere, "x")).await.unwrap_err();
    assert!(error.is(LocalCode::NoSuchChat));
    ann.must(AccountLogOut {}).await;
    assert!(ann.call(AccountWhoAmI {}).await.is_err());
    let left = ann.call(DraftGet { chat }).await.unwrap_err();
    assert!(left.is(LocalCode::NotSignedIn));
}

/// Points between typing and sending.
const POINTS: [&str; 3] = ["store.before-commit", "store.after-commit", "outbox.queued"];

#[tokio::test(flavor = "multi_thread")]
async fn a_death_in_mid_send_leaves_the_draft_or_the_message_and_never_both() {
    let world = World::new().await;
    let mut ann = world.person("ann").await;
    let chat = ann.chat("@ann").await;
    let mut sent = Vec::new();
    for point in POINTS {
        ann.survive().await;
        ann.link.offline();
        types(&ann, chat, point).await;
        die_in_send(&mut ann, chat, point).await;
        ann.survive().await;
        let kept = typed(&ann, chat).await;
        let there = times(&ann, chat, point).await;
        match there {
            0 => assert_eq!(kept, point, "{point}: what was typed is lost"),
            _ => assert_eq!(kept, "", "{point}: it would be sent twice"),
        }
        ann.link.online();
        ann.settle().await;
        assert_eq!(times(&ann, chat, point).await, there, "{point}: sent twice");
        sent.push(there);
    }
    assert_eq!(
        (sent[0], sent[2]),
        (0, 1),
        "before the commit, and after it"
    );
}

async fn times(device: &Device, chat: ConvId, text: &str) -> usize {
    let texts = device.texts(chat).await;
    texts.iter().filter(|shown| *shown == text).count()
}

/// Other work passes the same points: the n-th pass is tried until one falls into the call.
async fn die_in_send(ann: &mut Device, chat: ConvId, point: &'static str) {
    for pass in 1..40 {
        ann.start_to_die(Some((point, pass))).await;
        if ann.is_alive() && ann.call(DraftGet { chat }).await.is_ok() {
            let answer = ann.call(MessageSend::text(chat, point)).await;
            assert!(answer.is_err(), "{point} is not passed in the call");
            return;
        }
    }
    panic!("{point} has no end");
}
