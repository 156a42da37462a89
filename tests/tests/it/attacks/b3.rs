//! B3: the check and the use are one step. A message whose sender was removed just before, in the
//! same burst of frames, is judged by the membership at its place, not by the one before the burst.

use chatty_core::api::group::GroupRemove;
use chatty_e2e::hostile::Hostile;
use chatty_e2e::world::{World, joined};
use chatty_protocol::frame::{RowFrame, ServerFrame};

#[tokio::test(flavor = "multi_thread")]
async fn b3_a_message_right_behind_its_sender_s_removal_is_not_shown() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let mut cem = world.person("cem").await;
    world.friends(&ann, &bob).await;
    world.friends(&ann, &cem).await;
    let group = world.group(&ann, &[&bob, &cem], "Three").await;
    cem.send(group, "as a member").await;
    for device in [&ann, &bob] {
        device.reads(group, "as a member").await;
        device.settle().await;
    }
    // Perfectly encrypted by cem's device, for a relay that never should have taken it.
    let thief = cem.keys().await;
    let late = thief.text(group, "behind the removal");
    let (user, device) = (cem.user, cem.id);
    cem.kill();
    for victim in [&ann, &bob] {
        let late = late.clone();
        victim.link.attack(Hostile::new().down(move |frame| {
            let removal = match &frame {
                ServerFrame::Row(RowFrame::Entry { conv, seq, .. }) if *conv == group => Some(*seq),
                _ => None,
            };
            let mut frames = vec![frame];
            if let Some(seq) = removal {
                frames.push(ServerFrame::Row(RowFrame::Message {
                    conv: group,
                    seq: seq + 1,
                    user,
                    device,
                    time: 1,
                    send: late.clone(),
                }));
            }
            frames
        }));
    }
    let (chat, person) = (group, cem.at());
    ann.must(GroupRemove { chat, person }).await;
    joined(&bob, group, 2).await;
    for victim in [&ann, &bob] {
        victim.link.calm();
    }
    ann.send(group, "only two now").await;
    bob.reads(group, "only two now").await;
    bob.send(group, "indeed").await;
    ann.reads(group, "indeed").await;
    for victim in [&ann, &bob] {
        let texts = victim.texts(group).await;
        assert!(
            !texts.contains(&"behind the removal".to_owned()),
            "{texts:?}"
        );
    }
}
