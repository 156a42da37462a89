//! A8: the relay names another sender, device, conversation or number for genuine rows. What is
//! shown stands under its proven author and in its own conversation, exactly once.

use chatty_core::api::Event;
use chatty_e2e::capture::{self, Kept, changed};
use chatty_e2e::hostile::Hostile;
use chatty_e2e::person::Device;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::{ConvId, DeviceId, UserId};

/// Who else is there to be named.
#[derive(Clone, Copy)]
struct Others {
    user: UserId,
    device: DeviceId,
    chat: ConvId,
}

/// The row under every false name, on its own stream number.
fn misnamed(row: &RowFrame, others: Others) -> Vec<RowFrame> {
    let Others { user, device, chat } = others;
    vec![
        changed(row, |parts| parts.user = user),
        changed(row, |parts| parts.device = device),
        changed(row, |parts| (parts.user, parts.device) = (user, device)),
        changed(row, |parts| (parts.conv, parts.send.conv) = (chat, chat)),
        changed(row, |parts| parts.conv = chat),
        changed(row, |parts| parts.send.conv = chat),
        changed(row, |parts| parts.send.n += 1),
        changed(row, |parts| parts.send.log_seq += 1),
        changed(row, |parts| {
            parts.send.msg = chatty_protocol::MsgId::from_rest(chatty_e2e::forge::bytes());
        }),
        changed(row, |parts| {
            (parts.user, parts.device, parts.conv) = (user, device, chat);
            parts.send.conv = chat;
        }),
    ]
}

/// Texts with their authors, where there is text.
async fn said(device: &Device, chat: ConvId) -> Vec<(UserId, DeviceId, String)> {
    let rows = device.messages(chat).await.into_iter();
    rows.filter_map(|row| Some((row.from, row.from_device, row.text?)))
        .collect()
}

struct Scene {
    // Its folder lives as long as the test.
    _world: World,
    ann: Device,
    bob: Device,
    cem: Device,
    group: ConvId,
    direct: ConvId,
}

async fn scene() -> Scene {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (bob, cem) = (world.person("bob").await, world.person("cem").await);
    let direct = world.friends(&ann, &bob).await;
    world.friends(&ann, &cem).await;
    let group = world.group(&ann, &[&bob, &cem], "Three of us").await;
    for (device, text) in [(&bob, "bob is here"), (&cem, "cem is here")] {
        device.send(group, text).await;
        ann.reads(group, text).await;
    }
    ann.settle().await;
    Scene {
        _world: world,
        ann,
        bob,
        cem,
        group,
        direct,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a8_a_row_is_shown_under_its_proven_name_only() {
    let scene = scene().await;
    let Scene { ann, bob, cem, .. } = &scene;
    let others = Others {
        user: cem.user,
        device: cem.id,
        chat: scene.direct,
    };
    let (target, group) = (bob.id, scene.group);
    // Every false version comes first, then the genuine row.
    ann.link
        .attack(Hostile::new().down(move |frame| match &frame {
            ServerFrame::Row(row @ RowFrame::Message { device, conv, .. })
                if *device == target && *conv == group =>
            {
                let mut frames: Vec<_> = misnamed(row, others)
                    .into_iter()
                    .map(ServerFrame::Row)
                    .collect();
                frames.push(frame);
                frames
            }
            _ => vec![frame],
        }));
    let (before, direct) = (said(ann, group).await, said(ann, scene.direct).await);
    ann.events();
    for text in ["from bob, one", "from bob, two"] {
        bob.send(group, text).await;
        ann.reads(group, text).await;
    }
    ann.took_all().await;
    let mut wanted = before;
    for text in ["from bob, one", "from bob, two"] {
        wanted.push((bob.user, bob.id, text.to_owned()));
    }
    assert_eq!(said(ann, group).await, wanted);
    assert_eq!(said(ann, scene.direct).await, direct);
    let clones = ann
        .events()
        .into_iter()
        .filter(|event| matches!(event, Event::Alarm { .. } | Event::MessageMissing { .. }));
    assert_eq!(clones.collect::<Vec<_>>(), [], "nobody is accused");
    // What cem says stands where it belongs, whatever was placed under that name before.
    ann.link.calm();
    cem.send(group, "and cem").await;
    ann.reads(group, "and cem").await;
    bob.send(scene.direct, "in private").await;
    ann.reads(scene.direct, "in private").await;
    ann.settle().await;
    wanted.push((cem.user, cem.id, "and cem".to_owned()));
    assert_eq!(said(ann, group).await, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a8_a_row_that_came_under_false_names_only_is_shown_when_it_comes_truly() {
    let scene = scene().await;
    let Scene { ann, bob, cem, .. } = &scene;
    let others = Others {
        user: cem.user,
        device: cem.id,
        chat: scene.direct,
    };
    let (kept, target, group) = (Kept::default(), bob.id, scene.group);
    let keep = kept.clone();
    let lie = move |row: RowFrame| match &row {
        RowFrame::Message { device, conv, .. } if *device == target && *conv == group => {
            keep.put(&ServerFrame::Row(row.clone()));
            misnamed(&row, others)
        }
        _ => vec![row],
    };
    ann.link.attack(Hostile::new().rows(lie));
    bob.send(group, "first").await;
    bob.send(group, "second").await;
    until("both rows were misnamed", async || {
        (capture::rows(&kept.all(), target).len() >= 2).then_some(())
    })
    .await;
    ann.took_all().await;
    let texts = ann.texts(group).await;
    assert!(!texts.iter().any(|text| text == "first" || text == "second"));
    ann.link.calm();
    for frame in kept.all() {
        ann.link.inject(&frame);
    }
    for text in ["first", "second"] {
        let row = ann.reads(group, text).await;
        assert_eq!((row.from, row.from_device), (bob.user, bob.id));
    }
    ann.send(group, "well?").await;
    bob.reads(group, "well?").await;
    cem.reads(group, "well?").await;
    let texts = ann.texts(group).await;
    let count = texts.iter().filter(|text| *text == "first").count();
    assert_eq!(count, 1, "{texts:?}");
}
