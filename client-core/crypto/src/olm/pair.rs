//! Counters and budgets of a pair of devices; they outlive sessions (A20, A31).

use chatty_protocol::{DeviceId, limits};
use serde::{Deserialize, Serialize};

use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// What this device remembers of another one.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct PairRow {
    /// Last pair_ctr that was sent.
    pub(crate) sent: u64,
    /// Greatest pair_ctr that was received.
    pub(crate) newest: u64,
    /// When decryption failed lately, Unix ms, oldest first.
    pub(crate) failures: Vec<u64>,
    /// When this device reset the pair, Unix ms, oldest first.
    pub(crate) resets_sent: Vec<u64>,
    /// When the other device did and was served.
    pub(crate) resets_heard: Vec<u64>,
    /// Since when two devices write under the peer's identity.
    pub(crate) cloned_at: Option<u64>,
    /// When something was last decrypted, Unix ms; 0 = never.
    pub(crate) heard: u64,
    /// Greatest suite used with it; never a lower one again (A25).
    pub(crate) suite: u64,
    /// Until when the sessions that it began use up its budget, Unix ms.
    #[serde(default)]
    pub(crate) begun_until: u64,
}

/// Reads the pair, or a fresh one.
pub(crate) fn load(tx: &Tx<'_>, device: &DeviceId) -> Result<PairRow, CryptoError> {
    Ok(rows::load(tx, Table::Pair, device.as_bytes())?.unwrap_or_default())
}

/// Writes the pair.
pub(crate) fn store(tx: &mut Tx<'_>, device: &DeviceId, row: &PairRow) -> Result<(), CryptoError> {
    rows::store(tx, Table::Pair, device.as_bytes(), row)
}

impl PairRow {
    /// Whether the failures of the last minute used up the budget.
    pub(super) fn exhausted(&self, now: u64) -> bool {
        let recent = self
            .failures
            .iter()
            .filter(|at| fresh(**at, now, limits::MINUTE_MS));
        recent.count() >= limits::FAILED_DECRYPTS_PER_MINUTE as usize
    }

    /// Notes a failure.
    pub(super) fn failed(&mut self, now: u64) {
        self.failures
            .retain(|at| fresh(*at, now, limits::MINUTE_MS));
        self.failures.push(now);
    }
}

/// Until when the budget is used once the other device has begun one more session; none = it has
/// no room for one. The budget is the one of claims: whoever keeps to the relay's rules never
/// meets it. A forged beginning opens nothing and costs its victim nothing.
pub(super) fn session_fits(begun_until: u64, now: u64) -> Option<u64> {
    let full = now.saturating_add(u64::from(limits::CLAIM_BURST) * limits::CLAIM_REFILL_MS);
    // Later than any budget reaches: this clock was set back.
    let until = match begun_until > full {
        true => now,
        false => begun_until.max(now),
    };
    let after = until.saturating_add(limits::CLAIM_REFILL_MS);
    (after <= full).then_some(after)
}

/// Whether another reset fits into 1 per hour and 5 per day; notes it if so.
pub(super) fn take_reset(times: &mut Vec<u64>, now: u64) -> bool {
    times.retain(|at| fresh(*at, now, limits::DAY_MS));
    let hour = times
        .iter()
        .filter(|at| fresh(**at, now, limits::HOUR_MS))
        .count();
    if hour >= limits::RESETS_PER_HOUR as usize || times.len() >= limits::RESETS_PER_DAY as usize {
        return false;
    }
    times.push(now);
    true
}

/// A time inside the last `span`; a time ahead of the clock (set back since) counts as old.
fn fresh(at: u64, now: u64, span: u64) -> bool {
    at <= now && now - at < span
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_sessions_at_once_and_one_more_each_ten_minutes() {
        let (mut until, now) = (0, 1_800_000_000_000);
        for _ in 0..limits::CLAIM_BURST {
            until = session_fits(until, now).unwrap_or(0);
            assert!(until > now);
        }
        let refill = limits::CLAIM_REFILL_MS;
        assert_eq!(session_fits(until, now), None);
        assert_eq!(session_fits(until, now + refill - 1), None);
        let next = session_fits(until, now + refill).unwrap_or(0);
        assert_eq!(next, until + refill);
        assert_eq!(session_fits(next, now + refill), None);
        // A clock that is set back a day does not shut anybody out.
        assert!(session_fits(until, now - limits::DAY_MS).is_some());
    }
}
