//! Device logs of this account and of others: verified, pinned, forks kept as evidence (A1–A3).

mod apply;
mod check;
mod own;
mod page;
mod row;
mod statement;

use chatty_protocol::UserId;
use chatty_protocol::device_log::{DeviceLog, DeviceRecord};
use chatty_protocol::limits;

use crate::error::CryptoError;
use crate::tx::Tx;

pub use check::{Claim, Gossip, HeadCheck, check_claim, check_head, gossip};
pub use own::{OwnEntry, aik_entry, own_entry, rotate_aik_entry};
pub use page::{LogChange, LogOutcome, LogStop, apply_page, entries_above, own_proof, proof};
pub use statement::{Stated, check_statement};

/// The verified log of a user as it may be used: on a fork only up to the last common entry,
/// without devices that either branch revoked.
pub fn get(tx: &Tx<'_>, user: &UserId) -> Result<Option<DeviceLog>, CryptoError> {
    Ok(row::load(tx, user)?.and_then(row::LogRow::usable))
}

/// As [`get`], where the log must be known.
pub fn get_or_fail(tx: &Tx<'_>, user: &UserId) -> Result<DeviceLog, CryptoError> {
    get(tx, user)?.ok_or(CryptoError::UnknownUser(*user))
}

/// Whether two validly signed histories of this user are known.
pub fn is_forked(tx: &Tx<'_>, user: &UserId) -> Result<bool, CryptoError> {
    Ok(row::load(tx, user)?.is_some_and(|row| row.forked_at.is_some()))
}

/// Whether the device is past its expiry and the grace, by the own clock. Expiry takes keys
/// away; it never enters a signature check.
pub fn is_expired(record: &DeviceRecord, now_ms: u64) -> bool {
    usable_until(record).is_some_and(|until| now_ms > until)
}

/// The last moment at which the device is not expired, Unix ms; none = it never expires.
pub fn usable_until(record: &DeviceRecord) -> Option<u64> {
    (record.expires != 0).then(|| record.expires.saturating_add(limits::EXPIRY_GRACE_MS))
}
