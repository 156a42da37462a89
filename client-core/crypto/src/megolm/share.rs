//! Giving the key of the present generation to one device.

use chatty_protocol::ConvId;
use chatty_protocol::codec::Bytes;
use chatty_protocol::conversation_log::ConvState;

use super::row::{OutboundRow, Recorded, RecordedRow, ShareState, SharedRow, key, load_or};
use super::{facts, meta};
use crate::content::to_device::{ConvKey, ToDeviceBody};
use crate::error::CryptoError;
use crate::identity::Own;
use crate::olm::Peer;
use crate::tx::Tx;
use crate::view::Table;
use crate::{device_log, rows};

/// The conv.key of the present generation for one device, from the index at which that device
/// became entitled; notes it as given. Encrypt it with Olm in the same transaction.
pub fn key_for(tx: &mut Tx<'_>, conv: &ConvId, to: &Peer) -> Result<ToDeviceBody, CryptoError> {
    let (own, state) = facts::sendable(tx, conv)?;
    if !facts::is_recipient(tx, conv, to)? {
        return Err(CryptoError::NotAllowed("not a recipient"));
    }
    let shared = settle(tx, conv, to, ShareState::Given)?;
    let body = body_for(tx, &own, &state, to, &shared, shared.generation)?;
    body.map(ToDeviceBody::ConvKey)
        .ok_or(CryptoError::Corrupt("no recorded key"))
}

/// The device gets no key of this generation by itself (`inbox_full`, or no Olm key could be
/// claimed); it asks the owner when it comes back.
pub fn mark_dormant(tx: &mut Tx<'_>, conv: &ConvId, to: &Peer) -> Result<(), CryptoError> {
    settle(tx, conv, to, ShareState::Dormant).map(|_| ())
}

/// Notes what became of a device's key and keeps the counters of the generation true.
fn settle(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    to: &Peer,
    becomes: ShareState,
) -> Result<SharedRow, CryptoError> {
    let place = key::shared(conv, &to.device);
    let mut shared: SharedRow = rows::load(tx, Table::Shared, &place)?
        .ok_or(CryptoError::NotAllowed("prepare comes first"))?;
    let mut row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    let current = row
        .current
        .as_mut()
        .filter(|current| current.generation == shared.generation)
        .ok_or(CryptoError::NotAllowed("prepare comes first"))?;
    match shared.state {
        ShareState::Due => current.due = current.due.saturating_sub(1),
        ShareState::Given => current.given = current.given.saturating_sub(1),
        ShareState::Dormant => {}
    }
    if becomes == ShareState::Given {
        current.given += 1;
    }
    shared.state = becomes;
    rows::store(tx, Table::Shared, &place, &shared)?;
    rows::store(tx, Table::Outbound, conv.as_ref(), &row)?;
    Ok(shared)
}

/// The conv.key of one generation for a device, at the index recorded for it; none when the
/// device was not entitled to that generation.
pub(super) fn body_for(
    tx: &Tx<'_>,
    own: &Own,
    state: &ConvState,
    to: &Peer,
    shared: &SharedRow,
    generation: u64,
) -> Result<Option<ConvKey>, CryptoError> {
    let conv = &state.conv;
    let Some(recorded) = recorded_for(tx, own, conv, shared, generation)? else {
        return Ok(None);
    };
    let log = device_log::get_or_fail(tx, &to.user)?;
    let row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    let current = row
        .current
        .filter(|current| current.generation == generation);
    Ok(Some(ConvKey {
        conv: *conv,
        session_key: Bytes(recorded.key),
        gen_no: generation,
        first_seq: recorded.first_seq,
        chain: recorded.chain,
        closes: current.as_ref().and_then(|current| current.closes),
        conv_head: state.head,
        your_head: log.head,
        shareable: current.is_some_and(|current| current.shareable),
        meta_key: meta::newest_key(tx, conv)?,
    }))
}

fn recorded_for(
    tx: &Tx<'_>,
    own: &Own,
    conv: &ConvId,
    shared: &SharedRow,
    generation: u64,
) -> Result<Option<Recorded>, CryptoError> {
    let entitled = shared
        .spans
        .iter()
        .find(|span| span.from <= generation && span.until.is_none_or(|until| generation < until));
    let Some(span) = entitled else {
        return Ok(None);
    };
    let row: RecordedRow = load_or(
        tx,
        Table::Generation,
        &key::recorded(conv, &own.device, generation),
    )?;
    // Entitled before this generation began: from its first index on.
    let index = if span.from == generation {
        span.index
    } else {
        0
    };
    Ok(row.keys.into_iter().find(|known| known.index == index))
}
