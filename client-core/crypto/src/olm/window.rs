//! Which pair counters came already: repeats are dropped, a second payload under a used number
//! means that two devices write under one identity.

use chatty_protocol::sign::Hash32;
use chatty_protocol::{DeviceId, limits};

use super::PairRow;
use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// What a counter says about a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counter {
    /// New, or late and unseen: take it.
    Fresh,
    /// The same payload again, or too old to tell.
    Repeat,
    /// Used by another payload: clone alarm.
    Clash,
}

/// Judges a counter and notes it when it is fresh.
pub(super) fn judge(
    tx: &mut Tx<'_>,
    device: &DeviceId,
    pair: &mut PairRow,
    counter: u64,
    payload: &Hash32,
    item: &[u8; 16],
) -> Result<Counter, CryptoError> {
    if counter == 0 || counter.saturating_add(limits::PAIR_WINDOW) <= pair.newest {
        return Ok(Counter::Repeat);
    }
    let key = rows::key(&[device.as_bytes(), &counter.to_be_bytes()]);
    if let Some(seen) = tx.get(Table::PairWindow, &key)? {
        return Ok(if seen.get(..32) == Some(&payload.0[..]) {
            Counter::Repeat
        } else {
            Counter::Clash
        });
    }
    tx.put(Table::PairWindow, &key, rows::key(&[&payload.0, item]));
    if counter > pair.newest {
        slide(tx, device, pair.newest, counter)?;
        pair.newest = counter;
    }
    Ok(Counter::Fresh)
}

/// Whether an item with this id was taken from the device lately: then a failure to decrypt it
/// is a repeat and no reason to give up a session.
pub fn took(tx: &Tx<'_>, device: &DeviceId, item: &[u8; 16]) -> Result<bool, CryptoError> {
    let rows = tx.scan(Table::PairWindow, device.as_bytes())?;
    Ok(rows.values().any(|row| row.get(32..) == Some(&item[..])))
}

/// Drops what fell out of the window.
fn slide(tx: &mut Tx<'_>, device: &DeviceId, old: u64, new: u64) -> Result<(), CryptoError> {
    let from = (old.saturating_sub(limits::PAIR_WINDOW)).saturating_add(1);
    let to = new.saturating_sub(limits::PAIR_WINDOW);
    if to.saturating_sub(from) < 64 {
        for counter in from..=to {
            let key = rows::key(&[device.as_bytes(), &counter.to_be_bytes()]);
            tx.delete(Table::PairWindow, &key);
        }
        return Ok(());
    }
    for key in tx.scan(Table::PairWindow, device.as_bytes())?.into_keys() {
        let counter = key
            .get(DeviceId::LEN..)
            .and_then(|tail| tail.try_into().ok());
        if counter.map(u64::from_be_bytes).is_some_and(|at| at <= to) {
            tx.delete(Table::PairWindow, &key);
        }
    }
    Ok(())
}
