//! Five people in a group: joins, removals, roles, leaving.

use chatty_core::api::group::{
    GroupInvite, GroupLeave, GroupMembers, GroupRemove, GroupRename, GroupSetRole,
};
use chatty_core::api::state::{ChatState, MessageState, Role};
use chatty_e2e::person::Device;
use chatty_e2e::wait::{moment, until};
use chatty_e2e::world::{World, joined};

async fn five(world: &World) -> Vec<Device> {
    let mut people = Vec::new();
    for handle in ["ann", "bob", "cem", "dia", "eve"] {
        people.push(world.person(handle).await);
    }
    // An invite of an accepted contact is taken without asking.
    for friend in &people[1..] {
        world.friends(&people[0], friend).await;
    }
    people
}

#[tokio::test(flavor = "multi_thread")]
async fn five_people_talk_and_a_newcomer_and_a_leaver_read_their_part_only() {
    let world = World::new().await;
    let people = five(&world).await;
    let [ann, bob, cem, dia, eve] = &people[..] else {
        unreachable!()
    };
    let chat = world.group(ann, &[bob, cem, dia], "Walkers").await;
    for person in [ann, bob, cem, dia] {
        person
            .send(chat, &format!("hi from {}", person.handle))
            .await;
    }
    for person in [ann, bob, cem, dia] {
        for other in [ann, bob, cem, dia] {
            person
                .reads(chat, &format!("hi from {}", other.handle))
                .await;
        }
        until("the title", async || {
            (person.row(chat).await?.title == "Walkers").then_some(())
        })
        .await;
    }
    // Eve comes: she reads what is sent after her invite, and nothing before.
    let people = vec![eve.at()];
    ann.must(GroupInvite { chat, people }).await;
    joined(bob, chat, 5).await;
    eve.sees(chat).await;
    bob.send(chat, "welcome eve").await;
    eve.reads(chat, "welcome eve").await;
    eve.settle().await;
    let before = eve.texts(chat).await;
    assert!(
        !before.iter().any(|text| text.starts_with("hi from")),
        "{before:?}"
    );
    // Cem goes: what is sent afterwards never reaches him.
    let person = cem.at();
    ann.must(GroupRemove { chat, person }).await;
    until("cem sees that he is out", async || {
        (cem.row(chat).await?.state == ChatState::Left).then_some(())
    })
    .await;
    dia.send(chat, "now without cem").await;
    for person in [ann, bob, eve] {
        person.reads(chat, "now without cem").await;
    }
    moment().await;
    let his = cem.texts(chat).await;
    assert!(!his.contains(&"now without cem".to_owned()), "{his:?}");
    assert!(his.contains(&"welcome eve".to_owned()), "{his:?}");
    assert!(cem.try_write(chat, "still here?").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_leaving_and_titles_follow_the_log() {
    let world = World::new().await;
    let people = five(&world).await;
    let [ann, bob, cem, ..] = &people[..] else {
        unreachable!()
    };
    let chat = world.group(ann, &[bob, cem], "Before").await;
    let person = cem.at();
    let refused = bob.call(GroupRemove { chat, person }).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "not_allowed");
    let (person, role) = (bob.at(), Role::Admin);
    ann.must(GroupSetRole { chat, person, role }).await;
    until("bob is admin", async || {
        let rows = bob.must(GroupMembers { chat }).await;
        rows.iter()
            .any(|row| row.user == bob.user && row.role == Role::Admin)
            .then_some(())
    })
    .await;
    let title = "After".to_owned();
    bob.must(GroupRename { chat, title }).await;
    until("the new title", async || {
        (cem.row(chat).await?.title == "After").then_some(())
    })
    .await;
    let successor = None;
    ann.must(GroupLeave { chat, successor }).await;
    joined(cem, chat, 2).await;
    bob.send(chat, "ann is gone").await;
    cem.reads(chat, "ann is gone").await;
    moment().await;
    assert!(!ann.texts(chat).await.contains(&"ann is gone".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_was_away_through_joins_and_removals_reads_all_of_it() {
    let world = World::new().await;
    let mut people = five(&world).await;
    let mut bob = people.remove(1);
    let [ann, cem, dia, _] = &people[..] else {
        unreachable!()
    };
    let chat = world.group(ann, &[&bob, cem], "Away").await;
    ann.send(chat, "first").await;
    bob.reads(chat, "first").await;
    bob.settle().await;
    bob.kill();
    let people = vec![dia.at()];
    ann.must(GroupInvite { chat, people }).await;
    dia.sees(chat).await;
    dia.send(chat, "from dia").await;
    let person = cem.at();
    ann.must(GroupRemove { chat, person }).await;
    dia.send(chat, "after cem").await;
    ann.send(chat, "last").await;
    bob.start().await;
    for text in ["from dia", "after cem", "last"] {
        bob.reads(chat, text).await;
    }
    bob.send(chat, "back").await;
    dia.reads(chat, "back").await;
    let rows = bob.messages(chat).await;
    let unread = rows.iter().filter(|row| row.text.is_none()).count();
    assert_eq!(unread, 0, "{rows:?}");
    assert!(rows.iter().all(|row| row.state != MessageState::KeyLost));
}

#[tokio::test(flavor = "multi_thread")]
async fn titles_given_at_once_end_as_one_and_everybody_opens_it() {
    let world = World::new().await;
    let people = five(&world).await;
    let [ann, bob, cem, dia, ..] = &people[..] else {
        unreachable!()
    };
    let chat = world.group(ann, &[bob, cem], "First").await;
    for (person, role) in [(bob.at(), Role::Admin), (cem.at(), Role::Admin)] {
        ann.must(GroupSetRole { chat, person, role }).await;
    }
    for device in [ann, bob, cem] {
        device.settle().await;
    }
    let rename = |title: &str| GroupRename {
        chat,
        title: title.to_owned(),
    };
    let (a, b, c) = (rename("Ann's"), rename("Bob's"), rename("Cem's"));
    futures::join!(ann.must(a), bob.must(b), cem.must(c));
    let same = async |devices: &[&Device]| {
        until("one title", async || {
            let mut titles = Vec::new();
            for device in devices {
                titles.push(device.row(chat).await?.title);
            }
            titles.dedup();
            (titles.len() == 1 && titles[0] != "First").then(|| titles[0].clone())
        })
        .await
    };
    same(&[ann, bob, cem]).await;
    // Whoever comes later opens it too, and who left opens none after.
    let people = vec![dia.at()];
    ann.must(GroupInvite { chat, people }).await;
    joined(ann, chat, 4).await;
    same(&[ann, bob, cem, dia]).await;
    let successor = None;
    cem.must(GroupLeave { chat, successor }).await;
    joined(ann, chat, 3).await;
    bob.must(rename("After cem")).await;
    until("the new title", async || {
        (dia.row(chat).await?.title == "After cem").then_some(())
    })
    .await;
    moment().await;
    assert_ne!(cem.row(chat).await.unwrap().title, "After cem");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_decide_and_the_last_admin_stays() {
    let world = World::new().await;
    let people = five(&world).await;
    let [ann, bob, cem, dia, ..] = &people[..] else {
        unreachable!()
    };
    let chat = world.group(ann, &[bob, cem], "Roles").await;
    let set = |person: &Device, role| GroupSetRole {
        chat,
        person: person.at(),
        role,
    };
    let refused = bob.call(set(cem, Role::Admin)).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "not_allowed");
    let refused = ann.call(set(ann, Role::Member)).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "not_allowed", "one admin stays");
    let refused = ann.call(set(dia, Role::Admin)).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "not_allowed", "no member");
    ann.must(set(bob, Role::Admin)).await;
    until("bob is admin", async || {
        let rows = bob.must(GroupMembers { chat }).await;
        let mine = rows.iter().find(|row| row.user == bob.user)?;
        (mine.role == Role::Admin).then_some(())
    })
    .await;
    // Now ann may be a member like others, and bob may remove her.
    bob.must(set(ann, Role::Member)).await;
    let person = ann.at();
    bob.must(GroupRemove { chat, person }).await;
    joined(cem, chat, 2).await;
    until("ann is out", async || {
        (ann.row(chat).await?.state == ChatState::Left).then_some(())
    })
    .await;
    bob.send(chat, "without ann").await;
    cem.reads(chat, "without ann").await;
}
