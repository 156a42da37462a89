//! Limits that an operator may change; all others are fixed by the protocol.

use std::collections::BTreeMap;

use chatty_protocol::limits;

/// Limits with the protocol's numbers as defaults.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitConfig {
    /// Sign-ups per address range (IPv4 /24, IPv6 /48) and hour.
    pub sign_ups_per_range_hour: u32,
    /// Log-ins per account in 15 minutes.
    pub log_ins_per_account: u32,
    /// Handle look-ups: burst, refilled in 15 minutes.
    pub lookup_burst: u32,
    /// Password hashes computed at once; 0 = one per core.
    pub hash_concurrency: usize,
    /// Password hashes waiting for a core before `rate_limited` (D19).
    pub hash_queue: usize,
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self {
            sign_ups_per_range_hour: limits::SIGN_UPS_PER_RANGE_HOUR,
            log_ins_per_account: limits::LOG_INS_PER_ACCOUNT,
            lookup_burst: limits::LOOKUP_BURST,
            hash_concurrency: 0,
            hash_queue: limits::HASH_QUEUE,
        }
    }
}

impl LimitConfig {
    /// What differs from the protocol's numbers, by the constant's name in lower case.
    pub fn differing(&self) -> BTreeMap<String, u64> {
        let rows = [
            (
                "sign_ups_per_range_hour",
                self.sign_ups_per_range_hour,
                limits::SIGN_UPS_PER_RANGE_HOUR,
            ),
            (
                "log_ins_per_account",
                self.log_ins_per_account,
                limits::LOG_INS_PER_ACCOUNT,
            ),
            ("lookup_burst", self.lookup_burst, limits::LOOKUP_BURST),
        ];
        rows.into_iter()
            .filter(|(_, mine, usual)| mine != usual)
            .map(|(name, mine, _)| (name.to_owned(), u64::from(mine)))
            .collect()
    }
}
