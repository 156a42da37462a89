//! A21: the relay gives a row again, under its own number and under new ones, on the socket, in
//! pages, and after a restart. It is shown once, at its first place.

use chatty_core::api::Event;
use chatty_e2e::capture::{self, changed};
use chatty_e2e::hostile::Hostile;
use chatty_e2e::person::Device;
use chatty_e2e::world::World;
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::{ConvId, MsgId};

async fn listed(device: &Device, chat: ConvId) -> Vec<(MsgId, Option<u64>, Option<String>)> {
    let rows = device.messages(chat).await.into_iter();
    rows.map(|row| (row.id, row.seq, row.text)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a21_a_row_that_comes_again_changes_nothing() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    for number in 0..5 {
        bob.send(chat, &format!("number {number}")).await;
    }
    ann.reads(chat, "number 4").await;
    ann.read(chat).await;
    ann.settle().await;
    let rows = capture::rows(&ann.link.came(), bob.id);
    assert!(rows.len() >= 5);
    let before = listed(&ann, chat).await;
    ann.events();
    for round in 0..2 {
        for (place, row) in rows.iter().enumerate() {
            ann.link.inject(&ServerFrame::Row(row.clone()));
            for ahead in [1, 2, 50] {
                let seq = row.position().1 + ahead + place as u64;
                let again = changed(row, |parts| parts.seq = seq);
                ann.link.inject(&ServerFrame::Row(again));
            }
        }
        ann.took_all().await;
        assert_eq!(listed(&ann, chat).await, before, "round {round}");
        ann.restart().await;
        ann.sync().await;
    }
    assert_eq!(ann.row(chat).await.expect("the chat").unread, 0);
    let noise = ann.events().into_iter();
    let noise: Vec<_> = noise
        .filter(|event| matches!(event, Event::Alarm { .. } | Event::MessageAdded { .. }))
        .collect();
    assert_eq!(noise, []);
    // The numbers that the replays took are free for what is really there.
    for number in 5..60 {
        bob.write(chat, &format!("number {number}")).await;
    }
    bob.settle().await;
    ann.reads(chat, "number 59").await;
    ann.settle().await;
    let (hers, his) = (listed(&ann, chat).await, listed(&bob, chat).await);
    assert_eq!(hers, his);
}

#[tokio::test(flavor = "multi_thread")]
async fn a21_doubled_rows_in_every_answer_are_one() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let doubled = |row: RowFrame| match &row {
        RowFrame::Message { seq, .. } => {
            let later = changed(&row, |parts| parts.seq = seq + 1);
            vec![row.clone(), later, row]
        }
        _ => vec![row.clone(), row],
    };
    ann.link.attack(Hostile::new().rows(doubled));
    bob.send(chat, "while ann is here").await;
    ann.reads(chat, "while ann is here").await;
    ann.kill();
    for number in 0..20 {
        bob.send(chat, &format!("while away {number}")).await;
    }
    ann.start().await;
    for number in 0..20 {
        ann.reads(chat, &format!("while away {number}")).await;
    }
    ann.link.calm();
    ann.send(chat, "all there").await;
    bob.reads(chat, "all there").await;
    ann.settle().await;
    let mut texts = ann.texts(chat).await;
    let mut wanted = bob.texts(chat).await;
    texts.sort();
    wanted.sort();
    assert_eq!(texts, wanted);
}
