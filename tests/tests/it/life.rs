//! What happens to messages and conversations after they were sent.

use chatty_core::api::message::{MessageCancel, MessageEdit, MessageSearch, MessageSend};
use chatty_core::api::person::{PersonBlock, PersonUnblock, RequestBlock, RequestDelete};
use chatty_core::api::state::{ChatState, LinkState, MessageState};
use chatty_core::api::sync::{SyncRetry, SyncState};
use chatty_e2e::hostile::Hostile;
use chatty_e2e::wait::{moment, until};
use chatty_e2e::world::World;
use chatty_protocol::error::{ErrorBody, ErrorCode};
use chatty_protocol::{MsgId, limits};

#[tokio::test(flavor = "multi_thread")]
async fn edits_deletes_and_reactions_reach_the_other_side() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let first = ann.send(chat, "wrong word").await;
    let second = ann.send(chat, "to be deleted canary-gone").await;
    bob.reads(chat, "wrong word").await;
    ann.edit(chat, first, "first").await;
    bob.shows(chat, first, "the edit", |row| {
        row.text.as_deref() == Some("first") && row.edited
    })
    .await;
    bob.react(chat, first, "👍").await;
    ann.shows(chat, first, "the reaction", |row| {
        row.reactions.len() == 1 && row.reactions[0].by == [bob.user]
    })
    .await;
    bob.react(chat, first, "🎉").await;
    ann.shows(chat, first, "one reaction a person", |row| {
        row.reactions.len() == 1 && row.reactions[0].emoji == "🎉"
    })
    .await;
    bob.react(chat, first, "").await;
    ann.shows(chat, first, "taken back", |row| row.reactions.is_empty())
        .await;
    ann.delete(chat, second).await;
    bob.shows(chat, second, "the deletion", |row| {
        row.deleted && row.text.is_none()
    })
    .await;
    let search = MessageSearch {
        text: "canary-gone".into(),
        chat: None,
        limit: 10,
    };
    assert!(
        bob.must(search).await.rows.is_empty(),
        "the index forgets too"
    );
    let reply = MessageSend {
        reply_to: Some(first),
        mentions: vec![ann.user],
        ..MessageSend::text(chat, "an answer")
    };
    bob.must(reply).await;
    let answer = ann.reads(chat, "an answer").await;
    assert_eq!(answer.reply_to, Some(first));
    assert_eq!(answer.mentions, [ann.user]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_edit_made_while_the_reader_is_away_wins_and_a_deletion_wins_over_all() {
    let world = World::new().await;
    let (ann, mut bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let one = ann.send(chat, "one").await;
    let two = ann.send(chat, "two").await;
    bob.reads(chat, "two").await;
    bob.kill();
    ann.edit(chat, one, "one again").await;
    ann.edit(chat, one, "one at last").await;
    ann.delete(chat, two).await;
    bob.start().await;
    bob.shows(chat, one, "the last edit", |row| {
        row.text.as_deref() == Some("one at last")
    })
    .await;
    bob.shows(chat, two, "the deletion", |row| row.deleted)
        .await;
    bob.settle().await;
    assert_eq!(bob.texts(chat).await, ann.texts(chat).await);
    assert_eq!(bob.messages(chat).await.len(), 4, "changes are no rows");
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_say_delivered_and_read_by_merged_maximum() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    bob.link.offline();
    let first = ann.send(chat, "first").await;
    let second = ann.send(chat, "second").await;
    ann.shows(chat, second, "sent", |row| row.state == MessageState::Sent)
        .await;
    bob.link.online();
    for id in [first, second] {
        ann.shows(chat, id, "delivered", |row| {
            row.state == MessageState::Delivered
        })
        .await;
    }
    bob.reads(chat, "second").await;
    assert_eq!(
        bob.row(chat).await.unwrap().unread,
        3,
        "hello is not read either"
    );
    bob.read(chat).await;
    for id in [first, second] {
        ann.shows(chat, id, "read", |row| row.state == MessageState::Read)
            .await;
    }
    assert_eq!(bob.row(chat).await.unwrap().unread, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn disappearing_messages_go_on_both_sides_and_from_the_files() {
    let world = World::new().await;
    let (mut ann, mut bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.set_timer(chat, 3600).await;
    let stays = ann.send(chat, "shown for an hour canary-expire").await;
    bob.reads(chat, "shown for an hour canary-expire").await;
    bob.read(chat).await;
    ann.shows(chat, stays, "it has an end", |row| {
        row.expires_at_ms.is_some()
    })
    .await;
    for device in [&mut ann, &mut bob] {
        device.link.skew(2 * 3_600_000);
        device.restart().await;
        until("it has gone", async || {
            let rows = device.messages(chat).await;
            rows.iter().all(|row| row.id != stays).then_some(())
        })
        .await;
        let search = MessageSearch {
            text: "canary-expire".into(),
            chat: None,
            limit: 10,
        };
        assert!(device.must(search).await.rows.is_empty());
        assert_eq!(device.messages(chat).await.len(), 2, "the older ones stay");
    }
    ann.set_timer(chat, 0).await;
    ann.send(chat, "kept again").await;
    let kept = bob.reads(chat, "kept again").await;
    assert_eq!(kept.expires_at_ms, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn b12_a_request_sends_no_receipt_and_may_be_deleted_or_blocked() {
    let world = World::new().await;
    let (ann, bob, cem) = (
        world.person("ann").await,
        world.person("bob").await,
        world.person("cem").await,
    );
    let chat = ann.chat("@bob").await;
    let id = ann.send(chat, "hello stranger").await;
    // The conversation comes before its first message does.
    let preview = until("the request shows its first words", async || {
        bob.request(chat).await.preview
    });
    assert_eq!(preview.await, "hello stranger");
    assert!(
        bob.row(chat)
            .await
            .is_none_or(|row| row.state == ChatState::Request)
    );
    bob.settle().await;
    moment().await;
    ann.shows(chat, id, "still only sent", |row| {
        row.state == MessageState::Sent
    })
    .await;
    bob.must(RequestDelete { chat }).await;
    until("the request is hidden", async || {
        let rows = bob.must(chatty_core::api::person::RequestList {}).await;
        rows.is_empty().then_some(())
    })
    .await;
    // Who wants to write to that person after all finds the request again, and all that came meanwhile.
    let more = ann.send(chat, "still a stranger").await;
    ann.accepted(chat, more).await;
    assert_eq!(bob.chat("@ann").await, chat);
    // A list of members knows some people by their id only.
    assert_eq!(bob.chat(&ann.user.to_string()).await, chat);
    bob.request(chat).await;
    bob.accepts(chat).await;
    bob.reads(chat, "hello stranger").await;
    bob.reads(chat, "still a stranger").await;
    // The other way: block.
    let chat = cem.chat("@bob").await;
    cem.send(chat, "me too").await;
    bob.request(chat).await;
    bob.must(RequestBlock { chat }).await;
    until("blocked", async || {
        let rows = bob.must(chatty_core::api::person::PersonBlocked {}).await;
        rows.iter().any(|row| row.user == cem.user).then_some(())
    })
    .await;
    assert!(
        bob.must(chatty_core::api::person::RequestList {})
            .await
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_person_reaches_nobody_until_unblocked() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let person = ann.at();
    bob.must(PersonBlock { person }).await;
    bob.settle().await;
    // Whatever the sender's side says, the text is never shown here while blocked.
    let _queued_or_refused = ann.try_write(chat, "can you hear me").await;
    moment().await;
    assert!(
        !bob.texts(chat)
            .await
            .contains(&"can you hear me".to_owned())
    );
    let person = ann.at();
    bob.must(PersonUnblock { person }).await;
    let back = ann.try_write(chat, "and now").await.expect("written");
    ann.accepted(chat, back.id).await;
    bob.reads(chat, "and now").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_message_never_leaves() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.link.offline();
    until("ann is offline", async || {
        let status = ann.must(SyncState {}).await;
        (status.link != LinkState::Online).then_some(())
    })
    .await;
    let cancelled = ann.write(chat, "no, wait").await;
    let kept = ann.write(chat, "better words").await;
    let message = cancelled;
    ann.must(MessageCancel { chat, message }).await;
    ann.link.online();
    ann.accepted(chat, kept).await;
    bob.reads(chat, "better words").await;
    bob.settle().await;
    assert!(!bob.texts(chat).await.contains(&"no, wait".to_owned()));
    assert!(!ann.texts(chat).await.contains(&"no, wait".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_set_from_both_sides_end_as_one() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    // At the same time: one entry comes after the other, and the later one counts.
    futures::join!(ann.set_timer(chat, 3_600), bob.set_timer(chat, 7_200));
    ann.settle().await;
    bob.settle().await;
    let left = async |writer: &chatty_e2e::person::Device, text: &str| {
        let id = writer.send(chat, text).await;
        let rows = writer.messages(chat).await;
        let row = rows.into_iter().find(|row| row.id == id).unwrap();
        row.expires_at_ms.expect("it has an end") - row.at_ms
    };
    let first = left(&ann, "from ann").await;
    let second = left(&bob, "from bob").await;
    assert!([3_600_000, 7_200_000].contains(&first), "{first}");
    assert_eq!(first, second, "one timer on both sides");
    bob.set_timer(chat, 60).await;
    bob.send(chat, "short").await;
    ann.reads(chat, "short").await;
    assert_eq!(left(&ann, "short too").await, 60_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_names_people_anew() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let message = ann.send(chat, "hey you").await;
    bob.reads(chat, "hey you").await;
    let edit = MessageEdit {
        chat,
        message,
        text: "hey bob".into(),
        mentions: vec![bob.user, bob.user],
    };
    ann.must(edit).await;
    bob.shows(chat, message, "the name", |row| {
        row.edited && row.mentions == [bob.user]
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_sent_again_under_its_id_goes_out_once() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let send = MessageSend {
        id: Some(MsgId::from_rest([7; 16])),
        ..MessageSend::text(chat, "once")
    };
    // Before the relay has it, and after.
    let first = ann.must(send.clone()).await;
    assert_eq!(ann.must(send.clone()).await.id, first.id);
    ann.settle().await;
    let again = ann.must(send).await;
    assert_eq!((again.id, again.seq.is_some()), (first.id, true));
    ann.send(chat, "afterwards").await;
    bob.reads(chat, "afterwards").await;
    for device in [&ann, &bob] {
        let texts = device.texts(chat).await;
        assert_eq!(texts.iter().filter(|text| *text == "once").count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_does_not_want_to_wait_for_the_next_attempt_connects_now() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    ann.settle().await;
    let long = 14 * limits::MINUTE_MS;
    ann.link.attack(Hostile::new().answer(move |ask, answer| {
        if ask.is("POST", "/tickets") {
            let mut refused = ErrorBody::new(ErrorCode::RateLimited);
            refused.retry_after_ms = Some(long);
            answer.status = refused.status;
            answer.body = serde_json::to_vec(&refused).expect("a body");
        }
    }));
    ann.link.cut();
    until("the next attempt is far away", async || {
        let wait = ann.must(SyncState {}).await.retry_in_ms;
        wait.is_some_and(|ms| ms > long / 2).then_some(())
    })
    .await;
    ann.link.calm();
    ann.must(SyncRetry {}).await;
    ann.settle().await;
    assert_eq!(ann.must(SyncState {}).await.link, LinkState::Online);
}
