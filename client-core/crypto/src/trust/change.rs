//! What changes a person's trust.

use chatty_protocol::UserId;

use super::row::{self, TrustRow};
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::view::Table;
use crate::{device_log, identity, rows};

/// First byte of the key of a handle's row; no id has it.
const HANDLE_TAG: u8 = 0;
/// Key of the row: version of the newest transfer seen or made.
pub(super) const VERSION: &[u8] = b"trust-version";

/// Pins a user at first use; does nothing when the user is pinned already. The device log must
/// be known.
pub fn pin(tx: &mut Tx<'_>, user: &UserId) -> Result<(), CryptoError> {
    if row::load(tx, user)?.is_some() {
        return Ok(());
    }
    let log = device_log::get_or_fail(tx, user)?;
    let row = TrustRow {
        aik: log.aik,
        verified: false,
        since: tx.now_ms,
        changed_at: None,
        acknowledged: false,
        fork_acknowledged: false,
        replaced: false,
        pinned_head: None,
        version: 0,
        by: identity::own_or_fail(tx)?.device,
    };
    write(tx, user, row)
}

/// The user compared the safety number or finished a SAS with this person.
pub fn mark_verified(tx: &mut Tx<'_>, user: &UserId) -> Result<(), CryptoError> {
    if device_log::is_forked(tx, user)? {
        return Err(CryptoError::NotAllowed("the device log is forked"));
    }
    pin(tx, user)?;
    let aik = device_log::get_or_fail(tx, user)?.aik;
    update(tx, user, |row| {
        row.verified = true;
        row.aik = aik;
        row.changed_at = None;
        row.acknowledged = false;
        row.replaced = false;
        row.pinned_head = None;
    })
}

/// Takes "verified" back: what is left is a pin, and an open change counts as seen.
pub fn demote(tx: &mut Tx<'_>, user: &UserId) -> Result<(), CryptoError> {
    update(tx, user, |row| {
        row.verified = false;
        row.acknowledged = true;
        row.fork_acknowledged = true;
        row.pinned_head = None;
    })
}

/// The user saw that a pin changed and goes on; of no effect on a verified person.
pub fn acknowledge(tx: &mut Tx<'_>, user: &UserId) -> Result<(), CryptoError> {
    update(tx, user, |row| {
        if !row.verified {
            row.acknowledged = true;
            row.fork_acknowledged = true;
            row.pinned_head = None;
        }
    })
}

/// A look-up of `handle` led to `user`. Returns the other user whom it led to before, whose
/// trust is then in question.
pub fn handle_found(
    tx: &mut Tx<'_>,
    handle: &str,
    user: &UserId,
) -> Result<Option<UserId>, CryptoError> {
    let key = rows::key(&[&[HANDLE_TAG], handle.as_bytes()]);
    let before: Option<Vec<u8>> = rows::load(tx, Table::Trust, &key)?;
    let before = before.and_then(|bytes| UserId::from_slice(&bytes).ok());
    rows::store(tx, Table::Trust, &key, &user.as_bytes().to_vec())?;
    let Some(before) = before.filter(|before| before != user) else {
        return Ok(None);
    };
    let now = tx.now_ms;
    if row::load(tx, &before)?.is_some() {
        update(tx, &before, |row| {
            row.changed_at = Some(now);
            row.acknowledged = false;
        })?;
    }
    Ok(Some(before))
}

/// The account key was replaced without the old one (op 9): a verified person is only pinned
/// until compared again.
pub(crate) fn aik_replaced(tx: &mut Tx<'_>, user: &UserId) -> Result<(), CryptoError> {
    if row::load(tx, user)?.is_none() {
        return Ok(());
    }
    update(tx, user, |row| {
        row.verified = false;
        row.replaced = true;
    })
}

fn update(
    tx: &mut Tx<'_>,
    user: &UserId,
    change: impl FnOnce(&mut TrustRow),
) -> Result<(), CryptoError> {
    let mut row = row::load(tx, user)?.ok_or(CryptoError::UnknownUser(*user))?;
    change(&mut row);
    row.since = tx.now_ms;
    write(tx, user, row)
}

/// A change made here is newer than every transfer seen so far.
fn write(tx: &mut Tx<'_>, user: &UserId, mut row: TrustRow) -> Result<(), CryptoError> {
    let newest: u64 = rows::load(tx, Table::Own, VERSION)?.unwrap_or(0);
    row.version = newest + 1;
    row.by = identity::own_or_fail(tx)?.device;
    row::store(tx, user, &row)
}
