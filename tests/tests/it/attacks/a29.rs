//! A29: rubbish. Bytes that are no frame, numbers at the end of their range, unknown types and
//! extensions, pages with one bad row. Each is left out alone; sync moves on, and what the relay said
//! at the end of the range is forgotten when it says something else.

use chatty_core::api::state::MessageState;
use chatty_e2e::capture::{self, Kept, changed};
use chatty_e2e::forge::bytes;
use chatty_e2e::hostile::{Ask, Hostile, edit};
use chatty_e2e::person::Device;
use chatty_e2e::seed::{Seed, rounds};
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::codec::{Any, Bytes, Ext, Fixed, decode_exact, encode};
use chatty_protocol::frame::{Doorbell, RowFrame, ServerFrame};
use chatty_protocol::limits::UINT_MAX;
use chatty_protocol::rest::{B64, Rows};
use chatty_protocol::sign::Head;
use chatty_protocol::{ConvId, DeviceId, ErrorCode, MsgId, UserId};

async fn talk(ann: &Device, bob: &Device, chat: ConvId, text: &str) {
    for (from, to) in [(bob, ann), (ann, bob)] {
        let text = format!("{text}, {}", from.handle);
        from.send(chat, &text).await;
        to.reads(chat, &text).await;
    }
}

/// Bytes of every kind of rubbish, by number.
fn rubbish(genuine: &[Vec<u8>], seed: &mut Seed) -> Vec<u8> {
    let mut of = seed.pick(genuine).clone();
    let place = seed.below(of.len());
    match seed.below(6) {
        0 => (0..seed.below(200)).map(|_| seed.number() as u8).collect(),
        1 => of[..place].to_vec(),
        2 => {
            of.extend_from_slice(&[0; 3]);
            of
        }
        // Another frame number, another length, a deep or endless structure.
        3 => {
            of[1] = 0x18;
            of
        }
        4 => [vec![0x9b; 4], vec![0xff; 12]].concat(),
        _ => [vec![0x81; 3_000], vec![0x00]].concat(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a29_bytes_that_are_no_frame_are_left_out() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let genuine: Vec<_> = ann.link.came().iter().map(encode).collect();
    let before = ann.texts(chat).await;
    let mut seed = Seed::new(29);
    for _ in 0..rounds(2_000, 200_000) {
        ann.link.inject_bytes(&rubbish(&genuine, &mut seed));
    }
    ann.took_all().await;
    assert_eq!(ann.texts(chat).await, before);
    talk(&ann, &bob, chat, "as if nothing had been").await;
}

/// Frames that say the greatest number wherever there is a number.
fn extremes(ann: &Device, bob: &Device, chat: ConvId) -> Vec<ServerFrame> {
    let frames = ann.link.came();
    let row = capture::rows(&frames, bob.id).pop().expect("a row");
    let item = capture::items(&frames, bob.id).pop().expect("an item");
    let mark = capture::marks(&frames, bob.id).pop();
    let (user, device, n, time) = (bob.user, bob.id, UINT_MAX, UINT_MAX);
    let hash = Fixed(bytes());
    let head = Head {
        seq: UINT_MAX,
        hash,
    };
    let (msg, conv, seq) = (MsgId::from_rest(bytes()), chat, UINT_MAX);
    let mut out = vec![
        ServerFrame::Row(changed(&row, |parts| parts.seq = UINT_MAX)),
        ServerFrame::Row(changed(&row, |parts| parts.time = UINT_MAX)),
        ServerFrame::Row(changed(&row, |parts| {
            (parts.seq, parts.send.n, parts.send.log_seq) = (UINT_MAX, UINT_MAX, UINT_MAX);
            parts.send.msg = msg;
        })),
        ServerFrame::Row(changed(&row, |parts| {
            (parts.user, parts.device) = (UserId::from_rest(bytes()), DeviceId::from_rest(bytes()));
        })),
        ServerFrame::Row(changed(&row, |parts| parts.send.lane = UINT_MAX)),
        ServerFrame::Row(RowFrame::Void {
            conv,
            seq,
            user,
            device,
            n,
            time,
        }),
        ServerFrame::Accepted {
            msg,
            conv,
            seq,
            time,
            ct_hash: hash,
        },
        ServerFrame::TdAccepted {
            n0: UINT_MAX,
            refused: vec![(UINT_MAX, ErrorCode::InboxFull)],
        },
        ServerFrame::Refused {
            what: Any(encode(&UINT_MAX)),
            code: ErrorCode::StaleLog,
            retry_ms: UINT_MAX,
            heads: Some((UINT_MAX, UINT_MAX)),
        },
        ServerFrame::Keys {
            one_time_left: UINT_MAX,
            fallback_used: true,
        },
        ServerFrame::Doorbell(Doorbell::Conversation(chat, UINT_MAX)),
        ServerFrame::Doorbell(Doorbell::User(bob.user, head)),
        ServerFrame::Doorbell(Doorbell::User(UserId::from_rest(bytes()), head)),
        ServerFrame::Resync(vec![chat, ConvId::from_rest(bytes())]),
        ServerFrame::Resync(Vec::new()),
        ServerFrame::Link { id: Fixed(bytes()) },
        ServerFrame::Pong,
    ];
    let mut other = item;
    (other.n, other.item.expires, other.item.olm) = (UINT_MAX, UINT_MAX, Bytes(vec![3; 90]));
    out.push(ServerFrame::TdItem(other));
    if let Some(mut mark) = mark {
        mark.time = UINT_MAX;
        out.push(ServerFrame::Mark(mark.clone()));
        out.push(ServerFrame::Flash(mark));
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn a29_numbers_at_the_end_of_their_range_stop_nothing() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.read(chat).await;
    bob.read(chat).await;
    talk(&ann, &bob, chat, "before").await;
    ann.settle().await;
    for frame in extremes(&ann, &bob, chat) {
        ann.link.inject(&frame);
        // One by one: none of them is excused by another.
        ann.took_all().await;
        let text = format!("after {}", encode(&frame)[1]);
        talk(&ann, &bob, chat, &text).await;
    }
    // Also what is said while nobody listens comes, and keys of new conversations do.
    ann.kill();
    for number in 0..5 {
        bob.send(chat, &format!("while away {number}")).await;
    }
    ann.start().await;
    for number in 0..5 {
        ann.reads(chat, &format!("while away {number}")).await;
    }
    let group = world.group(&bob, &[&ann], "New keys").await;
    talk(&ann, &bob, group, "in the group").await;
    ann.settle().await;
    // What nobody could prove is no text of anybody.
    let rows = ann.messages(chat).await.into_iter();
    let rows: Vec<_> = rows.filter(|row| row.text.is_some()).collect();
    let real = rows.iter().all(|row| {
        let from = [(ann.user, ann.id), (bob.user, bob.id)];
        from.contains(&(row.from, row.from_device)) && row.seq.is_some_and(|seq| seq < 1_000)
    });
    assert!(real, "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a29_heads_and_floors_at_the_end_of_their_range_are_forgotten() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.link.attack(
        Hostile::new()
            .down(|mut frame| {
                if let ServerFrame::Ready(ready) = &mut frame {
                    ready.server_time = UINT_MAX;
                    ready.limits.insert("text".to_owned(), UINT_MAX);
                    for changed in &mut ready.changed {
                        (changed.stream_head, changed.floor) = (UINT_MAX, UINT_MAX);
                    }
                }
                vec![frame]
            })
            .answer(|ask: &Ask, answer| {
                if ask.is("GET", "/conversations/*/rows") {
                    edit::<Rows>(answer, |page| {
                        (page.head, page.floor) = (UINT_MAX, UINT_MAX);
                        page.rows.clear();
                    });
                }
            }),
    );
    ann.kill();
    bob.send(chat, "under a lie").await;
    ann.start().await;
    ann.sync().await;
    ann.link.calm();
    talk(&ann, &bob, chat, "on the socket").await;
    ann.kill();
    for number in 0..5 {
        bob.send(chat, &format!("while away {number}")).await;
    }
    ann.start().await;
    ann.sync().await;
    // The list of conversations is compared now and then; here the relay asks for it.
    ann.link.inject(&ServerFrame::Resync(Vec::new()));
    for number in 0..5 {
        ann.reads(chat, &format!("while away {number}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a29_unknown_extensions_hold_one_row_and_no_other() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let (kept, of) = (Kept::default(), bob.id);
    let keep = kept.clone();
    ann.link
        .attack(Hostile::new().down(move |frame| match &frame {
            ServerFrame::Row(row @ RowFrame::Message { device, .. }) if *device == of => {
                keep.put(&frame);
                let critical = changed(row, |parts| parts.send.ext = ext(2));
                vec![ServerFrame::Row(critical)]
            }
            ServerFrame::TdItem(item) => {
                let mut critical = item.clone();
                critical.item.ext = ext(1 << 40);
                vec![ServerFrame::TdItem(critical), frame]
            }
            _ => vec![frame],
        }));
    bob.send(chat, "from the future").await;
    until("the row came", async || {
        let rows = ann.messages(chat).await;
        let last = rows.last()?;
        (last.state == MessageState::NeedsUpdate && last.text.is_none()).then_some(())
    })
    .await;
    ann.link.calm();
    // An odd key is nobody's business; and the row itself is as it always was.
    for frame in kept.all() {
        if let ServerFrame::Row(row) = &frame {
            let odd = changed(row, |parts| parts.send.ext = ext(3));
            ann.link.inject(&ServerFrame::Row(odd));
        }
    }
    ann.reads(chat, "from the future").await;
    let group = world.group(&bob, &[&ann], "New keys").await;
    talk(&ann, &bob, group, "in the group").await;
    talk(&ann, &bob, chat, "as before").await;
    assert!(
        ann.texts(chat)
            .await
            .iter()
            .all(|text| !text.starts_with('<'))
    );
}

fn ext(key: u64) -> Ext {
    let mut ext = Ext::default();
    ext.0.insert(key, Any(encode(&7u64)));
    ext
}

#[tokio::test(flavor = "multi_thread")]
async fn a29_a_page_with_bad_rows_gives_its_good_ones() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.kill();
    for number in 0..30 {
        bob.send(chat, &format!("row {number}")).await;
    }
    let spoil = |given: B64| {
        let row: RowFrame = decode_exact(&given.0).expect("a row");
        let mut out = vec![B64(bytes::<40>().to_vec()), B64(Vec::new())];
        if matches!(row, RowFrame::Message { .. }) {
            let other = ConvId::from_rest(chatty_e2e::forge::bytes());
            let wrong = changed(&row, |parts| parts.send.conv = other);
            let nobody = changed(&row, |parts| {
                parts.user = UserId::from_rest(chatty_e2e::forge::bytes());
                parts.device = DeviceId::from_rest(chatty_e2e::forge::bytes());
            });
            out.extend([B64(encode(&wrong)), B64(encode(&nobody))]);
        }
        out.push(given);
        out
    };
    ann.link
        .attack(Hostile::new().answer(move |ask: &Ask, answer| {
            if ask.is("GET", "/conversations/*/rows") {
                edit::<Rows>(answer, |page| {
                    let rows = std::mem::take(&mut page.rows);
                    page.rows = rows.into_iter().flat_map(spoil).collect();
                });
            }
        }));
    ann.start().await;
    for number in 0..30 {
        ann.reads(chat, &format!("row {number}")).await;
    }
    ann.link.calm();
    talk(&ann, &bob, chat, "and on").await;
}
