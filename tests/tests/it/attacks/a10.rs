//! A10: edits, deletions and reactions that are plain, or of somebody who has no right to them.
//! What somebody wrote is changed by that person alone, and by nothing outside the ciphertext.

use chatty_core::api::message::MessageSend;
use chatty_crypto::content::message::{Edit, Text};
use chatty_crypto::content::{Body, Content, MessageRef};
use chatty_crypto::megolm;
use chatty_e2e::capture::{self, changed};
use chatty_e2e::insider::Insider;
use chatty_e2e::person::Device;
use chatty_e2e::world::World;
use chatty_protocol::codec::{Bytes, Ext, encode};
use chatty_protocol::envelope::Send;
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::{ConvId, MsgId, UserId};

fn content(body: Body, author: UserId, target: MsgId) -> Content {
    Content {
        msg: MsgId::from_rest(chatty_e2e::forge::bytes()),
        sent_at: 1_700_000_000_000,
        expires_s: 0,
        rel: Some(MessageRef {
            author,
            msg: target,
        }),
        body,
        ext: Ext::default(),
    }
}

fn rewritten() -> Body {
    Body::Edit(Edit {
        rev: 9,
        text: Text::plain("I owe bob a thousand"),
    })
}

/// What a member's changed program encrypts, with keys that everybody trusts.
fn encrypted(insider: &Insider, conv: ConvId, contents: &[Content]) -> Vec<Send> {
    insider.with(|tx| {
        let sent = contents.iter().map(|content| {
            let ready = megolm::number_ready(tx, &conv, content).expect("numbered");
            megolm::encrypt(tx, &conv, &ready).expect("encrypted")
        });
        sent.collect()
    })
}

fn row(of: &Device, conv: ConvId, seq: u64, send: Send) -> ServerFrame {
    ServerFrame::Row(RowFrame::Message {
        conv,
        seq,
        user: of.user,
        device: of.id,
        time: 1_700_000_000_000,
        send,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a10_a_member_cannot_change_what_another_wrote() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (mut bob, cem) = (world.person("bob").await, world.person("cem").await);
    world.friends(&ann, &bob).await;
    world.friends(&ann, &cem).await;
    let group = world.group(&ann, &[&bob, &cem], "Three of us").await;
    let target = ann.send(group, "I owe bob nothing").await;
    cem.reads(group, "I owe bob nothing").await;
    bob.send(group, "we shall see").await;
    cem.reads(group, "we shall see").await;
    let insider = bob.keys().await;
    bob.kill();
    let contents = [
        content(rewritten(), ann.user, target),
        content(Body::Delete, ann.user, target),
        content(rewritten(), bob.user, target),
        content(Body::Delete, bob.user, target),
    ];
    let head = cem.messages(group).await.last().and_then(|row| row.seq);
    let head = head.expect("a number");
    for device in [&ann, &cem] {
        let mut seq = head;
        for send in encrypted(&insider, group, &contents) {
            seq += 1;
            device.link.inject(&row(&bob, group, seq, send));
        }
        device.took_all().await;
        device
            .shows(group, target, "as it was written", |row| {
                row.text.as_deref() == Some("I owe bob nothing") && !row.edited && !row.deleted
            })
            .await;
    }
    // The author may.
    ann.edit(group, target, "I owe bob a cake").await;
    cem.shows(group, target, "the author's edit", |row| {
        row.text.as_deref() == Some("I owe bob a cake") && row.edited
    })
    .await;
    ann.delete(group, target).await;
    cem.shows(group, target, "the author's deletion", |row| row.deleted)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a10_a_plain_change_is_none() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let target = bob.send(chat, "as it was written").await;
    ann.reads(chat, "as it was written").await;
    let genuine = capture::rows(&ann.link.came(), bob.id);
    let genuine = genuine.last().expect("bob's row");
    let before = ann.texts(chat).await;
    ann.events();
    let contents = [
        content(rewritten(), bob.user, target),
        content(Body::Delete, bob.user, target),
    ];
    let (_, mut seq) = genuine.position();
    for content in contents {
        let plain = content.to_bytes();
        // As content, as an entry of the codec, and with a length and padding before encryption.
        for ct in [plain.clone(), encode(&Bytes(plain.clone())), pad(&plain)] {
            seq += 1;
            let forged = changed(genuine, |parts| {
                (parts.seq, parts.send.n) = (seq, seq);
                parts.send.msg = content.msg;
                parts.send.ct = Bytes(ct);
            });
            ann.link.inject(&ServerFrame::Row(forged));
        }
    }
    ann.took_all().await;
    assert_eq!(ann.texts(chat).await, before);
    ann.shows(chat, target, "unchanged", |row| !row.edited && !row.deleted)
        .await;
    // The reply to it still finds it, and the genuine edit counts.
    ann.must(MessageSend {
        reply_to: Some(target),
        ..MessageSend::text(chat, "really?")
    })
    .await;
    let reply = bob.reads(chat, "really?").await;
    assert_eq!(reply.reply_to, Some(target));
    bob.edit(chat, target, "as it was meant").await;
    ann.shows(chat, target, "the genuine edit", |row| {
        row.text.as_deref() == Some("as it was meant") && row.edited
    })
    .await;
}

fn pad(content: &[u8]) -> Vec<u8> {
    chatty_crypto::padding::pad(content).expect("it fits")
}
