//! Row 2 of the verdict table: why there is no key, and what can be done about it.

use super::request;
use super::row::{AskRow, WithheldRow, key, load_or};
use super::types::{Incoming, Unreadable, Verdict};
use crate::content::to_device::WithheldCode;
use crate::error::CryptoError;
use crate::olm::Peer;
use crate::tx::Tx;
use crate::view::Table;
use crate::{conversation, device_log, identity, rows};

/// No session row for the sender that the relay names.
pub(super) fn no_session(
    tx: &Tx<'_>,
    incoming: &Incoming<'_>,
    drained: bool,
) -> Result<Verdict, CryptoError> {
    let send = incoming.send;
    if !drained {
        return Ok(Unreadable::KeyComing.into());
    }
    if before_join(tx, incoming)? {
        return Ok(Unreadable::BeforeJoin.into());
    }
    if before_link(tx, incoming)? {
        return Ok(Unreadable::BeforeLink.into());
    }
    let place = key::session(&send.conv, incoming.device, &send.session);
    let withheld: Option<WithheldRow> = rows::load(tx, Table::Generation, &place)?;
    // Where the owner has no key to give, or this device was away, another one may be asked; the
    // other codes are the owner's decision.
    let withheld = withheld.map(|row| row.code);
    if withheld.is_some_and(|code| !matches!(code, WithheldCode::Dormant | WithheldCode::NoKey)) {
        return Ok(Unreadable::KeyLost { withheld }.into());
    }
    Ok(asked_for(tx, incoming, withheld)?.into())
}

/// Late while somebody is left who could give the key, lost after.
fn asked_for(
    tx: &Tx<'_>,
    incoming: &Incoming<'_>,
    withheld: Option<WithheldCode>,
) -> Result<Unreadable, CryptoError> {
    let send = incoming.send;
    let owner = Peer {
        user: *incoming.user,
        device: *incoming.device,
    };
    let place = key::session(&send.conv, incoming.device, &send.session);
    let asked: AskRow = load_or(tx, Table::KeyRequest, &place)?;
    let target = request::next_target(tx, &send.conv, &owner, &send.session, &asked)?;
    Ok(match target {
        request::Target::Nobody => Unreadable::KeyLost { withheld },
        request::Target::Device(_) | request::Target::Waiting(_) => Unreadable::KeyLate,
    })
}

/// The session is here and begins later: the message is not for us, or its owner did not know
/// this device yet when it was sent. Then an own device may have the earlier key.
pub(super) fn below_first_index(
    tx: &Tx<'_>,
    incoming: &Incoming<'_>,
) -> Result<Unreadable, CryptoError> {
    if before_join(tx, incoming)? {
        return Ok(Unreadable::BeforeJoin);
    }
    if before_link(tx, incoming)? {
        return Ok(Unreadable::BeforeLink);
    }
    asked_for(tx, incoming, None)
}

/// Sent on a log head below the entry that invited this user.
fn before_join(tx: &Tx<'_>, incoming: &Incoming<'_>) -> Result<bool, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let state = conversation::state(tx, &incoming.send.conv)?;
    let member = state.and_then(|state| state.member(&own.user).copied());
    Ok(member.is_some_and(|member| incoming.send.log_seq < member.invited_seq))
}

/// Accepted by the relay before this device was added to its account. Both times are claims,
/// so this only words the notice; a key that comes later still opens the message.
fn before_link(tx: &Tx<'_>, incoming: &Incoming<'_>) -> Result<bool, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let log = device_log::get(tx, &own.user)?;
    let record = log.as_ref().and_then(|log| log.devices.get(&own.device));
    Ok(record.is_some_and(|record| record.added_at > 0 && incoming.time < record.added_time))
}
