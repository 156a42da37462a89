//! Leaving a group, or declining an invite.

use chatty_crypto::conversation as logs;
use chatty_crypto::megolm;
use chatty_protocol::UserId;
use chatty_protocol::conversation_log::{ConvOp, ConvState, Role, Status};

use super::{group, open, post};
use crate::api::Done;
use crate::api::group::GroupLeave;
use crate::engine::{Context, Fault};

/// Leaves; the last admin names who follows.
pub async fn leave(context: &Context, params: GroupLeave) -> Result<Done, Fault> {
    group::require(context, &params.chat)?;
    let conv = params.chat;
    let own = crate::account::current(context)?.user;
    let wanted = match &params.successor {
        Some(typed) => Some(open::person(context, typed).await?),
        None => None,
    };
    post::entry(context, &conv, |work| {
        let state = logs::state_or_fail(&work.crypto, &conv)?;
        if state.member(&own).is_none() {
            return Ok(None);
        }
        let cuts = megolm::cuts_for(&work.crypto, &conv, &own)?;
        let successor = successor(&state, &own, wanted);
        let op = ConvOp::Leave { cuts, successor };
        Ok(Some(logs::entry(&mut work.crypto, &conv, op)?))
    })
    .await?;
    Ok(Done {})
}

/// Named only where the last admin leaves members behind: the wish, or the longest member.
pub fn successor(state: &ConvState, own: &UserId, wanted: Option<UserId>) -> Option<UserId> {
    let admin = state
        .member(own)
        .is_some_and(|member| member.role == Role::Admin);
    let others = || state.members.iter().filter(|(user, _)| *user != own);
    let members = || others().filter(|(_, member)| member.status == Status::Member);
    if !admin || members().any(|(_, member)| member.role == Role::Admin) {
        return None;
    }
    wanted.or_else(|| {
        members()
            .min_by_key(|(_, member)| member.since_seq)
            .map(|(user, _)| *user)
    })
}
