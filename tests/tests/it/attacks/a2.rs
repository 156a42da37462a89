//! A2: the relay adds a device to somebody's list. Only the signed log counts: no key leaves for
//! a device that no live device of the account signed, and nothing that it says is shown.

use chatty_core::api::events::AlarmKind;
use chatty_core::api::state::ChatState;
use chatty_e2e::forge::{Forged, sign};
use chatty_e2e::hostile::{Hostile, edit};
use chatty_e2e::insider::Insider;
use chatty_e2e::lies;
use chatty_e2e::seed::{Seed, rounds};
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::device_log::{Class, DeviceEntry, DeviceOp};
use chatty_protocol::frame::{Doorbell, ServerFrame};
use chatty_protocol::sign::{SignContext, Signed};
use chatty_protocol::{DeviceId, Head};

/// A device of the attacker in bob's log, by number, and its id.
fn forgery(bob: &Insider, eve: &Insider, seed: &mut Seed) -> (Signed<DeviceEntry>, DeviceId) {
    let user = bob.own.user;
    let head = bob.log(&user).head;
    let ghost = Forged::of(user);
    let add = DeviceOp::Add {
        cert: ghost.cert.clone(),
        class: Class::Full,
        expires: 0,
    };
    let entry = match seed.below(7) {
        // Signed by the attacker, in the name of bob's device.
        0 => ghost.device_entry(user, head, Some(bob.own.device), add),
        // Signed by itself.
        1 => ghost.device_entry(user, head, Some(ghost.id), add),
        // In the name of the recovery key.
        2 => ghost.device_entry(user, head, None, add),
        // Signed by a real device of somebody else.
        3 => eve.device_entry(user, head, add),
        // A perfect entry in another context.
        4 => {
            let perfect = bob.device_entry(user, head, add);
            bob.sign(SignContext::ConvLog, perfect.inner().to_vec())
        }
        // A perfect entry with a certificate that another key signed.
        5 => {
            let other = Forged::of(user);
            let cert = sign(
                &other.key,
                SignContext::DeviceCert,
                ghost.cert.inner().to_vec(),
            );
            let (class, expires) = (Class::Full, 0);
            bob.device_entry(
                user,
                head,
                DeviceOp::Add {
                    cert,
                    class,
                    expires,
                },
            )
        }
        // A perfect entry with one bit turned.
        _ => {
            let mut bytes = bob.device_entry(user, head, add.clone()).to_bytes();
            let bit = seed.below(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            Signed::from_bytes(&bytes)
                .unwrap_or_else(|_| ghost.device_entry(user, head, Some(ghost.id), add))
        }
    };
    (entry, ghost.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_a_device_that_nobody_signed_gets_no_key() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut bob = world.person("bob").await;
    let mut eve = world.person("eve").await;
    let chat = world.friends(&ann, &bob).await;
    let (keys, eve_keys) = (bob.keys().await, eve.keys().await);
    bob.settle().await;
    ann.link.reached();
    let mut seed = Seed::new(2);
    for round in 0..rounds(14, 2_000) {
        let (entry, ghost) = forgery(&keys, &eve_keys, &mut seed);
        let head = Head {
            seq: keys.log(&bob.user).head.seq + 1,
            hash: DeviceEntry::hash_of(&entry),
        };
        ann.link.attack(lies::with_device_entry(bob.user, entry));
        ann.events();
        match round % 2 {
            0 => ann.link.cut(),
            _ => ann
                .link
                .inject(&ServerFrame::Doorbell(Doorbell::User(bob.user, head))),
        }
        assert_eq!(ann.alarmed(AlarmKind::Forged).await.1, Some(bob.user));
        let text = format!("for bob only {round}");
        ann.send(chat, &text).await;
        bob.reads(chat, &text).await;
        let reached = ann.link.reached();
        assert!(
            !reached.contains(&ghost),
            "round {round}: the ghost got something"
        );
        assert!(reached.iter().all(|to| *to == bob.id), "{reached:?}");
    }
    ann.link.calm();
    bob.send(chat, "and back").await;
    ann.reads(chat, "and back").await;
    let row = ann.row(chat).await.expect("the chat");
    assert_eq!(row.state, ChatState::Open, "{:?}", row.reason);
}

/// What bob's own second device says is worth nothing to ann as long as she does not see it in
/// bob's log, however real its keys are.
#[tokio::test(flavor = "multi_thread")]
async fn a2_a_device_outside_the_log_is_not_shown() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut bob = world.person("bob").await;
    let chat = world.friends(&ann, &bob).await;
    let head = bob.keys().await.log(&bob.user).head;
    bob.settle().await;
    ann.link.attack(lies::device_log_up_to(bob.user, head));
    let second = world.second_device(&bob).await;
    second.sees(chat).await;
    ann.link.reached();
    second.send(chat, "from a device that ann cannot see").await;
    bob.reads(chat, "from a device that ann cannot see").await;
    ann.send(chat, "to whom ann can see").await;
    bob.reads(chat, "to whom ann can see").await;
    ann.sync().await;
    let texts = ann.texts(chat).await;
    assert!(
        !texts.iter().any(|text| text.contains("cannot see")),
        "{texts:?}"
    );
    assert!(!ann.link.reached().contains(&second.id));
    // The truth comes back: now it is a device of bob's, and all that it wrote is read.
    ann.link.calm();
    ann.link.cut();
    ann.reads(chat, "from a device that ann cannot see").await;
    second.send(chat, "now ann can see").await;
    ann.reads(chat, "now ann can see").await;
    ann.send(chat, "welcome").await;
    second.reads(chat, "welcome").await;
}

/// The relay lists devices and waiting ones that do not exist, to the account itself.
#[tokio::test(flavor = "multi_thread")]
async fn a2_a_device_in_the_own_list_is_nothing() {
    use chatty_core::api::device::DeviceList;
    use chatty_core::api::state::DeviceState;
    use chatty_protocol::rest::{OwnDevice, OwnDevices};
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let ghost = Forged::of(ann.user).id;
    ann.link.attack(Hostile::new().answer(move |ask, answer| {
        if ask.is("GET", "/devices") {
            edit::<OwnDevices>(answer, |page| {
                page.devices.push(OwnDevice {
                    device: ghost,
                    state: "live".to_owned(),
                    last_seen_ms: 1,
                });
            });
        }
    }));
    ann.link.cut();
    ann.link.reached();
    until("the list was asked for", async || {
        let rows = ann.must(DeviceList {}).await;
        let known = rows.iter().find(|row| row.id == ghost);
        assert!(
            known.is_none_or(|row| row.state == DeviceState::Waiting),
            "{known:?}"
        );
        let asked = ann.link.asked();
        asked
            .iter()
            .any(|(_, path)| path == "/devices")
            .then_some(())
    })
    .await;
    bob.send(chat, "to ann").await;
    ann.reads(chat, "to ann").await;
    ann.send(chat, "to bob").await;
    bob.reads(chat, "to bob").await;
    assert!(!ann.link.reached().contains(&ghost));
}
