//! A5: what was encrypted for one protocol or lane is given to the engine as another. Nothing of it
//! is shown or acted upon, and the genuine frames are taken as if nothing had been.

use chatty_core::api::Event;
use chatty_e2e::capture::{self, Kept, changed, envelope};
use chatty_e2e::hostile::Hostile;
use chatty_e2e::world::World;
use chatty_protocol::codec::{Bytes, Fixed};
use chatty_protocol::envelope::{ITEM_NORMAL, ITEM_PRE_KEY, LANE_FLASH, LANE_LOG, LANE_MARK};
use chatty_protocol::frame::{MarkRow, RowFrame, ServerFrame, TdItem};

/// One genuine frame of each kind from the same device.
struct Genuine {
    row: RowFrame,
    item: TdItem,
    mark: MarkRow,
}

/// Every way to give one of them out as another kind, under numbers from `n`.
fn crossed(genuine: &Genuine, n: u64) -> Vec<ServerFrame> {
    let Genuine { row, item, mark } = genuine;
    let ct = envelope(row).ct;
    let mut out = Vec::new();
    for kind in [ITEM_PRE_KEY, ITEM_NORMAL] {
        for olm in [&ct, &mark.send.ct] {
            let mut item = item.clone();
            (item.n, item.item.kind, item.item.olm) = (n + 90, kind, olm.clone());
            item.item.id = Fixed(chatty_e2e::forge::bytes());
            out.push(ServerFrame::TdItem(item));
        }
    }
    for (place, ct) in [&item.item.olm, &mark.send.ct].into_iter().enumerate() {
        let number = n + place as u64;
        out.push(ServerFrame::Row(changed(row, |parts| {
            (parts.seq, parts.send.n) = (number, number);
            parts.send.msg = mark.send.msg;
            parts.send.session = mark.send.session;
            parts.send.ct = Bytes(ct.0.clone());
        })));
    }
    for lane in [LANE_LOG, LANE_MARK, LANE_FLASH] {
        let mut other = mark.clone();
        other.send = envelope(row);
        (other.send.lane, other.send.n) = (lane, 0);
        out.push(ServerFrame::Mark(other.clone()));
        out.push(ServerFrame::Flash(other));
    }
    let mut typing = mark.clone();
    typing.send.lane = LANE_FLASH;
    out.push(ServerFrame::Flash(typing));
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_bytes_of_one_protocol_are_nothing_in_another() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    // The receipt and the row are withheld, so that the forgeries come before them.
    let (kept, put) = (Kept::default(), bob.id);
    let (keep_rows, keep_marks) = (kept.clone(), kept.clone());
    ann.link.attack(
        Hostile::new()
            .rows(move |row| match &row {
                RowFrame::Message { device, .. } if *device == put => {
                    keep_rows.put(&ServerFrame::Row(row));
                    Vec::new()
                }
                _ => vec![row],
            })
            .down(move |frame| match &frame {
                ServerFrame::Mark(mark) if mark.device == put => {
                    keep_marks.put(&frame);
                    Vec::new()
                }
                _ => vec![frame],
            }),
    );
    let items = capture::items(&ann.link.came(), bob.id);
    bob.read(chat).await;
    ann.send(chat, "something to receive").await;
    bob.reads(chat, "something to receive").await;
    bob.send(chat, "a genuine row").await;
    let (row, mark) = chatty_e2e::wait::until("a row and a receipt", async || {
        let all = kept.all();
        let row = capture::rows(&all, bob.id).last().cloned()?;
        Some((row, capture::marks(&all, bob.id).last().cloned()?))
    })
    .await;
    let genuine = Genuine {
        row: row.clone(),
        item: items.last().expect("bob's key came").clone(),
        mark: mark.clone(),
    };
    ann.settle().await;
    let before = ann.texts(chat).await;
    ann.events();
    for frame in crossed(&genuine, row.position().1 + 1) {
        ann.link.inject(&frame);
    }
    ann.took_all().await;
    assert_eq!(ann.texts(chat).await, before);
    let told = ann.events();
    let heard = |event: &Event| {
        let quiet = matches!(event, Event::SyncChanged { .. } | Event::ChatChanged { .. });
        !quiet && !matches!(event, Event::OutboxChanged { .. })
    };
    let told: Vec<_> = told.into_iter().filter(heard).collect();
    assert!(told.is_empty(), "{told:?}");
    // The genuine ones come late and count; so does what follows.
    ann.link.calm();
    ann.link.inject(&ServerFrame::Row(row));
    ann.link.inject(&ServerFrame::Mark(mark));
    ann.reads(chat, "a genuine row").await;
    bob.send(chat, "and on").await;
    ann.reads(chat, "and on").await;
    ann.settle().await;
    let wanted: Vec<_> = before
        .into_iter()
        .chain(["a genuine row".into(), "and on".into()])
        .collect();
    assert_eq!(ann.texts(chat).await, wanted);
}
