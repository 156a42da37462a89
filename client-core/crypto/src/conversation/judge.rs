//! One entry against a state, in the order of protocol.md §10.

use chatty_protocol::conversation_log::{ConvEntry, ConvState, authorize, cuts_of};
use chatty_protocol::device_log::Class;
use chatty_protocol::sign::{SignContext, Signed};
use chatty_protocol::{DeviceId, ErrorCode, UserId};

use super::row::HeldReason;
use crate::device_log::{self, HeadCheck};
use crate::error::CryptoError;
use crate::tx::Tx;

/// What one entry is worth.
pub(super) enum Judged {
    /// Valid. With a doubt, it counts only when a later entry vouches for it.
    Valid {
        state: Box<ConvState>,
        doubt: Option<Doubt>,
    },
    /// The actor's device log is not known far enough.
    NeedLog(UserId),
    /// Made by a newer program.
    NeedsUpdate,
    /// Not valid, now.
    Held(HeldReason),
}

/// Why an entry needs vouching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Doubt {
    /// Device that signed.
    pub(super) device: DeviceId,
    /// Its account.
    pub(super) user: UserId,
    /// Why.
    pub(super) reason: HeldReason,
}

/// Judges `signed` on top of `state`.
pub(super) fn judge(
    tx: &Tx<'_>,
    state: Option<&ConvState>,
    signed: &Signed<ConvEntry>,
    entry: &ConvEntry,
) -> Result<Judged, CryptoError> {
    if entry.ext.has_critical() {
        return Ok(Judged::NeedsUpdate);
    }
    let Some(log) = device_log::get(tx, &entry.actor)? else {
        return Ok(Judged::NeedLog(entry.actor));
    };
    let doubt = |reason| {
        Some(Doubt {
            device: entry.device,
            user: entry.actor,
            reason,
        })
    };
    let (position, mut doubted) = match device_log::check_head(tx, &entry.actor, &entry.actor_head)?
    {
        HeadCheck::Known(at) => (at, None),
        HeadCheck::Ahead => return Ok(Judged::NeedLog(entry.actor)),
        // Only at or below the own invite may the head lie elsewhere.
        HeadCheck::Diverged => (log.head.seq, doubt(HeldReason::ActorForked)),
    };
    let Some(record) = log.devices.get(&entry.device) else {
        return Ok(Judged::Held(HeldReason::UnknownDevice));
    };
    if doubted.is_none() && log.live_at(&entry.device, position).is_none() {
        return Ok(Judged::Held(HeldReason::DeviceNotLive));
    }
    if doubted.is_none() && log.live(&entry.device).is_none() {
        doubted = doubt(HeldReason::DeviceRevoked);
    }
    if !signed.verified_by(&record.ed25519, SignContext::ConvLog) {
        return Ok(Judged::Held(HeldReason::BadSignature));
    }
    if let Some((user, cuts)) = cuts_of(&entry.actor, &entry.op)
        && !cuts.is_empty()
    {
        let Some(log) = device_log::get(tx, &user)? else {
            return Ok(Judged::NeedLog(user));
        };
        if cuts
            .iter()
            .any(|cut| !log.devices.contains_key(&cut.device))
        {
            return Ok(Judged::Held(HeldReason::ForeignCut));
        }
    }
    let full = record.class_at(position) == Class::Full;
    Ok(match authorize(state, signed, entry, full) {
        Ok(state) => Judged::Valid {
            state: Box::new(state),
            doubt: doubted,
        },
        Err(denied) if denied.code == ErrorCode::NeedsUpdate => Judged::NeedsUpdate,
        Err(denied) if denied.code == ErrorCode::StaleSeq => Judged::Held(HeldReason::WrongPlace),
        Err(_) => Judged::Held(HeldReason::NotAllowed),
    })
}
