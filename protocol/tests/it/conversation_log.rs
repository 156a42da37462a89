//! Conversation logs: the table of protocol.md §10, row by row (A1).

use chatty_protocol::ErrorCode;
use chatty_protocol::codec::{Fixed, decode_exact, encode};
use chatty_protocol::conversation_log::{
    ConvOp, ConvState, Cut, Mode, Policy, Role, Status, authorize,
};

use crate::kit::{Person, act, conv_entry, create_op, open};

fn code(answer: Result<ConvState, chatty_protocol::conversation_log::Denied>) -> ErrorCode {
    answer.expect_err("must be refused").code
}

fn group() -> (Person, Person, Person, ConvState) {
    let (ann, bob, cem) = (Person::new(1), Person::new(2), Person::new(3));
    let (state, _) = open(&ann, create_op(Mode::Group, vec![])).unwrap();
    let state = act(
        &state,
        &ann,
        ConvOp::Invite {
            users: vec![bob.user, cem.user],
        },
    )
    .unwrap();
    let state = act(&state, &bob, ConvOp::Join { invite_seq: 1 }).unwrap();
    (ann, bob, cem, state)
}

#[test]
fn a_direct_conversation_begins_with_one_member_and_one_invited() {
    let (ann, bob) = (Person::new(1), Person::new(2));
    let mut users = vec![ann.user, bob.user];
    users.sort();
    let (state, _) = open(&ann, create_op(Mode::Direct, users.clone())).unwrap();
    assert!(state.may_send(&ann.user) && !state.may_send(&bob.user));
    assert_eq!(state.entitled().count(), 2);
    let joined = act(&state, &bob, ConvOp::Join { invite_seq: 0 }).unwrap();
    assert!(joined.may_send(&bob.user));
    assert_eq!(joined.member(&bob.user).unwrap().since_seq, 0);
    let leave = ConvOp::Leave {
        cuts: vec![],
        successor: None,
    };
    assert_eq!(code(act(&joined, &bob, leave)), ErrorCode::NotAllowed);
    let timer = Policy {
        timer_s: 60,
        ..Policy::default()
    };
    assert!(act(&joined, &bob, ConvOp::SetPolicy(timer.clone())).is_ok());
    let more = Policy {
        history: 1,
        ..timer
    };
    assert_eq!(
        code(act(&joined, &bob, ConvOp::SetPolicy(more))),
        ErrorCode::NotAllowed
    );
    users.reverse();
    assert!(open(&ann, create_op(Mode::Direct, users)).is_err());
    let eve = Person::new(9);
    let mut others = vec![bob.user, eve.user];
    others.sort();
    assert!(open(&ann, create_op(Mode::Direct, others)).is_err());
}

#[test]
fn notes_to_self_have_one_member() {
    let ann = Person::new(1);
    let (state, _) = open(&ann, create_op(Mode::Direct, vec![ann.user])).unwrap();
    assert!(state.may_send(&ann.user));
    assert_eq!(state.entitled().count(), 1);
}

#[test]
fn a1_nobody_invites_or_joins_without_right() {
    let (ann, bob, cem, state) = group();
    let eve = Person::new(9);
    let invite = |user| ConvOp::Invite { users: vec![user] };
    assert_eq!(
        code(act(&state, &eve, invite(eve.user))),
        ErrorCode::NotMember
    );
    assert_eq!(
        code(act(&state, &bob, invite(eve.user))),
        ErrorCode::NotAllowed
    );
    assert_eq!(
        code(act(&state, &cem, invite(eve.user))),
        ErrorCode::NotMember
    );
    assert_eq!(
        code(act(&state, &eve, ConvOp::Join { invite_seq: 1 })),
        ErrorCode::NotMember
    );
    assert_eq!(
        code(act(&state, &bob, ConvOp::Join { invite_seq: 1 })),
        ErrorCode::NotAllowed
    );
    assert_eq!(
        code(act(&state, &cem, ConvOp::Join { invite_seq: 2 })),
        ErrorCode::NotAllowed
    );
    let removed = act(
        &state,
        &ann,
        ConvOp::Remove {
            user: cem.user,
            cuts: vec![],
        },
    )
    .unwrap();
    // The invite was open; the removal voids it for ever.
    assert_eq!(
        code(act(&removed, &cem, ConvOp::Join { invite_seq: 1 })),
        ErrorCode::NotMember
    );
    let again = act(&removed, &ann, invite(cem.user)).unwrap();
    assert_eq!(
        code(act(&again, &cem, ConvOp::Join { invite_seq: 1 })),
        ErrorCode::NotAllowed
    );
    assert!(
        act(
            &again,
            &cem,
            ConvOp::Join {
                invite_seq: again.head.seq
            }
        )
        .is_ok()
    );
}

#[test]
fn an_entry_on_another_head_or_with_another_state_is_refused() {
    let (ann, _, _, state) = group();
    let op = ConvOp::Rotate { cuts: vec![] };
    let good = act(&state, &ann, op.clone()).unwrap().state_hash();
    let stale = conv_entry(
        &ann,
        Some(&state),
        state.head.seq,
        state.head.hash,
        op.clone(),
        good,
    );
    let refused = authorize(Some(&state), &stale, &stale.open().unwrap(), true);
    assert_eq!(code(refused), ErrorCode::StaleSeq);
    let lie = conv_entry(
        &ann,
        Some(&state),
        state.head.seq + 1,
        state.head.hash,
        op,
        Fixed([1; 32]),
    );
    let refused = authorize(Some(&state), &lie, &lie.open().unwrap(), true);
    assert_eq!(code(refused), ErrorCode::Malformed);
}

#[test]
fn limited_devices_change_neither_members_nor_rules() {
    let (ann, bob, _, state) = group();
    for op in [
        ConvOp::Remove {
            user: bob.user,
            cuts: vec![],
        },
        ConvOp::SetRole {
            user: bob.user,
            role: Role::Admin,
        },
        ConvOp::SetPolicy(Policy::default()),
        ConvOp::Rotate { cuts: vec![] },
    ] {
        let refused = chatty_protocol::conversation_log::propose(&state, &ann.user, &op, false);
        assert_eq!(code(refused), ErrorCode::NotAllowed, "{op:?}");
    }
}

#[test]
fn the_last_admin_stays_or_names_a_successor() {
    let (ann, bob, cem, state) = group();
    let leave = |successor| ConvOp::Leave {
        cuts: vec![],
        successor,
    };
    let demote = ConvOp::SetRole {
        user: ann.user,
        role: Role::Member,
    };
    assert_eq!(code(act(&state, &ann, demote)), ErrorCode::NotAllowed);
    assert_eq!(code(act(&state, &ann, leave(None))), ErrorCode::NotAllowed);
    assert_eq!(
        code(act(&state, &ann, leave(Some(cem.user)))),
        ErrorCode::NotAllowed
    );
    let left = act(&state, &ann, leave(Some(bob.user))).unwrap();
    assert_eq!(left.member(&bob.user).unwrap().role, Role::Admin);
    assert!(left.member(&ann.user).is_none());
    assert_eq!(
        code(act(&state, &bob, leave(Some(ann.user)))),
        ErrorCode::NotAllowed
    );
    let declined = act(&state, &cem, leave(None)).unwrap();
    assert!(declined.member(&cem.user).is_none());
    let alone = act(
        &left,
        &bob,
        ConvOp::Remove {
            user: cem.user,
            cuts: vec![],
        },
    )
    .unwrap();
    assert!(act(&alone, &bob, leave(None)).is_ok());
}

#[test]
fn cuts_stay_after_a_new_join_and_name_a_device_once() {
    let (ann, bob, _, state) = group();
    let cut = Cut {
        device: bob.devices[0].id,
        dev_seq: 4,
        chain: Fixed([3; 32]),
    };
    let twice = ConvOp::Remove {
        user: bob.user,
        cuts: vec![cut.clone(), cut.clone()],
    };
    assert_eq!(code(act(&state, &ann, twice)), ErrorCode::Malformed);
    let state = act(
        &state,
        &ann,
        ConvOp::Remove {
            user: bob.user,
            cuts: vec![cut.clone()],
        },
    )
    .unwrap();
    assert_eq!(state.forced_at, state.head.seq);
    let state = act(
        &state,
        &ann,
        ConvOp::Invite {
            users: vec![bob.user],
        },
    )
    .unwrap();
    let state = act(
        &state,
        &bob,
        ConvOp::Join {
            invite_seq: state.head.seq,
        },
    )
    .unwrap();
    assert_eq!(state.cuts.get(&cut.device), Some(&cut));
    assert_eq!(state.member(&bob.user).unwrap().status, Status::Member);
    assert_eq!(decode_exact::<ConvState>(&encode(&state)), Ok(state));
}
