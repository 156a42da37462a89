//! Conversation logs: rival entries, hidden entries, two views to two people.

use chatty_core::api::LocalCode;
use chatty_core::api::events::AlarmKind;
use chatty_core::api::group::GroupRemove;
use chatty_core::api::state::{ChatState, MessageState};
use chatty_e2e::forge::{ConvForgery, Forged};
use chatty_e2e::hostile::{Hostile, edit};
use chatty_e2e::insider::Insider;
use chatty_e2e::lies;
use chatty_e2e::person::Device;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::ConvId;
use chatty_protocol::conversation_log::{ConvEntry, ConvOp, ConvState, Policy};
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::rest::ConversationLog;
use chatty_protocol::sign::Signed;

/// A group of ann (admin), bob and cem; the thief holds ann's keys, and `before` is the state
/// before its newest entry.
struct Scene {
    world: World,
    ann: Device,
    bob: Device,
    cem: Device,
    group: ConvId,
    thief: Insider,
    before: ConvState,
}

async fn scene() -> Scene {
    let world = World::new().await;
    let mut ann = world.person("ann").await;
    let (bob, cem) = (world.person("bob").await, world.person("cem").await);
    world.friends(&ann, &bob).await;
    world.friends(&ann, &cem).await;
    let group = world.group(&ann, &[&bob, &cem], "Three").await;
    for device in [&ann, &bob, &cem] {
        let text = format!("hi, {}", device.handle);
        device.send(group, &text).await;
        for other in [&ann, &bob, &cem] {
            other.reads(group, &text).await;
        }
    }
    let thief = ann.keys().await;
    for device in [&ann, &bob, &cem] {
        device.settle().await;
        device.events();
    }
    let newest = thief.conversation(&group).head.seq;
    let before = thief.with(|tx| chatty_crypto::conversation::state_at(tx, &group, newest - 1));
    Scene {
        before: before.expect("readable").expect("a state"),
        world,
        ann,
        bob,
        cem,
        group,
        thief,
    }
}

/// Harmless, and nobody made it.
fn timer(timer_s: u64) -> ConvOp {
    ConvOp::SetPolicy(Policy {
        timer_s,
        ..Policy::default()
    })
}

async fn state(device: &Device, chat: ConvId) -> ChatState {
    device.row(chat).await.expect("the group").state
}

fn rival_frame(scene: &Scene, entry: Signed<ConvEntry>, seq: u64) -> ServerFrame {
    let conv = scene.group;
    ServerFrame::Row(RowFrame::Entry { conv, seq, entry })
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_an_unsigned_rival_entry_freezes_nothing() {
    let scene = scene().await;
    let admin = &scene.thief.own;
    let forged = Forged::of(admin.user);
    let bits = scene.thief.conv_entry(&scene.before, timer(60)).to_bytes();
    for round in 0..40 {
        let entry = match round % 2 {
            0 => forged.conv_entry(ConvForgery {
                conv: scene.group,
                head: scene.before.head,
                op: timer(3_600 + round),
                actor: admin.user,
                device: admin.device,
                actor_head: scene.thief.log(&admin.user).head,
                state: scene.before.state_hash(),
            }),
            _ => {
                let mut bytes = bits.clone();
                let last = bytes.len() - 1;
                bytes[last - (round as usize % 60)] ^= 1;
                Signed::from_bytes(&bytes).expect("still an entry")
            }
        };
        let frame = rival_frame(&scene, entry, 1_000 + round);
        scene.bob.link.inject(&frame);
    }
    scene.bob.send(scene.group, "nothing froze").await;
    scene.cem.reads(scene.group, "nothing froze").await;
    assert_eq!(state(&scene.bob, scene.group).await, ChatState::Open);
    let alarms = scene.bob.alarms();
    assert!(
        !alarms.contains(&AlarmKind::ConversationForked),
        "{alarms:?}"
    );
    scene.world.assert_nowhere("nothing froze");
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_a_second_valid_signature_freezes_and_says_so() {
    let scene = scene().await;
    let rival = scene.thief.conv_entry(&scene.before, timer(60));
    scene.bob.link.inject(&rival_frame(&scene, rival, 1_000));
    let (about, _) = scene.bob.alarmed(AlarmKind::ConversationForked).await;
    assert_eq!(about, Some(scene.group));
    assert_eq!(state(&scene.bob, scene.group).await, ChatState::Frozen);
    let refused = scene.bob.try_write(scene.group, "into the ice").await;
    assert!(refused.is_err_and(|error| error.is(LocalCode::ChatClosed)));
    // Others were shown nothing and go on; what they write is read there too, not answered.
    scene.ann.send(scene.group, "are you there?").await;
    scene.cem.reads(scene.group, "are you there?").await;
    assert_eq!(state(&scene.ann, scene.group).await, ChatState::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_two_views_of_a_group_freeze_on_the_first_message_that_crosses() {
    let scene = scene().await;
    let (bob, ann, group) = (&scene.bob, &scene.ann, scene.group);
    // Ann names the timer. Bob, and he alone, is shown another timer in its place.
    let now = scene.thief.conversation(&group);
    let rival = scene.thief.conv_entry(&now, timer(60));
    bob.link.attack(lies::conversation_with_rival(group, rival));
    ann.set_timer(group, 3_600).await;
    ann.settle().await;
    bob.events();
    ann.events();
    ann.send(group, "under my timer").await;
    let (about, _) = ann.alarmed(AlarmKind::ConversationForked).await;
    assert_eq!(about, Some(group));
    let (about, _) = bob.alarmed(AlarmKind::ConversationForked).await;
    assert_eq!(about, Some(group));
    // What crossed the fork is not shown as if nothing were.
    let rows = bob.messages(group).await;
    let crossing = rows.last().expect("the row");
    assert_eq!(crossing.state, MessageState::LogMismatch, "{crossing:?}");
    assert_eq!(crossing.text, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_a_hidden_removal_shows_at_the_first_newer_head() {
    let scene = scene().await;
    let (bob, ann, cem, group) = (&scene.bob, &scene.ann, &scene.cem, scene.group);
    let known = scene.thief.conversation(&group).head;
    bob.link.attack(
        Hostile::new()
            .rows(move |row| match row {
                RowFrame::Entry { conv, .. } if conv == group => Vec::new(),
                other => vec![other],
            })
            .answer(move |ask, answer| {
                if ask.is("GET", "/conversations/*/log") && ask.about(&group) {
                    edit::<ConversationLog>(answer, |page| {
                        page.head = known.into();
                        page.entries.clear();
                    });
                }
            }),
    );
    let (chat, person) = (group, cem.at());
    ann.must(GroupRemove { chat, person }).await;
    ann.send(group, "cem is gone").await;
    until("bob sees that something is missing", async || {
        let rows = bob.messages(group).await;
        let last = rows.last()?;
        assert_ne!(last.text.as_deref(), Some("cem is gone"));
        (last.from == ann.user && last.text.is_none()).then_some(())
    })
    .await;
    bob.link.reached();
    bob.link.calm();
    bob.link.cut();
    bob.reads(group, "cem is gone").await;
    bob.send(group, "so it is").await;
    ann.reads(group, "so it is").await;
    assert!(!bob.link.reached().contains(&cem.id));
    assert!(!cem.texts(group).await.contains(&"so it is".to_owned()));
}
