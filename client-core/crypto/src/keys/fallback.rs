//! When the previous fallback key is forgotten (protocol.md §9, A19).

use chatty_protocol::limits;
use chatty_protocol::prekey::KIND_FALLBACK;

use super::row;
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::{identity, olm};

/// The inbox was drained on a connection that began at `connected_ms`. If that was after the
/// successor was published, the previous key has done its work: an hour later it may go.
pub fn drained(tx: &mut Tx<'_>, connected_ms: u64) -> Result<(), CryptoError> {
    let mut counters = row::counters(tx)?;
    let published = counters.current.as_ref().and_then(|key| key.published);
    let (Some(previous), Some(published)) = (&mut counters.previous, published) else {
        return Ok(());
    };
    if previous.drained.is_none() && connected_ms > published {
        previous.drained = Some(tx.now_ms);
        row::store_counters(tx, &counters)?;
    }
    Ok(())
}

/// Forgets what is due: the previous fallback key an hour after the drain, at the latest 14 days
/// after its successor; and session ids whose keys are long gone. Call it hourly or at start.
pub fn tidy(tx: &mut Tx<'_>) -> Result<(), CryptoError> {
    let mut counters = row::counters(tx)?;
    let successor = counters.current.as_ref().and_then(|key| key.published);
    if let (Some(previous), Some(successor)) = (counters.previous, successor) {
        let after_drain = previous
            .drained
            .is_some_and(|at| tx.now_ms >= at.saturating_add(limits::FALLBACK_FORGET_MS));
        let latest = successor.saturating_add(limits::FALLBACK_FORGET_MAX_MS);
        if after_drain || tx.now_ms >= latest {
            let public = row::load(tx, KIND_FALLBACK, previous.id)?.map(|row| row.public);
            let mut account = identity::row::account(tx)?;
            account.forget_fallback_key();
            identity::row::store_account(tx, &account)?;
            row::remove(tx, KIND_FALLBACK, previous.id);
            counters.previous = None;
            row::store_counters(tx, &counters)?;
            if let Some(public) = public {
                olm::forget_seen(tx, &public)?;
            }
        }
    }
    olm::tidy_seen(tx)
}
