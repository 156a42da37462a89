//! The one authorisation rule that relay and clients share (protocol.md §10).

use crate::ErrorCode;
use crate::sign::{Head, Signed, ZERO_HASH};
use crate::{ConvId, UserId};

use super::apply::{create, next};
use super::{ConvEntry, ConvOp, ConvState, Cut, Mode};

/// Why an entry is not allowed on a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct Denied {
    /// Code of the refusal.
    pub code: ErrorCode,
    /// In words, for logs and developers.
    pub reason: &'static str,
}

/// A refusal in one line.
pub(super) fn deny<T>(code: ErrorCode, reason: &'static str) -> Result<T, Denied> {
    Err(Denied { code, reason })
}

/// Judges one entry on top of `state` (none for entry 0) and returns the state after it.
///
/// Pure: knows no keys. Whether the signing device was live, the signature verifies, and the
/// devices in [`cuts_of`] belong to that user is the caller's to check, with the device logs;
/// `full` says whether the signing device is of class full.
pub fn authorize(
    state: Option<&ConvState>,
    signed: &Signed<ConvEntry>,
    entry: &ConvEntry,
    full: bool,
) -> Result<ConvState, Denied> {
    if entry.ext.has_critical() {
        return deny(ErrorCode::NeedsUpdate, "entry extension");
    }
    let mut after = match state {
        None => first(signed, entry)?,
        Some(state) => {
            if entry.conv != Some(state.conv) {
                return deny(ErrorCode::Malformed, "entry of another conversation");
            }
            if entry.seq != state.head.seq + 1 || entry.prev != state.head.hash {
                return deny(ErrorCode::StaleSeq, "entry does not follow the head");
            }
            propose(state, &entry.actor, &entry.op, full)?
        }
    };
    if after.state_hash() != entry.state {
        return deny(ErrorCode::Malformed, "state hash differs");
    }
    after.head = Head {
        seq: entry.seq,
        hash: ConvEntry::hash_of(signed),
    };
    Ok(after)
}

fn first(signed: &Signed<ConvEntry>, entry: &ConvEntry) -> Result<ConvState, Denied> {
    if entry.conv.is_some() || entry.seq != 0 || entry.prev != ZERO_HASH {
        return deny(ErrorCode::Malformed, "a log begins with entry 0");
    }
    let mut state = propose_create(&entry.actor, &entry.op)?;
    if state.mode == Mode::Group {
        state.conv = ConvId::of_group(signed.inner());
    }
    Ok(state)
}

/// State after a `create` by `actor`; for a signer that needs the `state` hash. The id of a group
/// follows from the signed bytes and is not known yet; it is no part of the hash.
pub fn propose_create(actor: &UserId, op: &ConvOp) -> Result<ConvState, Denied> {
    match op {
        ConvOp::Create {
            mode,
            origin,
            users,
            policy,
            ..
        } => create(*mode, origin, users, policy, actor),
        _ => deny(ErrorCode::Malformed, "a log begins with create"),
    }
}

/// State after `op` by `actor` on top of `state`, its head not moved yet; for a signer that needs
/// the `state` hash, and for asking whether something would be allowed.
pub fn propose(
    state: &ConvState,
    actor: &UserId,
    op: &ConvOp,
    full: bool,
) -> Result<ConvState, Denied> {
    if op.needs_full_device() && !full {
        return deny(ErrorCode::NotAllowed, "needs a full device");
    }
    next(state, actor, op, state.head.seq + 1)
}

/// Whose devices the operation cuts, and where.
pub fn cuts_of<'a>(actor: &UserId, op: &'a ConvOp) -> Option<(UserId, &'a [Cut])> {
    match op {
        ConvOp::Leave { cuts, .. } | ConvOp::Rotate { cuts } => Some((*actor, cuts)),
        ConvOp::Remove { user, cuts } => Some((*user, cuts)),
        _ => None,
    }
}
