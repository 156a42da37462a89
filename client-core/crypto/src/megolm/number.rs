//! Numbers and predecessors of own messages: fixed when a message is ready (protocol.md §13).

use chatty_protocol::ConvId;
use chatty_protocol::sign::Hash32;

use super::row::{OutboundRow, SenderRow, key, load_or};
use super::types::{Numbered, OwnPosition};
use crate::content::{Content, chain};
use crate::error::CryptoError;
use crate::identity;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Fixes number and predecessor of a log-lane message that is ready to be sent.
pub fn number_ready(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    content: &Content,
) -> Result<Numbered, CryptoError> {
    content.check()?;
    if content.body.lane() != chatty_protocol::envelope::LANE_LOG {
        return Err(CryptoError::NotAllowed("not a log-lane content"));
    }
    let own = identity::own_or_fail(tx)?;
    let mut row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    let numbered = Numbered {
        dev_seq: row.ready_seq + 1,
        prev: row.ready_chain,
        content: content.to_bytes(),
    };
    row.ready_seq = numbered.dev_seq;
    row.ready_chain = numbered.chain(conv, &own.device);
    rows::store(tx, Table::Outbound, conv.as_ref(), &row)?;
    Ok(numbered)
}

/// The user cancelled a numbered message that the relay does not have: the messages queued
/// behind it (rising) get new numbers and predecessors. Replace the stored ones.
pub fn cancel(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    cancelled: &Numbered,
    queued: &[Numbered],
) -> Result<Vec<Numbered>, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    refused(tx, conv, cancelled)?;
    let mut row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    let (mut dev_seq, mut prev) = (cancelled.dev_seq, cancelled.prev);
    let mut out = Vec::with_capacity(queued.len());
    for message in queued {
        let renumbered = Numbered {
            dev_seq,
            prev,
            content: message.content.clone(),
        };
        prev = renumbered.chain(conv, &own.device);
        dev_seq += 1;
        out.push(renumbered);
    }
    row.ready_seq = dev_seq - 1;
    row.ready_chain = prev;
    rows::store(tx, Table::Outbound, conv.as_ref(), &row)?;
    Ok(out)
}

/// The relay definitely refused this message (`stale_log`, or `conflict` behind one): it and what
/// follows it will be encrypted again.
pub fn refused(tx: &mut Tx<'_>, conv: &ConvId, lowest: &Numbered) -> Result<(), CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let mut row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    if lowest.dev_seq >= row.next_seq {
        return Ok(());
    }
    row.next_seq = lowest.dev_seq;
    row.next_prev = lowest.prev;
    rows::store(tx, Table::Outbound, conv.as_ref(), &row)?;
    // Own numbers have no holes, so the message before has the number before.
    let place = key::sender(conv, &own.device);
    let mut sender: SenderRow = load_or(tx, Table::Generation, &place)?;
    sender.last_seq = lowest.dev_seq - 1;
    sender.last_chain = lowest.prev.0.to_vec();
    rows::store(tx, Table::Generation, &place, &sender)
}

/// Own message numbers, as this device knows them.
pub fn own_position(tx: &Tx<'_>, conv: &ConvId) -> Result<OwnPosition, CryptoError> {
    let row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    Ok(OwnPosition {
        ready: row.ready_seq,
        sent: row.next_seq - 1,
    })
}

impl Numbered {
    /// Chain hash of this message.
    pub fn chain(&self, conv: &ConvId, device: &chatty_protocol::DeviceId) -> Hash32 {
        chain(conv, device, self.dev_seq, &self.prev, &self.content)
    }
}
