//! Joining: by writing in a direct conversation, by accepting a request, and by itself when a
//! contact invites.

use chatty_crypto::conversation as logs;
use chatty_crypto::device_log;
use chatty_protocol::ConvId;
use chatty_protocol::conversation_log::{ConvOp, Status};

use super::post;
use crate::api::state::{ChatKind, ChatState};
use crate::engine::{Context, Fault, Work};
use crate::store::{account, contact, conversation};

/// Posts the `join`, if this user still stands invited.
pub async fn join(context: &Context, conv: &ConvId) -> Result<(), Fault> {
    post::entry(context, conv, |work| {
        Ok(match invited(work, conv)? {
            true => Some(logs::join(&mut work.crypto, conv)?),
            false => None,
        })
    })
    .await
}

fn invited(work: &Work<'_>, conv: &ConvId) -> Result<bool, Fault> {
    let own = account::get(work.db)?.map(|account| account.user);
    let state = logs::state(&work.crypto, conv)?;
    Ok(match (own, state) {
        (Some(own), Some(state)) => state
            .member(&own)
            .is_some_and(|member| member.status == Status::Invited),
        _ => false,
    })
}

/// Writing in a direct conversation accepts it. False while one cannot write.
pub async fn by_writing(context: &Context, conv: &ConvId) -> Result<bool, Fault> {
    let row = context.read(|db| conversation::get(db, conv))?;
    match row {
        Some(row) if row.state == ChatState::Open => Ok(true),
        Some(row) if row.state == ChatState::Request && row.kind == ChatKind::Direct => {
            join(context, conv).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// A group to which an accepted contact invited is joined without a question.
pub async fn by_itself(context: &Context, conv: &ConvId) -> Result<(), Fault> {
    let wanted = context.look(|work| {
        let Some(row) = conversation::get(work.db, conv)? else {
            return Ok(false);
        };
        let waits = row.state == ChatState::Request && row.kind == ChatKind::Group && !row.hidden;
        let Some(inviter) = row.inviter.filter(|_| waits) else {
            return Ok(false);
        };
        Ok(logs::is_contact(&work.crypto, &inviter)?
            && !contact::is_blocked(work.db, &inviter)?
            && invite_by_live_device(work, conv)?)
    })?;
    if wanted {
        join(context, conv).await?;
    }
    Ok(())
}

/// An invite by a device that is removed by now is no reason to join by itself.
fn invite_by_live_device(work: &Work<'_>, conv: &ConvId) -> Result<bool, Fault> {
    let Some(own) = account::get(work.db)?.map(|account| account.user) else {
        return Ok(false);
    };
    let Some(seq) = logs::state(&work.crypto, conv)?
        .and_then(|state| state.member(&own).map(|member| member.invited_seq))
    else {
        return Ok(false);
    };
    let Some(stored) = logs::stored_entry(&work.crypto, conv, seq)? else {
        return Ok(false);
    };
    if !matches!(stored.entry.op, ConvOp::Invite { .. }) {
        return Ok(false);
    }
    let log = device_log::get(&work.crypto, &stored.entry.actor)?;
    Ok(log.is_some_and(|log| log.live(&stored.entry.device).is_some()))
}
