//! Forgetting what need not be readable any more (A23; protocol.md §13).

use chatty_protocol::{ConvId, DeviceId, limits};

use super::receive::session_of;
use super::row::{ChainRow, GenerationRow, InboundRow, Provenance, key};
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::view::Table;
use crate::{conversation, rows};

/// Drops old sessions of a conversation with a disappearing timer; call once a day. Sessions of
/// others go 7 days after their successor came, when nothing of that device waits to be read;
/// own ones stay as long as their ciphertext lives at the relay. Without a timer nothing is
/// dropped: new own devices and late askers may still need the keys.
pub fn tidy(tx: &mut Tx<'_>, conv: &ConvId) -> Result<u64, CryptoError> {
    let timer_s = conversation::state_or_fail(tx, conv)?.policy.timer_s;
    if timer_s == 0 {
        return Ok(0);
    }
    let others = limits::SESSION_FORGET_MS.max(timer_s.saturating_mul(limits::SECOND_MS));
    let own = timer_s
        .saturating_mul(limits::SECOND_MS)
        .saturating_add(limits::TIMER_PURGE_MS);
    let mut dropped = 0;
    for (place, row) in rows::scan::<InboundRow>(tx, Table::Inbound, conv.as_ref())? {
        let owner = place
            .get(ConvId::LEN..ConvId::LEN + DeviceId::LEN)
            .and_then(|bytes| DeviceId::from_slice(bytes).ok())
            .ok_or(CryptoError::Corrupt("key of an inbound row"))?;
        let Some(generation) = row.generation else {
            continue;
        };
        let place_of = key::generation(conv, &owner, generation);
        let closed = rows::load::<GenerationRow>(tx, Table::Generation, &place_of)?
            .and_then(|known| known.closes.zip(known.closed_ms));
        let Some((_, closed_ms)) = closed else {
            continue;
        };
        let life = if row.provenance == Provenance::Own {
            own
        } else {
            others
        };
        let over = tx.now_ms >= closed_ms.saturating_add(life);
        if over && !waits(tx, conv, &owner)? {
            forget(tx, conv, &owner, &place, &row, generation)?;
            dropped += 1;
        }
    }
    Ok(dropped)
}

/// Whether a row of this device is here and not read yet.
fn waits(tx: &Tx<'_>, conv: &ConvId, owner: &DeviceId) -> Result<bool, CryptoError> {
    let rows = rows::scan::<ChainRow>(tx, Table::Chain, &key::sender(conv, owner))?;
    Ok(rows.iter().any(|(_, row)| matches!(row, ChainRow::Unread)))
}

/// The session and what could open it again. The replay rows go with it: without the session
/// nothing can be decrypted twice.
fn forget(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    owner: &DeviceId,
    place: &[u8],
    row: &InboundRow,
    generation: u64,
) -> Result<(), CryptoError> {
    tx.delete(Table::Inbound, place);
    if row.provenance == Provenance::Own {
        tx.delete(Table::Generation, &key::recorded(conv, owner, generation));
    }
    let id = super::session::id_of(&session_of(row)?)?;
    for replay in tx
        .scan(Table::Replay, &key::session(conv, owner, &id))?
        .into_keys()
    {
        tx.delete(Table::Replay, &replay);
    }
    Ok(())
}
