//! Head statements: the relay may freeze a device list, but not for long behind a verified
//! person's back.

use chatty_core::api::events::AlarmKind;
use chatty_crypto::trust;
use chatty_e2e::forge::{Forged, sign};
use chatty_e2e::hostile::{Hostile, edit};
use chatty_e2e::person::Device;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::ConvId;
use chatty_protocol::codec::encode;
use chatty_protocol::rest::{B64, StatementBody};
use chatty_protocol::sign::{SignContext, Signed};
use chatty_protocol::statement::Statement;

const DAY_MS: i64 = 86_400_000;

/// Ann has verified bob; bob's device has made its statement of the day.
async fn verified() -> (World, Device, Device, ConvId) {
    let world = World::new().await;
    let mut ann = world.person("ann").await;
    let mut bob = world.person("bob").await;
    let chat = world.friends(&ann, &bob).await;
    bob.restart().await;
    until("bob's statement", async || {
        let asked = bob.link.asked();
        let path = format!("/users/{}/statement", bob.user);
        asked.contains(&("PUT", path)).then_some(())
    })
    .await;
    bob.settle().await;
    let user = bob.user;
    ann.change(move |tx| trust::mark_verified(tx, &user).expect("verified"))
        .await;
    (world, ann, bob, chat)
}

async fn asked(device: &Device, about: &Device) {
    let path = format!("/users/{}/statement", about.user);
    until("the statement was asked for", async || {
        let asked = device.link.asked();
        asked.contains(&("GET", path.clone())).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_a_verified_person_s_old_statement_is_told_and_a_fresh_one_is_not() {
    let (world, mut ann, mut bob, chat) = verified().await;
    asked(&ann, &bob).await;
    ann.settle().await;
    assert!(!ann.alarms().contains(&AlarmKind::DevicesStale));
    // Bob is away for more than a week: nobody confirms his list.
    bob.kill();
    world.relay.clock.advance(8 * DAY_MS);
    ann.link.skew(8 * DAY_MS);
    bob.link.skew(8 * DAY_MS);
    ann.restart().await;
    let (_, about) = ann.alarmed(AlarmKind::DevicesStale).await;
    assert_eq!(about, Some(bob.user));
    bob.start().await;
    bob.sync().await;
    ann.send(chat, "you were away").await;
    bob.reads(chat, "you were away").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_a_forged_statement_is_as_good_as_none() {
    let (_world, mut ann, bob, chat) = verified().await;
    asked(&ann, &bob).await;
    ann.settle().await;
    let forger = Forged::of(bob.user);
    ann.link.attack(Hostile::new().answer(move |ask, answer| {
        if ask.is("GET", "/users/*/statement") {
            edit::<StatementBody>(answer, |body| {
                let signed: Signed<Statement> =
                    Signed::from_bytes(&body.statement.0).expect("a statement");
                let mut claim = signed.open().expect("a statement");
                claim.time += 2 * DAY_MS as u64;
                let forged: Signed<Statement> =
                    sign(&forger.key, SignContext::HeadStatement, encode(&claim));
                body.statement = B64(forged.to_bytes());
            });
        }
    }));
    // The next day it is asked for again.
    ann.link.skew(DAY_MS + 60_000);
    ann.restart().await;
    let (_, about) = ann.alarmed(AlarmKind::DevicesStale).await;
    assert_eq!(about, Some(bob.user));
    ann.link.skew(0);
    ann.link.calm();
    ann.restart().await;
    ann.send(chat, "all is well").await;
    bob.reads(chat, "all is well").await;
}
