//! A26: the relay shows rows of this very device that it never wrote, older ones anew, and says that
//! it accepted more than was sent. Only this device's own signed bytes could prove that; on the
//! relay's word nothing is retired, and at most one new generation a day begins.

use chatty_core::api::Event;
use chatty_core::api::device::DeviceList;
use chatty_core::api::events::AlarmKind;
use chatty_core::api::state::DeviceState;
use chatty_e2e::capture::changed;
use chatty_e2e::forge::bytes;
use chatty_e2e::hostile::{Ask, Hostile, edit};
use chatty_e2e::person::Device;
use chatty_e2e::world::World;
use chatty_protocol::codec::{Bytes, Fixed};
use chatty_protocol::frame::{ClientFrame, RowFrame, ServerFrame};
use chatty_protocol::limits::UINT_MAX;
use chatty_protocol::rest::Conversations;
use chatty_protocol::{ConvId, MsgId};

fn alarms(events: &[Event], wanted: AlarmKind) -> usize {
    let is = |event: &&Event| matches!(event, Event::Alarm { kind, .. } if *kind == wanted);
    events.iter().filter(is).count()
}

/// The last own message as the relay has it.
fn own_row(device: &Device, conv: ConvId, seq: u64) -> RowFrame {
    let sent = device.link.sent();
    let send = sent.iter().rev().find_map(|frame| match frame {
        ClientFrame::Send(send) if send.conv == conv && send.n > 0 => Some(send.clone()),
        _ => None,
    });
    RowFrame::Message {
        conv,
        seq,
        user: device.user,
        device: device.id,
        time: 1_700_000_000_000,
        send: send.expect("ann has sent"),
    }
}

async fn is_well(ann: &Device, bob: &Device, chat: ConvId, text: &str) {
    let rows = ann.must(DeviceList {}).await;
    let own = rows.iter().find(|row| row.current).expect("this device");
    assert_eq!(own.state, DeviceState::Approved);
    ann.send(chat, text).await;
    bob.reads(chat, text).await;
    bob.send(chat, &format!("{text}: heard")).await;
    ann.reads(chat, &format!("{text}: heard")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a26_rows_that_this_device_never_wrote_retire_nothing() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.send(chat, "mine").await;
    bob.reads(chat, "mine").await;
    ann.settle().await;
    let head = ann.messages(chat).await.last().and_then(|row| row.seq);
    let head = head.expect("a number");
    let own = own_row(&ann, chat, head);
    let before = ann.texts(chat).await;
    ann.events();
    for number in 1..=60 {
        // An old row anew, one of another session, one with other bytes, one of a later number.
        let forged = changed(&own, |parts| {
            parts.seq = head + number;
            match number % 4 {
                0 => {}
                1 => {
                    parts.send.session = Fixed(bytes());
                    parts.send.n += number;
                    parts.send.msg = MsgId::from_rest(bytes());
                }
                2 => {
                    parts.send.n += number;
                    parts.send.msg = MsgId::from_rest(bytes());
                    parts.send.ct = Bytes(bytes::<300>().to_vec());
                }
                _ => parts.send.n += number,
            }
        });
        ann.link.inject(&ServerFrame::Row(forged));
    }
    ann.took_all().await;
    let told = ann.events();
    assert_eq!(alarms(&told, AlarmKind::Clone), 0);
    assert!(alarms(&told, AlarmKind::Restored) <= 1, "{told:?}");
    assert_eq!(ann.texts(chat).await, before);
    is_well(&ann, &bob, chat, "I am myself").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a26_a_claimed_last_message_begins_one_generation_a_day() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    ann.link.attack(
        Hostile::new()
            .down(|mut frame| {
                if let ServerFrame::Ready(ready) = &mut frame {
                    for changed in &mut ready.changed {
                        changed.own = (UINT_MAX, UINT_MAX);
                    }
                    ready.more = 2;
                }
                vec![frame]
            })
            .answer(|ask: &Ask, answer| {
                if ask.is("GET", "/conversations") {
                    edit::<Conversations>(answer, |page| {
                        for row in &mut page.conversations {
                            (row.own_seq, row.own_n) = (UINT_MAX, UINT_MAX);
                        }
                    });
                }
            }),
    );
    let mut restored = 0;
    for round in 0..4 {
        ann.restart().await;
        ann.sync().await;
        is_well(&ann, &bob, chat, &format!("round {round}")).await;
        restored += alarms(&ann.events(), AlarmKind::Restored);
    }
    assert!(restored <= 1, "{restored} alarms on the relay's word");
    ann.link.calm();
    is_well(&ann, &bob, chat, "and later").await;
}
