//! A1: the relay adds a member. Joins that are forged, unsigned, of somebody else or beyond the
//! signer's rights come by the socket, in log pages and in row pages. No key leaves for them.

use chatty_core::api::group::GroupMembers;
use chatty_core::api::state::ChatState;
use chatty_e2e::forge::{ConvForgery, Forged};
use chatty_e2e::hostile::{Hostile, edit};
use chatty_e2e::insider::Insider;
use chatty_e2e::person::Device;
use chatty_e2e::seed::{Seed, rounds};
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::codec::encode;
use chatty_protocol::conversation_log::{ConvEntry, ConvOp, ConvState, Cut, Role, propose};
use chatty_protocol::frame::{Changed, RowFrame, ServerFrame};
use chatty_protocol::rest::{B64, ConversationLog, LogRow, Rows};
use chatty_protocol::sign::{SignContext, Signed, ZERO_HASH};
use chatty_protocol::{ConvId, DeviceId, Head, UserId};

/// Keys of everybody, as far as the attacker has them for a forgery.
struct Hands {
    /// The admin: only to take a perfect entry and break it.
    admin: Insider,
    /// A member without rights, who helps the relay.
    member: Insider,
    /// Who wants in, with an account of its own.
    outsider: Insider,
}

/// A group of ann (admin) and bob; eve is outside and has an account.
struct Scene {
    world: World,
    ann: Device,
    bob: Device,
    eve: Device,
    group: ConvId,
    hands: Hands,
}

async fn scene() -> Scene {
    let world = World::new().await;
    let mut ann = world.person("ann").await;
    let mut bob = world.person("bob").await;
    let mut eve = world.person("eve").await;
    world.friends(&ann, &bob).await;
    world.friends(&ann, &eve).await;
    let group = world.group(&ann, &[&bob], "Two of us").await;
    ann.send(group, "only for bob").await;
    bob.reads(group, "only for bob").await;
    let hands = Hands {
        admin: ann.keys().await,
        member: bob.keys().await,
        outsider: eve.keys().await,
    };
    for device in [&ann, &bob, &eve] {
        device.settle().await;
        device.link.reached();
    }
    Scene {
        world,
        ann,
        bob,
        eve,
        group,
        hands,
    }
}

/// An entry made with an attacker's own key, by a device of the admin.
fn forged_entry(
    hands: &Hands,
    state: &ConvState,
    op: ConvOp,
    device: impl Fn(&Forged) -> DeviceId,
) -> Signed<ConvEntry> {
    let admin = &hands.admin.own;
    let forged = Forged::of(admin.user);
    let after = propose(state, &admin.user, &op, true);
    forged.conv_entry(ConvForgery {
        conv: state.conv,
        head: state.head,
        op,
        actor: admin.user,
        device: device(&forged),
        actor_head: hands.admin.log(&admin.user).head,
        state: after.map_or(state.state_hash(), |after| after.state_hash()),
    })
}

/// In the name of the admin's device.
fn in_the_name_of_the_admin(hands: &Hands, state: &ConvState, op: ConvOp) -> Signed<ConvEntry> {
    forged_entry(hands, state, op, |_| hands.admin.own.device)
}

/// By a device that nobody added.
fn by_an_unknown_device(hands: &Hands, state: &ConvState, op: ConvOp) -> Signed<ConvEntry> {
    forged_entry(hands, state, op, |forged| forged.id)
}

/// One way to get the outsider in, by number.
fn forgery(hands: &Hands, state: &ConvState, seed: &mut Seed) -> Signed<ConvEntry> {
    let eve = hands.outsider.own.user;
    let invite = || ConvOp::Invite { users: vec![eve] };
    match seed.below(9) {
        0 => in_the_name_of_the_admin(hands, state, invite()),
        1 => by_an_unknown_device(hands, state, invite()),
        2 => hands.outsider.conv_entry(state, invite()),
        3 => {
            let invite_seq = seed.number() % (state.head.seq + 2);
            hands
                .outsider
                .conv_entry(state, ConvOp::Join { invite_seq })
        }
        4 => hands.member.conv_entry(state, invite()),
        5 => {
            let (user, role) = (hands.member.own.user, Role::Admin);
            hands
                .member
                .conv_entry(state, ConvOp::SetRole { user, role })
        }
        // A perfect invite of the admin, in another context.
        6 => {
            let perfect = hands.admin.conv_entry(state, invite());
            let inner = perfect.inner().to_vec();
            hands.admin.sign(SignContext::DeviceLog, inner)
        }
        // A perfect invite, for another conversation.
        7 => {
            let conv = ConvId::of_group(&seed.number().to_be_bytes());
            let other = ConvState {
                conv,
                ..state.clone()
            };
            hands.admin.conv_entry(&other, invite())
        }
        // A perfect invite with one bit turned.
        _ => {
            let mut bytes = hands.admin.conv_entry(state, invite()).to_bytes();
            let bit = seed.below(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            Signed::from_bytes(&bytes)
                .unwrap_or_else(|_| in_the_name_of_the_admin(hands, state, invite()))
        }
    }
}

/// The number after the newest row that the device shows.
async fn next_seq(device: &Device, chat: ConvId) -> u64 {
    let rows = device.messages(chat).await;
    rows.iter().filter_map(|row| row.seq).max().unwrap_or(0) + 1
}

async fn members(device: &Device, chat: ConvId) -> Vec<UserId> {
    let rows = device.must(GroupMembers { chat }).await;
    rows.iter().map(|row| row.user).collect()
}

impl Scene {
    /// Nothing left for anybody but ann's and bob's devices, nobody else is listed, the outsider
    /// has nothing, and both go on talking.
    async fn holds(&self) {
        for (from, to) in [(&self.ann, &self.bob), (&self.bob, &self.ann)] {
            until("the forgeries were looked at", async || {
                let row = from.row(self.group).await?;
                (row.state == ChatState::Open).then_some(())
            })
            .await;
            let text = format!("still only ours, {}", from.handle);
            from.send(self.group, &text).await;
            to.reads(self.group, &text).await;
        }
        for device in [&self.ann, &self.bob] {
            let mut members = members(device, self.group).await;
            members.sort_unstable();
            let mut wanted = vec![self.ann.user, self.bob.user];
            wanted.sort_unstable();
            assert_eq!(members, wanted, "{}", device.handle);
            let row = device.row(self.group).await.expect("the group");
            assert_eq!(row.state, ChatState::Open, "{:?}", row.reason);
            let reached = device.link.reached();
            assert!(
                reached
                    .iter()
                    .all(|to| [self.ann.id, self.bob.id].contains(to)),
                "{} wrote to {reached:?}",
                device.handle
            );
        }
        assert_eq!(self.eve.row(self.group).await, None);
        self.world.assert_nowhere("still only ours, ann");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_forged_joins_on_the_socket_get_no_key() {
    let scene = scene().await;
    let state = scene.hands.admin.conversation(&scene.group);
    let mut seed = Seed::new(1);
    let next = next_seq(&scene.ann, scene.group).await;
    let mut written = Vec::new();
    for round in 0..rounds(600, 10_000) {
        let entry = forgery(&scene.hands, &state, &mut seed);
        let seq = next + seed.number() % 3;
        let (conv, victim) = (scene.group, [&scene.ann, &scene.bob][round % 2]);
        let row = RowFrame::Entry { conv, seq, entry };
        victim.link.inject(&ServerFrame::Row(row));
        // What they write meanwhile waits or leaves, but never for anybody else.
        if round % 100 == 7 {
            let text = format!("between {round}");
            // While a forgery is being looked at, writing may be refused.
            if scene.ann.try_write(scene.group, &text).await.is_ok() {
                written.push(text);
            }
        }
    }
    scene.holds().await;
    for text in written {
        scene.bob.reads(scene.group, &text).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_forged_joins_in_pages_get_no_key_and_the_truth_ends_the_hold() {
    let scene = scene().await;
    let state = scene.hands.admin.conversation(&scene.group);
    for number in 0..rounds(9, 500) {
        let mut seed = Seed::new(100 + number as u64);
        let entry = forgery(&scene.hands, &state, &mut seed);
        let next = next_seq(&scene.ann, scene.group).await;
        scene.ann.link.offline();
        let text = format!("held {number}");
        let waiting = scene.ann.write(scene.group, &text).await;
        scene.ann.link.attack(pages_with(scene.group, next, entry));
        scene.ann.link.asked();
        scene.ann.link.online();
        let log = format!("/conversations/{}/log", scene.group);
        until("the forged page was read", async || {
            let asked = scene.ann.link.asked();
            asked
                .iter()
                .any(|(_, path)| path.contains(&log))
                .then_some(())
        })
        .await;
        scene.ann.link.calm();
        scene.ann.link.cut();
        scene.ann.accepted(scene.group, waiting).await;
        scene.bob.reads(scene.group, &text).await;
    }
    scene.holds().await;
}

/// The relay shows the entry as the newest of the log and of the stream.
fn pages_with(conv: ConvId, next: u64, entry: Signed<ConvEntry>) -> Hostile {
    let (in_rows, in_ready) = (entry.clone(), entry.clone());
    Hostile::new()
        .down(move |frame| match frame {
            ServerFrame::Ready(mut ready) => {
                let (seq, entry) = (next, in_ready.clone());
                ready.changed.retain(|changed| changed.conv != conv);
                ready.changed.push(Changed {
                    conv,
                    stream_head: next,
                    log_seq: in_ready.open().map_or(0, |entry| entry.seq),
                    floor: 1,
                    own: (0, 0),
                    newest: Some(RowFrame::Entry { conv, seq, entry }),
                    marks: Vec::new(),
                });
                vec![ServerFrame::Ready(ready)]
            }
            other => vec![other],
        })
        .answer(move |ask, answer| {
            if ask.is("GET", "/conversations/*/log") && ask.about(&conv) {
                edit::<ConversationLog>(answer, |page| {
                    let head = Head {
                        seq: page.head.0 + 1,
                        hash: ConvEntry::hash_of(&entry),
                    };
                    page.head = head.into();
                    let seq = page.entries.last().map_or(1_000, |last| last.seq + 1);
                    let entry = B64(entry.to_bytes());
                    page.entries.push(LogRow { seq, entry });
                });
            }
            if ask.is("GET", "/conversations/*/rows") && ask.about(&conv) {
                edit::<Rows>(answer, |page| {
                    page.head += 1;
                    let (seq, entry) = (page.head, in_rows.clone());
                    let row = RowFrame::Entry { conv, seq, entry };
                    page.rows.push(B64(encode(&row)));
                });
            }
        })
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_a_newcomer_is_not_shown_a_forged_member() {
    let scene = scene().await;
    // Eve is invited, truly. The relay shows her a log in which the admin, in a forged entry,
    // had invited somebody of its own before.
    let stranger = Forged::of(scene.eve.user);
    let fake = UserId::of_aik(&chatty_protocol::codec::Fixed(
        stranger.key.verifying_key().to_bytes(),
    ));
    let state = scene.hands.admin.conversation(&scene.group);
    let users = vec![fake];
    let forged = in_the_name_of_the_admin(&scene.hands, &state, ConvOp::Invite { users });
    let (conv, bytes) = (scene.group, B64(forged.to_bytes()));
    scene
        .eve
        .link
        .attack(Hostile::new().answer(move |ask, answer| {
            if ask.is("GET", "/conversations/*/log") && ask.about(&conv) {
                edit::<ConversationLog>(answer, |page| {
                    if let Some(last) = page.entries.last_mut() {
                        last.entry = bytes.clone();
                    }
                });
            }
        }));
    let (chat, people) = (scene.group, vec![scene.eve.at()]);
    scene
        .ann
        .must(chatty_core::api::group::GroupInvite { chat, people })
        .await;
    scene.ann.settle().await;
    until("eve was shown the forged log", async || {
        let asked = scene.eve.link.asked();
        let log = format!("/conversations/{chat}/log");
        asked
            .iter()
            .any(|(_, path)| path.contains(&log))
            .then_some(())
    })
    .await;
    assert_eq!(scene.eve.row(chat).await, None);
    scene.eve.link.calm();
    scene.eve.link.cut();
    scene.eve.sees(chat).await;
    until("eve joins", async || {
        let members = members(&scene.eve, chat).await;
        (members.len() == 3 && !members.contains(&fake)).then_some(())
    })
    .await;
    scene.eve.send(chat, "here I am").await;
    scene.ann.reads(chat, "here I am").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_a_removal_by_nobody_removes_nobody() {
    let scene = scene().await;
    let state = scene.hands.admin.conversation(&scene.group);
    let next = next_seq(&scene.ann, scene.group).await;
    let cuts = vec![Cut {
        device: scene.ann.id,
        dev_seq: 0,
        chain: ZERO_HASH,
    }];
    let user = scene.ann.user;
    let op = ConvOp::Remove { user, cuts };
    for entry in [
        scene.hands.member.conv_entry(&state, op.clone()),
        in_the_name_of_the_admin(&scene.hands, &state, op.clone()),
        by_an_unknown_device(&scene.hands, &state, op),
    ] {
        let row = RowFrame::Entry {
            conv: scene.group,
            seq: next,
            entry,
        };
        scene.bob.link.inject(&ServerFrame::Row(row));
    }
    scene.holds().await;
}
