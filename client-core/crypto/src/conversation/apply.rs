//! Entries as the stream or a log page brought them.

use chatty_protocol::codec::DecodeError;
use chatty_protocol::conversation_log::{ConvEntry, ConvOp, ConvState};
use chatty_protocol::sign::{Head, Signed};
use chatty_protocol::{ConvId, DeviceId, UserId};

use super::evidence;
use super::judge::{Doubt, Judged, judge};
use super::row::{self, ConvRow, EntryRow, Held, HeldReason};
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::{identity, trust};

/// A signed entry with its place in the stream, when it came by the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Signed bytes.
    pub bytes: Vec<u8>,
    /// Stream number; none from `GET …/log`.
    pub stream_seq: Option<u64>,
}

/// An entry that is part of the verified log now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its number.
    pub log_seq: u64,
    /// Stream number, if known.
    pub stream_seq: Option<u64>,
    /// Who acted.
    pub actor: UserId,
    /// The device that signed.
    pub device: DeviceId,
    /// Claimed time, Unix ms; display only.
    pub time: u64,
    /// What was done.
    pub op: ConvOp,
    /// Whether the signing device is live now. A client follows an invite by itself only then.
    pub signer_live: bool,
}

/// Why the rest was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConvStop {
    /// Entries are missing: fetch the log from this number.
    Gap(u64),
    /// Fetch this user's device log, then give the same entries again.
    NeedLog(UserId),
    /// Not valid now: the conversation is held, the reason is shown, and [`retry`] tries again
    /// when that user's log or the next entries come. For a newcomer: give all entries at once.
    Held(HeldReason),
    /// Made by a newer program; the conversation waits for an update.
    NeedsUpdate,
    /// A second validly signed entry: frozen.
    Frozen,
    /// Not an entry of this conversation, or a forgery at a known number; ignored.
    Rejected,
}

/// What entries did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvOutcome {
    /// Newest verified entry afterwards; none if the conversation is still unknown.
    pub head: Option<Head>,
    /// New entries in order.
    pub applied: Vec<Applied>,
    /// Why it stopped before the end.
    pub stop: Option<ConvStop>,
}

/// An entry that was judged valid in this call.
struct Pending {
    applied: Applied,
    row: EntryRow,
    before: Option<ConvState>,
    after: ConvState,
    doubt: Option<Doubt>,
}

/// Verifies entries of `conv` in order and stores those that hold. Entries signed by devices that
/// are revoked by now count only together with the later entry that vouches for them: the invite
/// of this user, a `rotate` of their account, or the head that an own device had seen.
pub fn apply(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    entries: &[LogRow],
) -> Result<ConvOutcome, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let stored = row::load(tx, conv)?;
    let mut state = stored.as_ref().map(|row| row.state.clone());
    let mut pending: Vec<Pending> = Vec::new();
    let mut stop: Option<(ConvStop, &LogRow)> = None;
    for given in entries {
        let signed: Signed<ConvEntry> = match Signed::from_bytes(&given.bytes) {
            Ok(signed) => signed,
            Err(error) => {
                stop = Some((unreadable(error), given));
                break;
            }
        };
        match one(tx, conv, &own.origin, state.as_ref(), &signed)? {
            One::Known => {}
            One::Stop(reason) => {
                stop = Some((reason, given));
                break;
            }
            One::Valid(entry, after, doubt) => {
                vouch(&mut pending, &own.user, &entry);
                let signer_live = doubt.is_none();
                let doubt = doubt.filter(|_| !invites(&entry, &own.user));
                pending.push(Pending {
                    applied: applied_of(&entry, given.stream_seq, signer_live),
                    row: EntryRow {
                        hash: ConvEntry::hash_of(&signed),
                        signed,
                        stream_seq: given.stream_seq,
                    },
                    before: state.replace((*after).clone()),
                    after: *after,
                    doubt,
                });
                vouch_by_own_device(tx, conv, &mut pending)?;
            }
        }
    }
    if let Some(index) = pending.iter().position(|entry| entry.doubt.is_some()) {
        let waiting = pending.split_off(index);
        let reason = waiting[0]
            .doubt
            .map_or(HeldReason::DeviceRevoked, |doubt| doubt.reason);
        state = waiting[0].before.clone();
        let held = Held {
            bytes: waiting[0].row.signed.to_bytes(),
            stream_seq: waiting[0].row.stream_seq,
            reason,
        };
        write_state(tx, conv, stored.as_ref(), state, Some(held))?;
        return finish(tx, conv, pending, Some(ConvStop::Held(reason)));
    }
    let held = match &stop {
        Some((ConvStop::Held(reason), given)) => Some(held_by(*reason, given)),
        Some((ConvStop::NeedsUpdate, given)) => Some(held_by(HeldReason::NeedsUpdate, given)),
        // New entries replace what was held before; without any it stays.
        _ if pending.is_empty() => stored.as_ref().and_then(|row| row.held.clone()),
        _ => None,
    };
    write_state(tx, conv, stored.as_ref(), state, held)?;
    finish(tx, conv, pending, stop.map(|(reason, _)| reason))
}

fn held_by(reason: HeldReason, given: &LogRow) -> Held {
    Held {
        bytes: given.bytes.clone(),
        stream_seq: given.stream_seq,
        reason,
    }
}

/// Tries a held entry again: its actor's device log changed. Nothing happens when none is held.
pub fn retry(tx: &mut Tx<'_>, conv: &ConvId) -> Result<ConvOutcome, CryptoError> {
    let row = row::load(tx, conv)?.ok_or(CryptoError::UnknownConversation(*conv))?;
    let entries: Vec<LogRow> = row
        .held
        .map(|held| LogRow {
            bytes: held.bytes,
            stream_seq: held.stream_seq,
        })
        .into_iter()
        .collect();
    apply(tx, conv, &entries)
}

fn unreadable(error: DecodeError) -> ConvStop {
    match error {
        DecodeError::NeedsUpdate(_) => ConvStop::NeedsUpdate,
        DecodeError::Malformed(_) => ConvStop::Rejected,
    }
}

enum One {
    Known,
    Stop(ConvStop),
    Valid(Box<ConvEntry>, Box<ConvState>, Option<Doubt>),
}

/// Places one entry: known, a rival, a gap, or the next one.
fn one(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    origin: &str,
    state: Option<&ConvState>,
    signed: &Signed<ConvEntry>,
) -> Result<One, CryptoError> {
    let entry = match signed.open() {
        Ok(entry) => entry,
        Err(error) => return Ok(One::Stop(unreadable(error))),
    };
    let expected = state.map_or(0, |state| state.head.seq + 1);
    if entry.seq > expected {
        return Ok(One::Stop(ConvStop::Gap(expected)));
    }
    if entry.seq < expected {
        // Entries of this very call are in order, so a lower number is a stored one.
        return Ok(match evidence::compare(tx, conv, &entry, signed)? {
            evidence::Compared::Known => One::Known,
            evidence::Compared::Fork => One::Stop(ConvStop::Frozen),
            evidence::Compared::NeedLog(user) => One::Stop(ConvStop::NeedLog(user)),
            evidence::Compared::Forgery => One::Stop(ConvStop::Rejected),
        });
    }
    Ok(match judge(tx, state, signed, &entry)? {
        Judged::Valid {
            state: after,
            doubt,
        } => {
            if after.conv != *conv || after.origin != origin {
                // Another conversation under this name, or one of another relay.
                return Ok(One::Stop(ConvStop::Rejected));
            }
            if contradicts_own_device(tx, conv, &after)? {
                return Ok(One::Stop(ConvStop::Held(HeldReason::WrongPlace)));
            }
            One::Valid(Box::new(entry), after, doubt)
        }
        Judged::NeedLog(user) => One::Stop(ConvStop::NeedLog(user)),
        Judged::NeedsUpdate => One::Stop(ConvStop::NeedsUpdate),
        // Nothing is stored of a conversation whose first entry does not hold.
        Judged::Held(_) if state.is_none() => One::Stop(ConvStop::Rejected),
        Judged::Held(reason) => One::Stop(ConvStop::Held(reason)),
    })
}

fn contradicts_own_device(
    tx: &Tx<'_>,
    conv: &ConvId,
    after: &ConvState,
) -> Result<bool, CryptoError> {
    let expected = trust::expected_conversation_head(tx, conv)?;
    Ok(expected.is_some_and(|head| head.seq == after.head.seq && head.hash != after.head.hash))
}

fn invites(entry: &ConvEntry, user: &UserId) -> bool {
    match &entry.op {
        ConvOp::Create { users, .. } | ConvOp::Invite { users } => users.contains(user),
        _ => false,
    }
}

/// The own invite vouches for everything before it; a `rotate` for the devices that it cuts.
fn vouch(pending: &mut [Pending], own: &UserId, entry: &ConvEntry) {
    let all = invites(entry, own);
    for earlier in pending {
        let cut = match (&entry.op, &earlier.doubt) {
            (ConvOp::Rotate { cuts }, Some(doubt)) if doubt.user == entry.actor => {
                cuts.iter().any(|cut| cut.device == doubt.device)
            }
            _ => false,
        };
        if all || cut {
            earlier.doubt = None;
        }
    }
}

/// What an own full device had verified needs no other voucher.
fn vouch_by_own_device(
    tx: &Tx<'_>,
    conv: &ConvId,
    pending: &mut [Pending],
) -> Result<(), CryptoError> {
    let Some(head) = trust::expected_conversation_head(tx, conv)? else {
        return Ok(());
    };
    if pending.last().is_some_and(|last| last.after.head == head) {
        for earlier in pending {
            earlier.doubt = None;
        }
    }
    Ok(())
}

fn applied_of(entry: &ConvEntry, stream_seq: Option<u64>, signer_live: bool) -> Applied {
    Applied {
        log_seq: entry.seq,
        stream_seq,
        actor: entry.actor,
        device: entry.device,
        time: entry.time,
        op: entry.op.clone(),
        signer_live,
    }
}

/// Writes the state after the entries, and the entry that stopped them if it is to be held.
/// A conversation of which nothing holds is not stored at all.
fn write_state(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    stored: Option<&ConvRow>,
    state: Option<ConvState>,
    held: Option<Held>,
) -> Result<(), CryptoError> {
    let Some(state) = state else {
        return Ok(());
    };
    // Evidence may have frozen the conversation in this very call.
    let present = row::load(tx, conv)?;
    let mut removing = stored.map_or_else(Vec::new, |row| row.removing.clone());
    removing.retain(|user| state.member(user).is_some());
    let row = ConvRow {
        state,
        held,
        frozen: present.and_then(|row| row.frozen),
        removing,
    };
    row::store(tx, conv, &row)
}

fn finish(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    pending: Vec<Pending>,
    stop: Option<ConvStop>,
) -> Result<ConvOutcome, CryptoError> {
    let mut applied = Vec::with_capacity(pending.len());
    for entry in pending {
        row::store_entry(tx, conv, entry.applied.log_seq, &entry.row)?;
        applied.push(entry.applied);
    }
    Ok(ConvOutcome {
        head: row::load(tx, conv)?.map(|row| row.state.head),
        applied,
        stop,
    })
}
