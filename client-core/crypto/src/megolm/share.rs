//! Giving the key of the present generation to one device.

use chatty_protocol::ConvId;
use chatty_protocol::codec::{Bytes, Fixed};
use chatty_protocol::conversation_log::ConvState;
use chatty_protocol::sign::{Head, Key};

use super::row::{OutboundRow, Recorded, RecordedRow, ShareState, SharedRow, key, load_or};
use super::{facts, meta};
use crate::content::to_device::{ConvKey, ToDeviceBody};
use crate::error::CryptoError;
use crate::identity::Own;
use crate::olm::Peer;
use crate::tx::Tx;
use crate::view::Table;
use crate::{conversation, device_log, rows};

/// The conv.key of the present generation for one device, from the index at which that device
/// became entitled; notes it as given. Encrypt it with Olm in the same transaction.
pub fn key_for(tx: &mut Tx<'_>, conv: &ConvId, to: &Peer) -> Result<ToDeviceBody, CryptoError> {
    keys_for(tx, conv, std::slice::from_ref(to))?
        .pop()
        .ok_or(CryptoError::Corrupt("no recorded key"))
}

/// As [`key_for`] for many devices, in their order; what they have in common is read once, so
/// prefer it in large groups.
pub fn keys_for(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    to: &[Peer],
) -> Result<Vec<ToDeviceBody>, CryptoError> {
    let (own, state) = facts::sendable(tx, conv)?;
    let Some(template) = Template::load(tx, &own, &state)? else {
        return Err(CryptoError::NotAllowed("prepare comes first"));
    };
    let entitled = conversation::recipients_among(tx, conv, to)?;
    let mut bodies = Vec::with_capacity(to.len());
    for peer in to {
        if !entitled.contains(peer) {
            return Err(CryptoError::NotAllowed("not a recipient"));
        }
        let shared = settle(tx, conv, peer, ShareState::Given)?;
        let body = template
            .body(tx, peer, &shared)?
            .ok_or(CryptoError::Corrupt("no recorded key"))?;
        bodies.push(ToDeviceBody::ConvKey(body));
    }
    Ok(bodies)
}

/// The device gets no key of this generation by itself (`inbox_full`, or no Olm key could be
/// claimed); it asks the owner when it comes back.
pub fn mark_dormant(tx: &mut Tx<'_>, conv: &ConvId, to: &Peer) -> Result<(), CryptoError> {
    match settle(tx, conv, to, ShareState::Dormant) {
        // The relay's word came late: the next generation has begun without this device.
        Ok(_) | Err(CryptoError::NotAllowed(_)) => Ok(()),
        Err(error) => Err(error),
    }
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
        ShareState::Due => {
            current.due = current.due.saturating_sub(1);
            tx.delete(Table::Outbound, &key::due(conv, &to.device));
        }
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
    Template::of(tx, own, state, generation)?.body(tx, to, shared)
}

/// What the conv.keys of one generation have in common.
struct Template {
    conv: ConvId,
    generation: u64,
    keys: Vec<Recorded>,
    conv_head: Head,
    closes: Option<(u64, u64)>,
    shareable: bool,
    meta_key: Option<(Fixed<8>, Key)>,
}

impl Template {
    /// For the present generation, if there is one.
    fn load(tx: &Tx<'_>, own: &Own, state: &ConvState) -> Result<Option<Self>, CryptoError> {
        let row: OutboundRow = load_or(tx, Table::Outbound, state.conv.as_ref())?;
        row.current
            .map(|current| Self::of(tx, own, state, current.generation))
            .transpose()
    }

    fn of(tx: &Tx<'_>, own: &Own, state: &ConvState, generation: u64) -> Result<Self, CryptoError> {
        let conv = &state.conv;
        let recorded: RecordedRow = load_or(
            tx,
            Table::Generation,
            &key::recorded(conv, &own.device, generation),
        )?;
        let row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
        let current = row
            .current
            .filter(|current| current.generation == generation);
        Ok(Self {
            conv: *conv,
            generation,
            keys: recorded.keys,
            conv_head: state.head,
            closes: current.as_ref().and_then(|current| current.closes),
            shareable: current.is_some_and(|current| current.shareable),
            meta_key: meta::newest_key(tx, state)?,
        })
    }

    fn body(
        &self,
        tx: &Tx<'_>,
        to: &Peer,
        shared: &SharedRow,
    ) -> Result<Option<ConvKey>, CryptoError> {
        let Some(recorded) = self.recorded_for(shared) else {
            return Ok(None);
        };
        Ok(Some(ConvKey {
            conv: self.conv,
            session_key: Bytes(recorded.key.clone()),
            gen_no: self.generation,
            first_seq: recorded.first_seq,
            chain: recorded.chain,
            closes: self.closes,
            conv_head: self.conv_head,
            your_head: device_log::get_or_fail(tx, &to.user)?.head,
            shareable: self.shareable,
            meta_key: self.meta_key,
        }))
    }

    fn recorded_for(&self, shared: &SharedRow) -> Option<&Recorded> {
        let span = shared.spans.iter().find(|span| {
            span.from <= self.generation && span.until.is_none_or(|until| self.generation < until)
        })?;
        // Entitled before this generation began: from its first index on.
        let index = if span.from == self.generation {
            span.index
        } else {
            0
        };
        self.keys.iter().find(|known| known.index == index)
    }
}
