//! What the Megolm side asks of identity, device logs and conversation logs.

use std::collections::BTreeMap;

use chatty_protocol::conversation_log::{ConvState, Status};
use chatty_protocol::sign::Key;
use chatty_protocol::{ConvId, UserId};

use crate::error::CryptoError;
use crate::identity::{self, Own};
use crate::olm::Peer;
use crate::tx::Tx;
use crate::{conversation, device_log};

/// A device that is to get keys.
pub(super) struct Recipient {
    pub(super) at: Peer,
    pub(super) aik: Key,
}

/// This device and the state of a conversation that it may send to now.
pub(super) fn sendable(tx: &Tx<'_>, conv: &ConvId) -> Result<(Own, ConvState), CryptoError> {
    let own = identity::require_live(tx)?;
    if !own.pins_stored {
        return Err(CryptoError::NotAllowed("pins are not stored yet"));
    }
    conversation::require_usable(tx, conv)?;
    let state = conversation::state_or_fail(tx, conv)?;
    if !state.may_send(&own.user) {
        return Err(CryptoError::NotAllowed("not a member"));
    }
    Ok((own, state))
}

/// Entitled, live, unexpired devices at the newest known heads, this one excluded (protocol.md §13),
/// and until when there are no fewer, Unix ms.
pub(super) fn recipients(tx: &Tx<'_>, conv: &ConvId) -> Result<(Vec<Recipient>, u64), CryptoError> {
    let found = conversation::recipients(tx, conv)?;
    if let Some(user) = found.need_log.first() {
        // Without the log of an entitled user nobody is left out silently.
        return Err(CryptoError::UnknownUser(*user));
    }
    let mut aiks: BTreeMap<UserId, Key> = BTreeMap::new();
    let mut out = Vec::with_capacity(found.devices.len());
    for at in found.devices {
        let aik = match aiks.get(&at.user) {
            Some(aik) => *aik,
            None => {
                let aik = device_log::get_or_fail(tx, &at.user)?.aik;
                aiks.insert(at.user, aik);
                aik
            }
        };
        out.push(Recipient { at, aik });
    }
    Ok((out, found.until_ms.unwrap_or(u64::MAX)))
}

/// Whether the user was a member after log entry `seq`.
pub(super) fn was_member(
    tx: &Tx<'_>,
    state: &ConvState,
    user: &UserId,
    seq: u64,
) -> Result<bool, CryptoError> {
    let member = |state: &ConvState| {
        state
            .member(user)
            .is_some_and(|member| member.status == Status::Member)
    };
    // Whoever is a member without interruption since before the head was one at the head.
    let still = state
        .member(user)
        .is_some_and(|known| known.status == Status::Member && known.since_seq <= seq);
    if still || seq >= state.head.seq {
        return Ok(still || member(state));
    }
    Ok(conversation::state_at(tx, &state.conv, seq)?.is_some_and(|then| member(&then)))
}
