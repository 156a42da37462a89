//! Which keys go to the relay now.

use chatty_protocol::codec::Fixed;
use chatty_protocol::limits;
use chatty_protocol::prekey::{KIND_FALLBACK, KIND_ONE_TIME, KeyRecord};
use chatty_protocol::sign::Signed;
use vodozemac::olm::Account;

use super::row::{self, Fallback, KeysRow};
use crate::error::CryptoError;
use crate::identity::{self, Own};
use crate::tx::Tx;

/// Signed key records to upload, given what the relay says it has. Records that were made and
/// not confirmed come first and come alone, with the same bytes. Commit before uploading.
pub fn to_upload(
    tx: &mut Tx<'_>,
    one_time_left: u64,
    fallback_used: bool,
) -> Result<Vec<Vec<u8>>, CryptoError> {
    let waiting = unconfirmed(tx)?;
    if !waiting.is_empty() {
        return Ok(waiting);
    }
    let own = identity::own_or_fail(tx)?;
    let mut account = identity::row::account(tx)?;
    let mut counters = row::counters(tx)?;
    let left = if counters.invalid { 0 } else { one_time_left };
    if left <= limits::ONE_TIME_REFILL as u64 {
        let wanted = (limits::ONE_TIME_KEYS as u64).saturating_sub(left);
        let wanted = spend(&mut counters, wanted, tx.now_ms);
        make_one_time(tx, &own, &mut account, &mut counters, wanted)?;
    }
    counters.invalid = false;
    if fallback_due(&counters, fallback_used, tx.now_ms) {
        make_fallback(tx, &own, &mut account, &mut counters)?;
    }
    account.mark_keys_as_published();
    identity::row::store_account(tx, &account)?;
    row::store_counters(tx, &counters)?;
    unconfirmed(tx)
}

/// The relay took these records.
pub fn uploaded(tx: &mut Tx<'_>, records: &[Vec<u8>]) -> Result<(), CryptoError> {
    let mut counters = row::counters(tx)?;
    for bytes in records {
        let record: Signed<KeyRecord> = Signed::from_bytes(bytes)?;
        let inner = record.open()?;
        // The key may have been used up in between; then there is nothing to note.
        if let Some(mut stored) = row::load(tx, inner.kind, inner.id)? {
            stored.uploaded = true;
            row::store(tx, inner.kind, inner.id, &stored)?;
        }
        if let (KIND_FALLBACK, Some(current)) = (inner.kind, &mut counters.current)
            && current.id == inner.id
            && current.published.is_none()
        {
            current.published = Some(tx.now_ms);
        }
    }
    row::store_counters(tx, &counters)
}

/// The relay was restored from an older state: all its one-time keys are void, and the fallback
/// key is uploaded again. The private halves stay for what is in flight.
pub fn invalidate(tx: &mut Tx<'_>) -> Result<(), CryptoError> {
    let mut counters = row::counters(tx)?;
    counters.invalid = true;
    if let Some(current) = &counters.current
        && let Some(mut stored) = row::load(tx, KIND_FALLBACK, current.id)?
    {
        stored.uploaded = false;
        row::store(tx, KIND_FALLBACK, current.id, &stored)?;
    }
    // An unconfirmed upload may be half known to the lost state: start over with new numbers.
    for (key, stored) in row::all(tx, KIND_ONE_TIME)? {
        if !stored.uploaded {
            tx.delete(crate::view::Table::OwnKey, &key);
        }
    }
    row::store_counters(tx, &counters)
}

fn unconfirmed(tx: &Tx<'_>) -> Result<Vec<Vec<u8>>, CryptoError> {
    let mut out = Vec::new();
    for kind in [KIND_ONE_TIME, KIND_FALLBACK] {
        for (_, stored) in row::all(tx, kind)? {
            if !stored.uploaded {
                out.push(stored.record.to_bytes());
            }
        }
    }
    out.truncate(limits::KEYS_PER_UPLOAD);
    Ok(out)
}

/// How many of the wanted keys may be made this hour. The relay may say as often as it likes that
/// all are used up; what it cannot give out is covered by the fallback key.
fn spend(counters: &mut KeysRow, wanted: u64, now: u64) -> u64 {
    if now.saturating_sub(counters.hour_began) >= limits::HOUR_MS {
        counters.hour_began = now;
        counters.made_this_hour = 0;
    }
    let left = (limits::ONE_TIME_KEYS_PER_HOUR as u64).saturating_sub(counters.made_this_hour);
    let granted = wanted.min(left);
    counters.made_this_hour += granted;
    granted
}

fn make_one_time(
    tx: &mut Tx<'_>,
    own: &Own,
    account: &mut Account,
    counters: &mut KeysRow,
    count: u64,
) -> Result<(), CryptoError> {
    let made = account.generate_one_time_keys(usize::try_from(count).unwrap_or(0));
    for public in made.created {
        let id = counters.next_one_time;
        counters.next_one_time += 1;
        let public = Fixed(public.to_bytes());
        row::publish(tx, own, account, KIND_ONE_TIME, id, public)?;
    }
    for public in made.removed {
        row::consumed(tx, &public.to_bytes())?;
    }
    Ok(())
}

/// On use or after seven days, never twice a day, never while the one before is still kept.
fn fallback_due(counters: &KeysRow, used: bool, now: u64) -> bool {
    let Some(current) = &counters.current else {
        return true;
    };
    let age = now.saturating_sub(current.made);
    counters.previous.is_none()
        && ((used && age >= limits::FALLBACK_MIN_MS) || age >= limits::FALLBACK_MAX_MS)
}

fn make_fallback(
    tx: &mut Tx<'_>,
    own: &Own,
    account: &mut Account,
    counters: &mut KeysRow,
) -> Result<(), CryptoError> {
    account.generate_fallback_key();
    let Some(public) = account.fallback_key().into_values().next() else {
        return Err(CryptoError::Refused("no fallback key was made"));
    };
    let id = counters.next_fallback;
    counters.next_fallback += 1;
    row::publish(
        tx,
        own,
        account,
        KIND_FALLBACK,
        id,
        Fixed(public.to_bytes()),
    )?;
    counters.previous = counters.current.take();
    counters.current = Some(Fallback {
        id,
        made: tx.now_ms,
        published: None,
        drained: None,
    });
    Ok(())
}
