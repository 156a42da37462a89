//! Condition and effect of each operation: the table of protocol.md §10.

use std::collections::BTreeMap;

use crate::limits::{EXPIRES_MAX_S, GROUP_SIZE, INVITES_PER_ENTRY};
use crate::sign::{Head, ZERO_HASH};
use crate::{ConvId, ErrorCode, UserId, origin};

use super::authorize::{Denied, deny};
use super::{ConvOp, ConvState, Cut, Member, Mode, Policy, Role, Status};

/// State after entry 0.
pub(super) fn create(
    mode: Mode,
    relay: &str,
    users: &[UserId],
    policy: &Policy,
    actor: &UserId,
) -> Result<ConvState, Denied> {
    if origin::canonical(relay).as_deref() != Ok(relay) {
        return deny(ErrorCode::Malformed, "not a relay origin");
    }
    check_policy(policy)?;
    let person = |status, role| Member {
        status,
        role,
        since_seq: 0,
        invited_seq: 0,
    };
    let mut members = BTreeMap::new();
    let conv = match (mode, users) {
        (Mode::Group, []) => {
            members.insert(*actor, person(Status::Member, Role::Admin));
            // The caller puts the real id in: it follows from the signed bytes.
            ConvId::from_rest([0; 32])
        }
        (Mode::Direct, [only]) => ConvId::of_direct(only, only, relay),
        (Mode::Direct, [lo, hi]) if lo < hi => ConvId::of_direct(lo, hi, relay),
        _ => return deny(ErrorCode::Malformed, "wrong users for this mode"),
    };
    if mode == Mode::Direct {
        if !users.contains(actor) {
            return deny(
                ErrorCode::NotMember,
                "only one of the two opens a direct conversation",
            );
        }
        for user in users {
            let status = if user == actor {
                Status::Member
            } else {
                Status::Invited
            };
            members.insert(*user, person(status, Role::Member));
        }
    }
    Ok(ConvState {
        conv,
        head: Head {
            seq: 0,
            hash: ZERO_HASH,
        },
        mode,
        origin: relay.to_owned(),
        policy: policy.clone(),
        members,
        cuts: BTreeMap::new(),
        removed_at: BTreeMap::new(),
        meta: None,
        forced_at: 0,
    })
}

/// State after `op` as entry `seq`; the head is the caller's to set.
pub(super) fn next(
    state: &ConvState,
    actor: &UserId,
    op: &ConvOp,
    seq: u64,
) -> Result<ConvState, Denied> {
    let Some(me) = state.member(actor).copied() else {
        return deny(
            ErrorCode::NotMember,
            "the actor is not in this conversation",
        );
    };
    let invited_may = matches!(op, ConvOp::Join { .. } | ConvOp::Leave { .. });
    if me.status == Status::Invited && !invited_may {
        return deny(ErrorCode::NotMember, "the actor has not joined");
    }
    let group_only = !matches!(op.number(), 2 | 6 | 8);
    if state.mode == Mode::Direct && group_only {
        return deny(ErrorCode::NotAllowed, "not in a direct conversation");
    }
    let admin = me.role == Role::Admin;
    let mut after = state.clone();
    match op {
        ConvOp::Create { .. } => return deny(ErrorCode::Malformed, "a log begins once"),
        ConvOp::Invite { users } => {
            require(admin || state.policy.member_invite)?;
            invite(&mut after, users, seq)?;
        }
        ConvOp::Join { invite_seq } => join(&mut after, actor, me, *invite_seq, seq)?,
        ConvOp::Leave { cuts, successor } => {
            leave(&mut after, actor, admin, successor.as_ref())?;
            gone(&mut after, actor, cuts, seq)?;
        }
        ConvOp::Remove { user, cuts } => {
            require(admin && user != actor)?;
            if after.member(user).is_none() {
                return deny(ErrorCode::NotAllowed, "nobody to remove");
            }
            gone(&mut after, user, cuts, seq)?;
        }
        ConvOp::SetRole { user, role } => {
            require(admin)?;
            set_role(&mut after, user, *role)?;
        }
        ConvOp::SetPolicy(policy) => set_policy(&mut after, policy, admin)?,
        ConvOp::SetMeta(meta) => {
            require(admin || state.policy.member_meta)?;
            after.meta = Some((seq, meta.clone()));
        }
        ConvOp::Rotate { cuts } => merge_cuts(&mut after, cuts)?,
    }
    if op.is_forcing() {
        after.forced_at = seq;
    }
    Ok(after)
}

fn require(allowed: bool) -> Result<(), Denied> {
    if allowed {
        Ok(())
    } else {
        deny(ErrorCode::NotAllowed, "the role does not allow it")
    }
}

fn check_policy(policy: &Policy) -> Result<(), Denied> {
    if policy.ext.has_critical() {
        return deny(ErrorCode::NeedsUpdate, "policy extension");
    }
    if policy.history > 1 || policy.timer_s > EXPIRES_MAX_S {
        return deny(ErrorCode::Malformed, "policy out of range");
    }
    Ok(())
}

fn invite(state: &mut ConvState, users: &[UserId], seq: u64) -> Result<(), Denied> {
    if users.is_empty() || users.len() > INVITES_PER_ENTRY {
        return deny(ErrorCode::Malformed, "too few or too many invites");
    }
    let status = Status::Invited;
    for user in users {
        let person = Member {
            status,
            role: Role::Member,
            since_seq: seq,
            invited_seq: seq,
        };
        if state.members.insert(*user, person).is_some() {
            return deny(ErrorCode::NotAllowed, "invited twice or member already");
        }
    }
    if state.members.len() > GROUP_SIZE {
        return deny(ErrorCode::GroupLimit, "the group is full");
    }
    Ok(())
}

fn join(
    state: &mut ConvState,
    actor: &UserId,
    me: Member,
    invite_seq: u64,
    seq: u64,
) -> Result<(), Denied> {
    // A removal deletes the person, so an invite that is still listed is newer than any removal.
    if me.status != Status::Invited || invite_seq != me.invited_seq {
        return deny(ErrorCode::NotAllowed, "no such open invite");
    }
    let since_seq = if state.mode == Mode::Direct { 0 } else { seq };
    state.members.insert(
        *actor,
        Member {
            status: Status::Member,
            since_seq,
            ..me
        },
    );
    Ok(())
}

/// The last admin with members left names who follows; nobody else does.
fn leave(
    state: &mut ConvState,
    actor: &UserId,
    admin: bool,
    successor: Option<&UserId>,
) -> Result<(), Denied> {
    let members = state
        .members
        .values()
        .filter(|person| person.status == Status::Member)
        .count();
    let must_name = admin && state.admins() == 1 && members > 1;
    match (must_name, successor) {
        (false, None) => Ok(()),
        (true, Some(user)) if user != actor && state.may_send(user) => {
            if let Some(person) = state.members.get_mut(user) {
                person.role = Role::Admin;
            }
            Ok(())
        }
        (true, _) => deny(
            ErrorCode::NotAllowed,
            "the last admin names a member as successor",
        ),
        (false, Some(_)) => deny(
            ErrorCode::NotAllowed,
            "only the last admin names a successor",
        ),
    }
}

fn gone(state: &mut ConvState, user: &UserId, cuts: &[Cut], seq: u64) -> Result<(), Denied> {
    state.members.remove(user);
    state.removed_at.insert(*user, seq);
    merge_cuts(state, cuts)
}

fn merge_cuts(state: &mut ConvState, cuts: &[Cut]) -> Result<(), Denied> {
    for (index, cut) in cuts.iter().enumerate() {
        if cuts[..index]
            .iter()
            .any(|earlier| earlier.device == cut.device)
        {
            return deny(ErrorCode::Malformed, "a device is cut twice");
        }
        state.cuts.insert(cut.device, cut.clone());
    }
    Ok(())
}

fn set_role(state: &mut ConvState, user: &UserId, role: Role) -> Result<(), Denied> {
    match state.members.get_mut(user) {
        Some(person) if person.status == Status::Member => person.role = role,
        _ => return deny(ErrorCode::NotAllowed, "not a member"),
    }
    if state.admins() == 0 {
        return deny(ErrorCode::NotAllowed, "one admin stays");
    }
    Ok(())
}

fn set_policy(state: &mut ConvState, policy: &Policy, admin: bool) -> Result<(), Denied> {
    check_policy(policy)?;
    if state.mode == Mode::Direct {
        let timer_only = Policy {
            timer_s: policy.timer_s,
            ..state.policy.clone()
        };
        if *policy != timer_only {
            return deny(
                ErrorCode::NotAllowed,
                "a direct conversation changes its timer only",
            );
        }
    } else {
        require(admin)?;
    }
    state.policy = policy.clone();
    Ok(())
}
