//! The account's life as its devices see it: address, password, reset, deletion.

use chatty_core::api::Secret;
use chatty_core::api::account::{
    AccountChangePassword, AccountConfirmReset, AccountDelete, AccountLogIn, AccountRequestReset,
    AccountResendCode, AccountVerifyEmail, AccountWhoAmI,
};
use chatty_core::api::group::GroupMembers;
use chatty_core::api::state::{ChatState, DeviceState, LinkState, Role};
use chatty_core::api::sync::SyncState;
use chatty_e2e::person::Device;
use chatty_e2e::wait::until;
use chatty_e2e::world::{PASSWORD, World, joined};
use chatty_protocol::frame::ClientFrame;

const NEXT: &str = "quite another pass phrase";

async fn signed_out(device: &Device) {
    until("the session is over", async || {
        let status = device.must(SyncState {}).await;
        (status.link == LinkState::SignedOut).then_some(())
    })
    .await;
}

async fn log_in_again(world: &World, device: &Device, password: &str) -> Result<(), String> {
    let log_in = AccountLogIn {
        relay: world.relay.origin.clone(),
        login: device.handle.clone(),
        password: Secret::new(password),
        device_name: None,
    };
    let done = device.call(log_in).await;
    done.map(|_| ())
        .map_err(|error| error.code.as_str().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_proven_by_the_code_of_the_mail() {
    let world = World::with_codes().await;
    let ann = world.sign_up("ann").await;
    assert!(!ann.must(AccountWhoAmI {}).await.verified_email);
    let mail = world.relay.mail_to("ann@example.org").await;
    let code = "000000".to_owned();
    let wrong = ann.call(AccountVerifyEmail { code }).await.unwrap_err();
    assert_eq!(wrong.code.as_str(), "code_wrong");
    // Another mail may be asked for after a minute only.
    let early = ann.call(AccountResendCode {}).await.unwrap_err();
    assert_eq!(early.code.as_str(), "rate_limited");
    assert!(early.retry_after_ms.is_some());
    let code = format!(" {} ", mail.code());
    ann.must(AccountVerifyEmail { code }).await;
    ann.sync().await;
    assert!(ann.must(AccountWhoAmI {}).await.verified_email);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_sessions_of_other_devices_and_nothing_else() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let ann2 = world.second_device(&ann).await;
    ann2.sees(chat).await;
    bob.send(chat, "before").await;
    ann2.reads(chat, "before").await;
    let change = |old: &str| AccountChangePassword {
        old: Secret::new(old),
        new: Secret::new(NEXT),
    };
    let wrong = ann.call(change("not the one at all")).await.unwrap_err();
    assert_eq!(wrong.code.as_str(), "not_allowed");
    ann.must(change(PASSWORD)).await;
    signed_out(&ann2).await;
    assert!(ann2.texts(chat).await.contains(&"before".to_owned()));
    bob.send(chat, "meanwhile").await;
    ann.reads(chat, "meanwhile").await;
    let old = log_in_again(&world, &ann2, PASSWORD).await;
    assert_eq!(old.unwrap_err(), "unauthorised");
    // Its key is in the log still: nobody has to approve it again.
    log_in_again(&world, &ann2, NEXT).await.unwrap();
    ann2.reads(chat, "meanwhile").await;
    let who = ann2.must(AccountWhoAmI {}).await;
    assert_eq!(who.device_state, DeviceState::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_by_mail_signs_everybody_out_and_loses_nothing() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let ann2 = world.second_device(&ann).await;
    ann2.sees(chat).await;
    ann.settle().await;
    let relay = Some(world.relay.origin.clone());
    let email = "ann@example.org".to_owned();
    let ask = AccountRequestReset { relay, email };
    // Anybody may ask; the answer tells nothing.
    bob.must(ask.clone()).await;
    let unknown = "nobody@example.org".to_owned();
    bob.must(AccountRequestReset {
        email: unknown,
        ..ask
    })
    .await;
    let mail = world.relay.mail_to("ann@example.org").await;
    let confirm = |token: &str| AccountConfirmReset {
        relay: None,
        token: Secret::new(token),
        password: Secret::new(NEXT),
    };
    let wrong = ann.call(confirm("no such token")).await;
    assert!(wrong.is_err());
    ann.must(confirm(&mail.token())).await;
    for device in [&ann, &ann2] {
        signed_out(device).await;
        assert!(
            device
                .texts(chat)
                .await
                .iter()
                .any(|text| text == "hello back")
                || device.id == ann2.id
        );
    }
    let waits = ann.write(chat, "written while signed out").await;
    assert!(log_in_again(&world, &ann, PASSWORD).await.is_err());
    log_in_again(&world, &ann, NEXT).await.unwrap();
    ann.accepted(chat, waits).await;
    bob.reads(chat, "written while signed out").await;
    log_in_again(&world, &ann2, NEXT).await.unwrap();
    ann2.reads(chat, "written while signed out").await;
    // The token was good for one use.
    assert!(ann.call(confirm(&mail.token())).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_its_groups_and_gets_no_keys() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let cem = world.person("cem").await;
    let chat = world.friends(&ann, &bob).await;
    world.friends(&ann, &cem).await;
    world.friends(&bob, &cem).await;
    let group = world.group(&ann, &[&bob, &cem], "Hers").await;
    ann.send(group, "my last words").await;
    cem.reads(group, "my last words").await;
    let ann2 = world.second_device(&ann).await;
    for device in [&ann, &bob, &cem] {
        device.settle().await;
    }
    let deleted = ann.must(AccountDelete { password: None }).await;
    assert_eq!(deleted.due_ms, None);
    // The home is empty; the other device is signed out.
    assert!(ann.call(AccountWhoAmI {}).await.is_err());
    signed_out(&ann2).await;
    let members = joined(&bob, group, 2).await;
    assert!(members.iter().all(|row| row.user != ann.user));
    assert!(
        members.iter().any(|row| row.role == Role::Admin),
        "the last admin named a successor: {members:?}"
    );
    until("bob sees that the account is gone", async || {
        let row = bob.row(chat).await?;
        let gone = row.reason.as_deref() == Some("account deleted");
        (row.state == ChatState::Left && gone).then_some(())
    })
    .await;
    let refused = bob.try_write(chat, "are you there").await.unwrap_err();
    assert_eq!(refused.code.as_str(), "chat_closed");
    assert!(bob.texts(chat).await.contains(&"hello".to_owned()));
    // What bob writes in the group is encrypted for cem alone.
    bob.link.sent();
    bob.send(group, "without her").await;
    cem.reads(group, "without her").await;
    let to_her = bob.link.sent().into_iter().any(|frame| match frame {
        ClientFrame::ToDevice { items, .. } => items
            .iter()
            .any(|item| item.to == ann.id || item.to == ann2.id),
        _ => false,
    });
    assert!(!to_her, "a key went to a deleted account");
    let rows = bob.must(GroupMembers { chat: group }).await;
    assert_eq!(rows.len(), 2);
    // The handle is not free for somebody else.
    let again = world.relay.origin.clone();
    let sign_up = chatty_core::api::account::AccountSignUp {
        relay: again,
        handle: "ann".into(),
        email: "other@example.org".into(),
        password: Secret::new(PASSWORD),
        device_name: None,
    };
    let taken = ann.call(sign_up).await.unwrap_err();
    assert_eq!(taken.code.as_str(), "handle_taken");
}
