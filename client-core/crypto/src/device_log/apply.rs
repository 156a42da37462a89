//! One entry against what is pinned.

use chatty_protocol::UserId;
use chatty_protocol::device_log::{DeviceEntry, DeviceLog, DeviceOp, RevokeReason, Verdict};
use chatty_protocol::sign::{Head, Signed};

use super::page::{LogStop, stop_of};
use super::row::{self, LogRow};
use crate::error::CryptoError;
use crate::tx::Tx;

/// What one entry did.
pub(super) enum Step {
    /// Known already.
    Known,
    /// Applied.
    Applied {
        /// The entry.
        entry: Box<DeviceEntry>,
        /// Whether it began the log.
        first: bool,
    },
    /// Proof of a fork, or more of the other branch; kept.
    Forked,
    /// Not applied.
    Stopped(LogStop),
}

/// Judges one entry and writes what follows from it.
pub(super) fn step(
    tx: &mut Tx<'_>,
    user: &UserId,
    signed: &Signed<DeviceEntry>,
) -> Result<Step, CryptoError> {
    let Some(mut row) = row::load(tx, user)? else {
        return begin(tx, user, signed);
    };
    let pinned = row.log.head.seq;
    let entry = match signed.open() {
        Ok(entry) => entry,
        Err(error) => return Ok(Step::Stopped(stop_of(error.into(), pinned))),
    };
    if matches!(entry.op, DeviceOp::Recover { .. }) {
        return recover(tx, user, row, signed, entry);
    }
    if row.forked_at.is_some() {
        return beside(tx, user, row, signed, &entry);
    }
    match row.log.apply(signed) {
        Ok(Verdict::Known) => Ok(Step::Known),
        Ok(Verdict::Applied(_)) => {
            row::keep(tx, user, entry.seq, signed)?;
            row::store(tx, user, &row)?;
            Ok(Step::Applied {
                entry: Box::new(entry),
                first: false,
            })
        }
        Ok(Verdict::Fork) => fork(tx, user, row, signed, &entry),
        Err(error) => {
            if entry.seq == 0 && other_beginning(user, &row.log, signed) {
                return fork(tx, user, row, signed, &entry);
            }
            Ok(Step::Stopped(stop_of(error, pinned)))
        }
    }
}

fn begin(
    tx: &mut Tx<'_>,
    user: &UserId,
    signed: &Signed<DeviceEntry>,
) -> Result<Step, CryptoError> {
    let log = match DeviceLog::init(signed) {
        Ok(log) if log.user == *user => log,
        Ok(_) => {
            let error = chatty_protocol::device_log::LogError::WrongUser;
            return Ok(Step::Stopped(LogStop::Invalid(error)));
        }
        Err(error) => return Ok(Step::Stopped(stop_of(error, 0))),
    };
    row::keep(tx, user, 0, signed)?;
    let row = LogRow {
        log,
        forked_at: None,
        rival: None,
    };
    row::store(tx, user, &row)?;
    Ok(Step::Applied {
        entry: Box::new(signed.open()?),
        first: true,
    })
}

/// Whether `signed` is another valid entry 0 of the same account.
fn other_beginning(user: &UserId, pinned: &DeviceLog, signed: &Signed<DeviceEntry>) -> bool {
    DeviceLog::init(signed)
        .is_ok_and(|log| log.user == *user && log.hashes.first() != pinned.hashes.first())
}

/// The first entry of another branch: both are kept, neither is used beyond what they share.
fn fork(
    tx: &mut Tx<'_>,
    user: &UserId,
    mut row: LogRow,
    signed: &Signed<DeviceEntry>,
    entry: &DeviceEntry,
) -> Result<Step, CryptoError> {
    row::keep(tx, user, entry.seq, signed)?;
    row.forked_at = Some(entry.seq);
    row.rival = row::replay(
        tx,
        user,
        &Head {
            seq: entry.seq,
            hash: DeviceEntry::hash_of(signed),
        },
    )?;
    row::store(tx, user, &row)?;
    Ok(Step::Forked)
}

/// An entry while forked: it may belong to either branch and is used on none.
fn beside(
    tx: &mut Tx<'_>,
    user: &UserId,
    mut row: LogRow,
    signed: &Signed<DeviceEntry>,
    entry: &DeviceEntry,
) -> Result<Step, CryptoError> {
    let rival = row.rival.as_mut().map(|rival| rival.apply(signed));
    let grew = matches!(rival, Some(Ok(Verdict::Applied(_))))
        || matches!(row.log.apply(signed), Ok(Verdict::Applied(_)));
    if grew {
        row::keep(tx, user, entry.seq, signed)?;
        row::store(tx, user, &row)?;
    }
    Ok(Step::Forked)
}

/// Op 5 is judged at its base, which may lie on either branch, and settles a fork.
fn recover(
    tx: &mut Tx<'_>,
    user: &UserId,
    mut row: LogRow,
    signed: &Signed<DeviceEntry>,
    entry: DeviceEntry,
) -> Result<Step, CryptoError> {
    let applied = Step::Applied {
        entry: Box::new(entry.clone()),
        first: false,
    };
    let error = match row.log.apply(signed) {
        Ok(Verdict::Known) => return Ok(Step::Known),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    if let Some(error) = error {
        let old = row.log.clone();
        let taken = match (row.rival.take(), &entry.op) {
            (Some(mut rival), DeviceOp::Recover { epoch, .. }) => {
                let risen = *epoch > old.epoch || old.replaced_aiks.contains(&rival.aik);
                let verdict = rival.apply(signed);
                (risen && matches!(verdict, Ok(Verdict::Applied(_)))).then_some(rival)
            }
            _ => None,
        };
        let Some(mut taken) = taken else {
            return Ok(Step::Stopped(stop_of(error, old.head.seq)));
        };
        carry_over(&old, &mut taken, entry.seq);
        row.log = taken;
    }
    row.forked_at = None;
    row.rival = None;
    row::keep(tx, user, entry.seq, signed)?;
    row::store(tx, user, &row)?;
    Ok(applied)
}

/// The other branch won: what was revoked here stays revoked, ids stay used, and heads of the
/// branch that is left count as its base.
fn carry_over(old: &DeviceLog, new: &mut DeviceLog, seq: u64) {
    let base = seq.saturating_sub(1);
    for (id, record) in &old.devices {
        let known = new.devices.contains_key(id);
        let place = new.devices.entry(*id).or_insert_with(|| record.clone());
        if place.revoked.is_none() && (record.revoked.is_some() || !known) {
            place.revoked = Some((seq, RevokeReason::None));
        }
    }
    for (at, hash) in old.hashes.iter().enumerate() {
        let at = at as u64;
        if !new.contains(&Head {
            seq: at,
            hash: *hash,
        }) {
            new.left.insert(*hash, (at, base.min(at)));
        }
    }
    new.branch = new.branch.max(old.branch + 1);
}
