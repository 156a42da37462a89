//! D7: whoever has the mailbox sets a new password. It opens no message: the thief's device waits
//! for approval, gets no key, and the owner loses nothing but the session.

use chatty_core::api::Secret;
use chatty_core::api::account::AccountLogIn;
use chatty_core::api::chat::ChatList;
use chatty_core::api::device::DeviceList;
use chatty_core::api::state::{DeviceState, LinkState};
use chatty_core::api::sync::SyncState;
use chatty_e2e::raw;
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::rest::{ConfirmReset, ResetPassword};

const NEW: &str = "the thief's own password";

/// The token in the newest mail of the relay.
async fn token(world: &World) -> String {
    let folder = world.relay_folder().join("mail");
    until("a mail with a token", async || {
        world.relay.run_due().await;
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .ok()?
            .filter_map(|file| Some(file.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
            .collect();
        files.sort();
        let text = std::fs::read_to_string(files.last()?).ok()?;
        let body = text.split_once("\r\n\r\n")?.1.to_owned();
        let words = body.split_whitespace();
        let longest = words.max_by_key(|word| word.len())?;
        (longest.len() == 43).then(|| longest.to_owned())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn d7_a_new_password_opens_nothing() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let origin = world.relay.origin.clone();
    let ask = ResetPassword {
        email: "ann@example.org".to_owned(),
    };
    let asked = raw::call(&origin, "POST", "/account/reset", "", Some(&ask)).await;
    assert!(asked.status < 300, "{}", asked.status);
    let set = ConfirmReset {
        token: token(&world).await,
        password: NEW.to_owned(),
    };
    let done = raw::call(&origin, "POST", "/account/reset/confirm", "", Some(&set)).await;
    assert!(done.status < 300, "{}", done.status);
    until("ann is signed out", async || {
        let status = ann.must(SyncState {}).await;
        (status.link == LinkState::SignedOut).then_some(())
    })
    .await;
    let thief = world.log_in_with("ann", NEW).await;
    bob.link.reached();
    bob.send(chat, "for ann alone").await;
    bob.settle().await;
    assert!(thief.must(ChatList {}).await.is_empty());
    assert!(thief.try_write(chat, "it is me, ann").await.is_err());
    assert!(!bob.link.reached().contains(&thief.id));
    // The owner signs the same home in again (after a reset of her own) and has everything.
    let log_in = AccountLogIn {
        relay: origin,
        login: "ann".to_owned(),
        password: Secret::new(NEW),
        device_name: None,
    };
    ann.must(log_in).await;
    ann.reads(chat, "for ann alone").await;
    ann.reads(chat, "hello back").await;
    let rows = ann.must(DeviceList {}).await;
    let theirs = rows.iter().find(|row| row.id == thief.id);
    assert!(theirs.is_none_or(|row| row.state == DeviceState::Waiting));
    ann.send(chat, "still me").await;
    bob.reads(chat, "still me").await;
    assert!(!bob.texts(chat).await.contains(&"it is me, ann".to_owned()));
}
