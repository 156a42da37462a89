//! A23: old generations. A removed member, and a copy of a member's keys, write under sessions that
//! are over; the relay passes it on as new. Nothing of it is shown.

use chatty_core::api::group::GroupRemove;
use chatty_core::api::state::ChatState;
use chatty_crypto::content::message::Text;
use chatty_crypto::content::{Body, Content};
use chatty_crypto::megolm;
use chatty_e2e::insider::Insider;
use chatty_e2e::person::Device;
use chatty_e2e::wait::until;
use chatty_e2e::world::{World, joined};
use chatty_protocol::codec::Ext;
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::{ConvId, MsgId};

/// What a program that ignores the rules writes under the session it had.
fn under_the_old_session(
    insider: &Insider,
    conv: ConvId,
    texts: &[&str],
    seq: u64,
) -> Vec<ServerFrame> {
    insider.with(|tx| {
        let row = |(text, seq): (&&str, u64)| {
            let content = Content {
                msg: MsgId::from_rest(chatty_e2e::forge::bytes()),
                sent_at: 1_700_000_000_000,
                expires_s: 0,
                rel: None,
                body: Body::Text(Text::plain(*text)),
                ext: Ext::default(),
            };
            let ready = megolm::number_ready(tx, &conv, &content).expect("numbered");
            ServerFrame::Row(RowFrame::Message {
                conv,
                seq,
                user: insider.own.user,
                device: insider.own.device,
                time: 1_700_000_000_000,
                send: megolm::encrypt(tx, &conv, &ready).expect("encrypted"),
            })
        };
        texts.iter().zip(seq..).map(row).collect()
    })
}

async fn newest(device: &Device, chat: ConvId) -> u64 {
    let rows = device.messages(chat).await;
    rows.iter().filter_map(|row| row.seq).max().expect("rows")
}

#[tokio::test(flavor = "multi_thread")]
async fn a23_nothing_under_a_generation_that_is_over_is_shown() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (mut bob, mut cem) = (world.person("bob").await, world.person("cem").await);
    world.friends(&ann, &bob).await;
    world.friends(&ann, &cem).await;
    let group = world.group(&ann, &[&bob, &cem], "Three of us").await;
    joined(&ann, group, 3).await;
    for device in [&ann, &bob, &cem] {
        let text = format!("{} is here", device.handle);
        device.send(group, &text).await;
        for other in [&ann, &bob, &cem] {
            other.reads(group, &text).await;
        }
    }
    // Copies of both, from before the removal.
    let (removed, copy) = (cem.keys().await, bob.keys().await);
    ann.must(GroupRemove {
        chat: group,
        person: cem.at(),
    })
    .await;
    until("bob has seen it", async || {
        let rows = bob.must(chatty_core::api::group::GroupMembers { chat: group });
        (rows.await.len() == 2).then_some(())
    })
    .await;
    bob.send(group, "under a new generation").await;
    ann.reads(group, "under a new generation").await;
    ann.settle().await;
    let before = ann.texts(group).await;
    let seq = newest(&ann, group).await + 1;
    let texts = ["not shown", "let me back in", "and again"];
    for insider in [&removed, &copy] {
        // The first number of the copy was used by bob himself since; twice would be a clone.
        for frame in under_the_old_session(insider, group, &texts, seq).split_off(1) {
            ann.link.inject(&frame);
        }
        ann.took_all().await;
        assert_eq!(ann.texts(group).await, before, "{:?}", insider.own.user);
    }
    cem.kill();
    assert_eq!(ann.row(group).await.expect("a row").state, ChatState::Open);
    for (from, to) in [(&ann, &bob), (&bob, &ann)] {
        let text = format!("{} goes on", from.handle);
        from.send(group, &text).await;
        to.reads(group, &text).await;
    }
}
