//! A page of a device log as the relay or a contact gave it.

use chatty_protocol::codec::{Bytes, DecodeError};
use chatty_protocol::device_log::{DeviceEntry, DeviceOp, LogError};
use chatty_protocol::sign::{Head, Signed};
use chatty_protocol::{DeviceId, UserId, certificate, limits};

use super::apply::{Step, step};
use super::row;
use crate::content::to_device::{Evidence, Subject};
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::{identity, olm, trust};

/// Something that an applied entry changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogChange {
    /// The log was seen for the first time.
    Started,
    /// A device joined.
    DeviceAdded(DeviceId),
    /// Class or expiry of a device changed.
    DeviceRenewed(DeviceId),
    /// A device left for ever.
    DeviceRevoked(DeviceId),
    /// The account's handle.
    Handle {
        /// Handle without `@`.
        handle: String,
        /// Relay where it is valid.
        origin: String,
    },
    /// New account key, made with the old one.
    AikRotated,
    /// New account key, made without the old one: contacts see a notice.
    AikReplaced,
    /// New start from the recovery key; a fork is settled by it.
    Recovered,
    /// The account is closed.
    Closed,
    /// A new backup checkpoint.
    Checkpoint,
}

/// Why the rest of a page was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogStop {
    /// Entries are missing: fetch from this number.
    Gap(u64),
    /// The page does not continue what is pinned: fetch the whole log of that branch.
    Diverged,
    /// Two validly signed histories: nothing beyond the last common entry counts (A3).
    Forked,
    /// Made by a newer program.
    NeedsUpdate,
    /// Not valid; the relay or whoever gave it made it up.
    Invalid(LogError),
}

/// What a page did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogOutcome {
    /// Newest usable entry afterwards; none when nothing is known.
    pub head: Option<Head>,
    /// Changes in order.
    pub changes: Vec<LogChange>,
    /// Why it stopped before the end.
    pub stop: Option<LogStop>,
}

/// Verifies and pins signed entries of `user`, in order. Known ones are skipped; the first that
/// does not hold ends the page, and everything before it stays.
pub fn apply_page(
    tx: &mut Tx<'_>,
    user: &UserId,
    entries: &[Vec<u8>],
) -> Result<LogOutcome, CryptoError> {
    let mut changes = Vec::new();
    let mut stop = None;
    for bytes in entries {
        let signed: Signed<DeviceEntry> = match Signed::from_bytes(bytes) {
            Ok(signed) => signed,
            Err(error) => {
                stop = Some(LogStop::Invalid(error.into()));
                break;
            }
        };
        match step(tx, user, &signed)? {
            Step::Known => {}
            Step::Applied { entry, first } => {
                if first {
                    changes.push(LogChange::Started);
                }
                effects(tx, user, &entry, &mut changes)?;
            }
            // The rest of the page may hold the `recover` that settles it.
            Step::Forked => stop = Some(LogStop::Forked),
            Step::Stopped(reason) => {
                stop.get_or_insert(reason);
                break;
            }
        }
    }
    if changes.contains(&LogChange::Recovered) && !super::is_forked(tx, user)? {
        stop = stop.filter(|stop| *stop != LogStop::Forked);
    }
    Ok(LogOutcome {
        head: super::get(tx, user)?.map(|log| log.head),
        changes,
        stop,
    })
}

/// Signed entries of `user` on the pinned branch above `seq`, oldest first: what a relay that
/// was restored has lost (protocol.md §20, incarnation).
pub fn entries_above(
    tx: &Tx<'_>,
    user: &UserId,
    seq: Option<u64>,
) -> Result<Vec<Vec<u8>>, CryptoError> {
    let Some(row) = row::load(tx, user)? else {
        return Ok(Vec::new());
    };
    let from = seq.map_or(0, |seq| seq as usize + 1);
    let hashes = row.log.hashes.iter().enumerate().skip(from);
    hashes
        .filter_map(|(seq, hash)| row::kept(tx, user, seq as u64, hash).transpose())
        .map(|entry| entry.map(|signed| signed.to_bytes()))
        .collect()
}

/// The own log from its beginning, for a contact who is shown another history of this account.
pub fn own_proof(tx: &Tx<'_>) -> Result<Option<Evidence>, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    proof(tx, &own.user)
}

/// Somebody's log from its beginning as it is pinned here, as far as a message carries it: for
/// whoever sees another history of it.
pub fn proof(tx: &Tx<'_>, user: &UserId) -> Result<Option<Evidence>, CryptoError> {
    let mut size = 0;
    let mut entries = entries_above(tx, user, None)?;
    entries.retain(|entry| {
        size += entry.len();
        size <= 2 * limits::LOG_ENTRY_BYTES
    });
    Ok((!entries.is_empty()).then(|| Evidence {
        subject: Subject::User(*user),
        entries: entries.into_iter().map(Bytes).collect(),
    }))
}

/// What an applied entry means for sessions and trust, and for whoever watches.
fn effects(
    tx: &mut Tx<'_>,
    user: &UserId,
    entry: &DeviceEntry,
    changes: &mut Vec<LogChange>,
) -> Result<(), CryptoError> {
    match &entry.op {
        DeviceOp::Init { cert, .. } | DeviceOp::Add { cert, .. } => {
            changes.push(LogChange::DeviceAdded(certificate::check(cert)?.device));
        }
        DeviceOp::Renew { device, .. } => changes.push(LogChange::DeviceRenewed(*device)),
        DeviceOp::Revoke { device, .. } => {
            olm::forget_device(tx, device)?;
            changes.push(LogChange::DeviceRevoked(*device));
        }
        DeviceOp::Handle { handle, origin } => changes.push(LogChange::Handle {
            handle: handle.clone(),
            origin: origin.clone(),
        }),
        DeviceOp::Recover { cert, .. } => {
            changes.push(LogChange::Recovered);
            if let Some(cert) = cert {
                changes.push(LogChange::DeviceAdded(certificate::check(cert)?.device));
            }
            let log = super::get_or_fail(tx, user)?;
            for (device, record) in &log.devices {
                if record.revoked.is_some_and(|(at, _)| at == entry.seq) {
                    olm::forget_device(tx, device)?;
                    changes.push(LogChange::DeviceRevoked(*device));
                }
            }
        }
        DeviceOp::RotateAik { .. } => changes.push(LogChange::AikRotated),
        DeviceOp::ReplaceAik { .. } => {
            trust::aik_replaced(tx, user)?;
            changes.push(LogChange::AikReplaced);
        }
        DeviceOp::Checkpoint { .. } => changes.push(LogChange::Checkpoint),
        DeviceOp::Close => changes.push(LogChange::Closed),
    }
    Ok(())
}

/// What a log error means for the page.
pub(super) fn stop_of(error: LogError, pinned: u64) -> LogStop {
    match error {
        LogError::Decode(DecodeError::NeedsUpdate(_)) => LogStop::NeedsUpdate,
        LogError::WrongSeq { expected, found } if found > expected => LogStop::Gap(expected),
        LogError::WrongPrev => LogStop::Diverged,
        LogError::WrongSeq { found, .. } if found <= pinned => LogStop::Diverged,
        other => LogStop::Invalid(other),
    }
}
