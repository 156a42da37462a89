//! The member projection.

use super::sample::{append, conv, entry, group, message, push, user};
use crate::store::Store;
use crate::store::conversation::MemberState::{Gone, Invited, Member};
use crate::store::conversation::Relation;
use crate::store::stream::Appended;

pub async fn stays_open_and_close(store: &dyn Store) {
    group(store, 1, &[1]).await;
    push(store, 1, entry(1, 1, false, &[(2, Invited)])).await;
    push(store, 1, message(1, 1, 1)).await;
    push(store, 1, entry(2, 2, false, &[(2, Member)])).await;
    assert_eq!(store.may_read(conv(1), user(2)).await.unwrap(), [(2, None)]);
    push(store, 1, entry(1, 3, false, &[(2, Gone)])).await;
    push(store, 1, message(1, 2, 2)).await;
    assert_eq!(
        store.may_read(conv(1), user(2)).await.unwrap(),
        [(2, Some(5))]
    );
    let row = store.member(conv(1), user(2)).await.unwrap().unwrap();
    assert_eq!((row.state, row.admin, row.log_seq), (Gone, false, 3));
    assert_eq!(store.members(conv(1)).await.unwrap().len(), 1);
    push(store, 1, entry(1, 4, false, &[(2, Invited)])).await;
    assert_eq!(
        store.may_read(conv(1), user(2)).await.unwrap(),
        [(2, Some(5)), (7, None)]
    );
    assert_eq!(store.may_read(conv(1), user(3)).await.unwrap(), []);
    assert_eq!(store.may_read(conv(9), user(1)).await.unwrap(), []);
}

pub async fn relations_follow_membership(store: &dyn Store) {
    let relation = |a, b| store.relation(user(a), user(b));
    assert_eq!(relation(1, 1).await.unwrap(), Relation::Own);
    assert_eq!(relation(1, 2).await.unwrap(), Relation::None);
    let direct = entry(1, 0, true, &[(1, Member), (2, Invited)]);
    store.append(append(1, 0, vec![direct])).await.unwrap();
    assert_eq!(relation(1, 2).await.unwrap(), Relation::Ticket);
    assert_eq!(relation(2, 1).await.unwrap(), Relation::CoMember);
    push(store, 1, entry(2, 1, true, &[(2, Member)])).await;
    assert_eq!(relation(1, 2).await.unwrap(), Relation::Contact);
    store.block(user(2), user(1)).await.unwrap();
    assert_eq!(relation(1, 2).await.unwrap(), Relation::None);
    group(store, 2, &[1, 2, 3]).await;
    assert_eq!(relation(1, 3).await.unwrap(), Relation::CoMember);
    // Two strangers who are invited beside a victim get no more than a ticket.
    push(store, 2, entry(1, 1, false, &[(4, Invited), (5, Invited)])).await;
    assert_eq!(relation(4, 5).await.unwrap(), Relation::Ticket);
    push(store, 2, entry(1, 2, false, &[(3, Gone)])).await;
    let all = store
        .relations(user(1), vec![user(2), user(3), user(4)])
        .await
        .unwrap();
    assert_eq!(all, [Relation::CoMember, Relation::None, Relation::Ticket]);
    let mut near = store.co_members(user(1), 10).await.unwrap();
    near.sort();
    let mut wanted = [user(2), user(4), user(5)];
    wanted.sort();
    assert_eq!(near, wanted);
}

pub async fn hidden_requests_come_back_with_joining(store: &dyn Store) {
    let direct = entry(1, 0, true, &[(1, Member), (2, Invited)]);
    store.append(append(1, 0, vec![direct])).await.unwrap();
    assert!(
        !store.hide_request(conv(1), user(1)).await.unwrap(),
        "a member has no request"
    );
    assert!(store.hide_request(conv(1), user(2)).await.unwrap());
    let seen = store.conversations(user(2), None, 10).await.unwrap();
    assert_eq!(
        (seen[0].hidden, seen[0].state, seen[0].direct),
        (true, Invited, true)
    );
    push(store, 1, message(1, 1, 1)).await;
    assert!(store.conversations(user(2), None, 10).await.unwrap()[0].hidden);
    push(store, 1, entry(2, 1, true, &[(2, Member)])).await;
    assert!(!store.conversations(user(2), None, 10).await.unwrap()[0].hidden);
}

pub async fn conversations_are_paged(store: &dyn Store) {
    for number in 1..=7 {
        group(store, number, &[1]).await;
    }
    assert_eq!(
        push(store, 3, message(1, 500, 1)).await,
        Appended::Accepted { seq: 2 }
    );
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.conversations(user(1), after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.conv);
        seen.extend(page);
    }
    assert_eq!(
        seen.iter().map(|row| row.conv).collect::<Vec<_>>(),
        (1..=7).map(conv).collect::<Vec<_>>()
    );
    assert_eq!(
        (seen[2].at.head, seen[2].newest_time, seen[2].first),
        (2, 1_500, 1)
    );
    assert_eq!(store.conversation_count(user(1)).await.unwrap(), 7);
    assert_eq!(store.conversations(user(8), None, 3).await.unwrap(), []);
}
