//! How far a person is trusted: one function decides, and sending asks it (A14).

mod change;
mod row;
mod safety;
mod share;

use chatty_protocol::UserId;
use chatty_protocol::device_log::Class;

use crate::device_log;
use crate::error::CryptoError;
use crate::identity::{self, Standing};
use crate::tx::Tx;

pub(crate) use change::aik_replaced;
pub use change::{acknowledge, demote, handle_found, mark_verified, pin};
pub use safety::safety_number;
pub(crate) use share::expected_conversation_head;
pub use share::{Imported, export, import};

/// Trust in a user id.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Never met.
    Unknown,
    /// Met; the first keys are kept.
    Pinned,
    /// Compared in person.
    Verified,
    /// The handle leads to somebody else, or the device log is forked: sending waits until the
    /// user has acknowledged it.
    PinChanged,
    /// The same for a verified person: blocked until verified again or demoted.
    Violation,
}

/// The trust state of `user`. Nobody counts as verified while this device itself is not live in
/// an unforked log of its own account.
pub fn state(tx: &Tx<'_>, user: &UserId) -> Result<Trust, CryptoError> {
    let Some(row) = row::load(tx, user)? else {
        return Ok(Trust::Unknown);
    };
    let troubled = row.changed_open() || fork_open(tx, user, &row)? || pin_missed(tx, user, &row)?;
    Ok(match (row.verified, troubled) {
        (true, true) => Trust::Violation,
        (true, false) if own_is_sound(tx)? => Trust::Verified,
        (false, true) => Trust::PinChanged,
        _ => Trust::Pinned,
    })
}

/// Whether anything may be sent or called to `user`.
pub fn may_send(tx: &Tx<'_>, user: &UserId) -> Result<bool, CryptoError> {
    Ok(!matches!(
        state(tx, user)?,
        Trust::PinChanged | Trust::Violation
    ))
}

/// Whether a verified person is in question: they get no keys until that is settled.
pub(crate) fn is_violation(tx: &Tx<'_>, user: &UserId) -> Result<bool, CryptoError> {
    match row::load(tx, user)? {
        Some(row) if row.verified => Ok(state(tx, user)? == Trust::Violation),
        _ => Ok(false),
    }
}

/// Number of the device-log head that an own full device had seen.
pub(crate) fn pinned_seq(tx: &Tx<'_>, user: &UserId) -> Result<Option<u64>, CryptoError> {
    Ok(row::load(tx, user)?
        .and_then(|row| row.pinned_head)
        .map(|head| head.seq))
}

fn fork_open(tx: &Tx<'_>, user: &UserId, row: &row::TrustRow) -> Result<bool, CryptoError> {
    let forked = device_log::is_forked(tx, user)?;
    Ok(forked && (row.verified || !row.fork_acknowledged))
}

/// A head that an own full device had seen is not on the log that the relay showed here.
fn pin_missed(tx: &Tx<'_>, user: &UserId, row: &row::TrustRow) -> Result<bool, CryptoError> {
    let (Some(pinned), Some(log)) = (&row.pinned_head, device_log::get(tx, user)?) else {
        return Ok(false);
    };
    Ok(log.head.seq >= pinned.seq && log.position(pinned).is_none())
}

fn own_is_sound(tx: &Tx<'_>) -> Result<bool, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let live = matches!(
        identity::standing(tx)?,
        Standing::Live(Class::Full | Class::Limited)
    );
    Ok(live && !device_log::is_forked(tx, &own.user)?)
}
