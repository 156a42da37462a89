//! Membership entries: applied to the verified log, and what the chat list shows of it.

use chatty_crypto::conversation::{
    self as logs, Applied, ConvStatus, ConvStop, HeldReason, LogRow,
};
use chatty_crypto::{device_log, megolm};
use chatty_protocol::conversation_log::{ConvOp, ConvState, Mode, Status};
use chatty_protocol::{ConvId, Head, UserId};

use super::contact;
use crate::api::Event;
use crate::api::events::AlarmKind;
use crate::api::state::{ChatKind, ChatState};
use crate::engine::{Fault, Work};
use crate::store::conversation::{self, ConversationRow};
use crate::store::{account, range};
use crate::sync::retry as retries;

/// Applies entries in order; what stopped them, if anything did.
pub fn take(
    work: &mut Work<'_>,
    conv: &ConvId,
    entries: &[LogRow],
) -> Result<Option<ConvStop>, Fault> {
    let outcome = logs::apply(&mut work.crypto, conv, entries)?;
    after(work, conv, &outcome.applied, outcome.stop.as_ref())?;
    // Only of entries that hold: others may stand under numbers that belong to something else.
    let held: Vec<u64> = match &outcome.stop {
        None => entries
            .iter()
            .filter_map(|entry| entry.stream_seq)
            .collect(),
        Some(_) => outcome
            .applied
            .iter()
            .filter_map(|entry| entry.stream_seq)
            .collect(),
    };
    for seq in held {
        if known(work, conv)? {
            range::add(work.db, conv, seq, seq)?;
        }
    }
    Ok(outcome.stop)
}

fn known(work: &Work<'_>, conv: &ConvId) -> Result<bool, Fault> {
    Ok(conversation::get(work.db, conv)?.is_some())
}

/// Tries a held entry again.
pub fn retry(work: &mut Work<'_>, conv: &ConvId) -> Result<(), Fault> {
    let outcome = logs::retry(&mut work.crypto, conv)?;
    after(work, conv, &outcome.applied, outcome.stop.as_ref())?;
    // There may be more behind the entry that was held.
    if !outcome.applied.is_empty() {
        work.behind(conv);
    }
    Ok(())
}

/// The relay has no entry above `head`: one that is held was never part of the log, or is not any
/// more, and stops nothing. Returns whether the verified log ends there too.
pub fn ends_at(work: &mut Work<'_>, conv: &ConvId, head: &Head) -> Result<bool, Fault> {
    if logs::ends_at(&mut work.crypto, conv, head)? {
        refresh(work, conv)?;
        retries::conversation(work, conv)?;
        work.outbox_changed();
    }
    let state = logs::state(&work.crypto, conv)?;
    Ok(state.is_some_and(|state| state.head == *head))
}

fn after(
    work: &mut Work<'_>,
    conv: &ConvId,
    applied: &[Applied],
    stop: Option<&ConvStop>,
) -> Result<(), Fault> {
    if stop == Some(&ConvStop::Frozen) {
        work.tell(Event::Alarm {
            kind: AlarmKind::ConversationForked,
            chat: Some(*conv),
            user: None,
        });
    }
    if applied.is_empty() && stop.is_none() {
        return Ok(());
    }
    refresh(work, conv)?;
    if applied.is_empty() {
        return Ok(());
    }
    for entry in applied {
        note(work, conv, entry)?;
    }
    retries::conversation(work, conv)?;
    work.outbox_changed();
    Ok(())
}

/// What one entry changes beside the membership itself.
fn note(work: &mut Work<'_>, conv: &ConvId, entry: &Applied) -> Result<(), Fault> {
    let own = account::get(work.db)?.map(|account| account.user);
    let invited = match &entry.op {
        ConvOp::Create { users, .. } => users.as_slice(),
        ConvOp::Invite { users } => users.as_slice(),
        _ => &[],
    };
    if own.is_some_and(|own| invited.contains(&own) && entry.actor != own) {
        conversation::update(work.db, conv, |row| {
            row.inviter = Some(entry.actor);
            // A request that was deleted is asked anew by a new invite.
            row.hidden = false;
        })?;
    }
    conversation::update(work.db, conv, |row| {
        row.log_seq = row.log_seq.max(entry.log_seq);
        row.last_at_ms = row.last_at_ms.max(match row.last_at_ms {
            0 => entry.time,
            _ => 0,
        });
    })?;
    Ok(())
}

/// Writes what the chat list shows of a conversation, as its verified log has it now.
pub fn refresh(work: &mut Work<'_>, conv: &ConvId) -> Result<(), Fault> {
    let Some(state) = logs::state(&work.crypto, conv)? else {
        return Ok(());
    };
    let own = account::get(work.db)?
        .map(|account| account.user)
        .ok_or(Fault::Bug("a conversation without an account"))?;
    let before = conversation::get(work.db, conv)?;
    let new = before.is_none();
    // A log that is being read for the first time: this user is not in it yet at this entry.
    if new && state.member(&own).is_none() {
        return Ok(());
    }
    let mut row = match before {
        Some(row) => row,
        None => ConversationRow::new(*conv, kind_of(&state), created_at(work, conv)?),
    };
    row.peer = peer_of(&state, &own);
    (row.state, row.reason) = standing(work, conv, &state, &own)?;
    row.timer_s = state.policy.timer_s;
    row.log_seq = row.log_seq.max(state.head.seq);
    title(work, &mut row, &state)?;
    if new {
        row.floor = row.floor.max(1);
    }
    conversation::put(work.db, &row)?;
    conversation::refresh(work.db, conv)?;
    work.chat_changed(conv);
    if new && row.state == ChatState::Request {
        super::request::announce(work, conv)?;
    }
    for user in state.entitled() {
        contact::known(work, user)?;
    }
    Ok(())
}

fn created_at(work: &Work<'_>, conv: &ConvId) -> Result<u64, Fault> {
    let first = logs::stored_entry(&work.crypto, conv, 0)?;
    // A claimed time; nobody's chat stands in the future.
    let now = work.now_ms();
    Ok(first.map_or(now, |first| first.entry.time.min(now)))
}

fn kind_of(state: &ConvState) -> ChatKind {
    match state.mode {
        Mode::Group => ChatKind::Group,
        Mode::Direct if state.members.len() == 1 => ChatKind::Own,
        Mode::Direct => ChatKind::Direct,
    }
}

fn peer_of(state: &ConvState, own: &UserId) -> Option<UserId> {
    match state.mode {
        Mode::Group => None,
        Mode::Direct => state.members.keys().find(|user| *user != own).copied(),
    }
}

fn standing(
    work: &Work<'_>,
    conv: &ConvId,
    state: &ConvState,
    own: &UserId,
) -> Result<(ChatState, Option<String>), Fault> {
    match logs::status(&work.crypto, conv)? {
        ConvStatus::Frozen => {
            return Ok((ChatState::Frozen, Some("two histories".to_owned())));
        }
        ConvStatus::Held(reason) => return Ok((ChatState::Held, Some(held(reason).to_owned()))),
        ConvStatus::Open => {}
    }
    if let Some(peer) = peer_of(state, own)
        && device_log::get(&work.crypto, &peer)?.is_some_and(|log| log.closed)
    {
        return Ok((ChatState::Left, Some("account deleted".to_owned())));
    }
    let status = state.member(own).map(|member| member.status);
    Ok(match status {
        Some(Status::Member) => (ChatState::Open, None),
        Some(Status::Invited) => (ChatState::Request, None),
        None => (ChatState::Left, None),
    })
}

fn held(reason: HeldReason) -> &'static str {
    match reason {
        HeldReason::ActorForked => "the signer's device list is split",
        HeldReason::UnknownDevice => "signed by an unknown device",
        HeldReason::DeviceNotLive => "signed by a device that was not live",
        HeldReason::DeviceRevoked => "signed by a removed device",
        HeldReason::BadSignature => "signature does not verify",
        HeldReason::NotAllowed => "not allowed by the membership",
        HeldReason::ForeignCut => "cuts somebody else's devices",
        HeldReason::NeedsUpdate => "made by a newer version of the app",
        HeldReason::WrongPlace => "another history than an own device saw",
    }
}

/// The title: of a group from its newest meta entry, else the name or handle of the peer.
fn title(work: &Work<'_>, row: &mut ConversationRow, state: &ConvState) -> Result<(), Fault> {
    match (row.kind, &row.peer) {
        (ChatKind::Group, _) => {
            if let Some((seq, meta)) = &state.meta
                && let Some(content) = megolm::open_meta(&work.crypto, &row.conv, *seq, meta)?
            {
                row.title = content.title;
                row.about = content.about;
            }
        }
        (_, Some(peer)) => row.title = contact::title_of(work, peer)?,
        (_, None) => row.title = "Notes".to_owned(),
    }
    Ok(())
}
