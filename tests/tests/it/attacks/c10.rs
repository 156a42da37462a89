//! C10: nothing plain in a home, at any time: texts, handles, mail addresses, tokens, the recovery
//! key, titles and device names, in any file, write-ahead logs and leftovers of a killed engine too.

use std::sync::{Arc, Mutex};

use chatty_core::api::account::RecoveryShow;
use chatty_core::api::person::ProfileSet;
use chatty_e2e::grep::files_with;
use chatty_e2e::hostile::{Ask, Hostile};
use chatty_e2e::person::Device;
use chatty_e2e::world::{PASSWORD, World};
use chatty_protocol::rest::Tokens;

fn assert_hidden(device: &Device, needles: &[(&str, Vec<u8>)]) {
    for (what, needle) in needles {
        assert!(needle.len() >= 8, "{what} is too short to look for");
        let found = files_with(&device.home, needle);
        assert!(found.is_empty(), "{what} lies in the clear in {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c10_no_file_of_a_home_says_anything() {
    let world = World::new().await;
    let mut ann = world.person("canary_handle_ann").await;
    let bob = world.person("canary_handle_bob").await;
    // Tokens as the relay gives them.
    let tokens: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&tokens);
    ann.link
        .attack(Hostile::new().answer(move |ask: &Ask, answer| {
            if ask.is("POST", "/sessions/refresh") {
                let given: Tokens = serde_json::from_slice(&answer.body).expect("tokens");
                let mut seen = seen.lock().expect("a test that holds");
                seen.extend([given.access_token, given.refresh_token]);
            }
        }));
    let recovery = ann.must(RecoveryShow {}).await.recovery_key;
    let chat = world.friends(&ann, &bob).await;
    ann.must(ProfileSet {
        name: "canary display name".into(),
    })
    .await;
    let group = world.group(&ann, &[&bob], "canary title of a group").await;
    let id = ann.send(group, "canary text of ann").await;
    bob.reads(group, "canary text of ann").await;
    bob.react(group, id, "🦜🦜🦜").await;
    bob.send(chat, "canary answer of bob").await;
    ann.reads(chat, "canary answer of bob").await;
    ann.edit(group, id, "canary edited text").await;
    bob.reads(group, "canary edited text").await;
    // An old token is refreshed on the way.
    ann.link.skew(30 * 60_000);
    ann.restart().await;
    ann.sync().await;
    let tokens = tokens.lock().expect("a test that holds").clone();
    assert!(tokens.len() >= 2, "no refresh was seen");
    let mut needles: Vec<(&str, Vec<u8>)> = [
        "canary_handle_ann",
        "canary_handle_bob",
        "canary_handle_ann@example.org",
        "canary_handle_ann's first",
        "canary display name",
        "canary title of a group",
        "canary text of ann",
        "canary answer of bob",
        "canary edited text",
        "🦜🦜🦜",
        PASSWORD,
    ]
    .map(|text| (text, text.as_bytes().to_vec()))
    .into();
    needles.extend(
        tokens
            .into_iter()
            .map(|token| ("a token", token.into_bytes())),
    );
    let key = recovery.expose().to_owned();
    needles.push(("the recovery key", key.replace(['-', ' '], "").into_bytes()));
    needles.push(("the recovery key as shown", key.into_bytes()));
    for (what, id) in [
        ("a user id", ann.user.as_ref()),
        ("a device id", ann.id.as_ref()),
    ] {
        needles.push((what, id.to_vec()));
    }
    needles.push(("a conversation id", chat.as_ref().to_vec()));
    assert_hidden(&ann, &needles);
    assert_hidden(&bob, &needles);
    // Keys as they lie in the store: what opens them is not beside them.
    let insider = ann.keys().await;
    let own = &insider.own;
    needles.push(("a public key", own.ed25519.0.to_vec()));
    needles.push(("another public key", own.curve25519.0.to_vec()));
    assert_hidden(&ann, &needles);
    ann.kill();
    assert_hidden(&ann, &needles);
}
