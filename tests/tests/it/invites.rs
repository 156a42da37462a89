//! People, and the links that lead to them.

use chatty_core::api::LocalCode;
use chatty_core::api::chat::ChatResolve;
use chatty_core::api::group::GroupCreate;
use chatty_core::api::person::{
    InviteLook, InviteShow, Person, PersonAcknowledge, PersonBlock, PersonList, PersonSafety,
    PersonSetVerified,
};
use chatty_core::api::state::ContactState;
use chatty_crypto::trust;
use chatty_e2e::person::Device;
use chatty_e2e::world::World;
use chatty_protocol::UserId;

async fn link(device: &Device) -> String {
    device.must(InviteShow {}).await.link
}

async fn refused(device: &Device, link: String) -> LocalCode {
    let error = device.call(InviteLook { link }).await.unwrap_err();
    assert!(!error.hint.is_empty(), "{error:?}");
    let all = LocalCode::ALL.iter().find(|code| error.is(**code));
    *all.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_the_person_who_gave_it_and_to_nobody_else() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let given = link(&bob).await;
    let wanted = format!("{}/i/bob#{}", world.relay.origin, bob.user);
    assert_eq!(given, wanted);
    let look = InviteLook {
        link: format!(" {given}\n"),
    };
    let found = ann.must(look).await;
    assert_eq!(found.user, bob.user);
    assert_eq!(found.handle.as_deref(), Some("bob"));
    assert_eq!(found.state, ContactState::Known);
    assert_eq!((found.chat, found.blocked), (None, false));
    let resolve = |create| ChatResolve {
        name: given.clone(),
        create,
    };
    let none = ann.call(resolve(false)).await.unwrap_err();
    assert!(none.is(LocalCode::NoSuchChat), "looking opens nothing");
    let chat = ann.must(resolve(true)).await;
    assert_eq!(chat.with, Some(bob.user));
    let people = vec![given.clone()];
    let title = "by link".into();
    let group = ann.must(GroupCreate { title, people }).await;
    assert!(group.members.iter().any(|member| member.user == bob.user));
    // Every way in which a link may be wrong has its own word.
    let id = UserId::from_rest([7; 32]);
    let moved = given.replace(&bob.user.to_string(), &id.to_string());
    assert_eq!(refused(&ann, moved).await, LocalCode::HandleMoved);
    let nobody = given.replace("/i/bob", "/i/nobody");
    assert_eq!(refused(&ann, nobody).await, LocalCode::NoSuchPerson);
    let elsewhere = format!("https://elsewhere.example/i/bob#{}", bob.user);
    assert_eq!(refused(&ann, elsewhere).await, LocalCode::OtherServer);
    assert_eq!(refused(&ann, link(&ann).await).await, LocalCode::OwnLink);
    let (half, _) = given.split_once('#').unwrap();
    assert_eq!(refused(&ann, half.to_owned()).await, LocalCode::BadLink);
    assert_eq!(refused(&ann, "@bob".into()).await, LocalCode::BadLink);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_with_their_chat_and_standing() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let carl = world.person("carl").await;
    assert!(ann.must(PersonList {}).await.is_empty());
    let chat = world.friends(&ann, &bob).await;
    let person = carl.at();
    ann.must(PersonBlock { person }).await;
    ann.link.offline();
    let people = ann.must(PersonList {}).await;
    let is = |person: &Person, device: &Device| person.user == device.user;
    assert_eq!(people.len(), 2, "{people:?}");
    assert!(is(&people[0], &bob) && is(&people[1], &carl), "{people:?}");
    assert_eq!((people[0].chat, people[0].blocked), (Some(chat), false));
    assert_eq!((people[1].chat, people[1].blocked), (None, true));
    assert_eq!(people[1].handle.as_deref(), Some("carl"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saw_that_a_handle_moved_may_write_again() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    for verified in [false, true] {
        let user = bob.user;
        ann.change(move |tx| {
            if verified {
                trust::mark_verified(tx, &user).unwrap();
            }
            let other = UserId::from_rest([9; 32]);
            trust::handle_found(tx, "bob", &user).unwrap();
            trust::handle_found(tx, "bob", &other).unwrap();
        })
        .await;
        let stopped = ann.try_write(chat, "is it you").await.unwrap_err();
        assert!(stopped.is(LocalCode::TrustChanged), "{stopped:?}");
        let person = ann.must(PersonAcknowledge { user }).await;
        assert_eq!(person.state, ContactState::Known, "verified no more");
        ann.try_write(chat, "is it you").await.unwrap();
    }
    let user = UserId::from_rest([8; 32]);
    let nobody = ann.call(PersonAcknowledge { user }).await.unwrap_err();
    assert!(nobody.is(LocalCode::NoSuchPerson), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_compare_one_number() {
    let world = World::new().await;
    let (mut ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let number = async |device: &Device, user| device.must(PersonSafety { user }).await;
    let seen = number(&ann, bob.user).await;
    assert_eq!(seen.groups, number(&bob, ann.user).await.groups);
    assert_eq!(seen.groups.len(), 12);
    assert!(!seen.verified);
    let set = |user, verified| PersonSetVerified { user, verified };
    let person = ann.must(set(bob.user, true)).await;
    assert_eq!(person.state, ContactState::Verified);
    assert!(number(&ann, bob.user).await.verified);
    // The handle leads to somebody else: sending stops until it is compared again.
    let user = bob.user;
    ann.change(move |tx| {
        let other = UserId::from_rest([9; 32]);
        trust::handle_found(tx, "bob", &user).unwrap();
        trust::handle_found(tx, "bob", &other).unwrap();
    })
    .await;
    let stopped = ann.try_write(chat, "is it you").await.unwrap_err();
    assert!(stopped.is(LocalCode::TrustChanged), "{stopped:?}");
    let person = ann.must(set(user, true)).await;
    assert_eq!(person.state, ContactState::Verified);
    ann.try_write(chat, "it is you").await.unwrap();
    let person = ann.must(set(user, false)).await;
    assert_eq!(person.state, ContactState::Known);
    let stranger = UserId::from_rest([8; 32]);
    let nobody = ann.call(set(stranger, true)).await.unwrap_err();
    assert!(nobody.is(LocalCode::NoSuchPerson), "{nobody:?}");
}
