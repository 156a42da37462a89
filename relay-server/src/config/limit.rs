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
    /// Log-ins and resets per address range and minute.
    pub anonymous_per_minute: u32,
    /// Password hashes computed at once; 0 = one per core.
    pub hash_concurrency: usize,
    /// Password hashes waiting for a core before `rate_limited` (D19).
    pub hash_queue: usize,
    /// People outside contacts that a user may invite or write to per day.
    pub strangers_per_day: u32,
    /// Sends per device: burst.
    pub send_burst: u32,
    /// Sends per device and second.
    pub send_per_second: u32,
    /// To-device items per device: burst.
    pub item_burst: u32,
    /// To-device items per device and second.
    pub item_per_second: u32,
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self {
            sign_ups_per_range_hour: limits::SIGN_UPS_PER_RANGE_HOUR,
            log_ins_per_account: limits::LOG_INS_PER_ACCOUNT,
            lookup_burst: limits::LOOKUP_BURST,
            anonymous_per_minute: 600,
            hash_concurrency: 0,
            hash_queue: limits::HASH_QUEUE,
            strangers_per_day: limits::STRANGERS_PER_DAY,
            send_burst: limits::SEND_BURST,
            send_per_second: limits::SEND_PER_SECOND,
            item_burst: limits::ITEM_BURST,
            item_per_second: limits::ITEM_PER_SECOND,
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
            (
                "strangers_per_day",
                self.strangers_per_day,
                limits::STRANGERS_PER_DAY,
            ),
            ("send_burst", self.send_burst, limits::SEND_BURST),
            (
                "send_per_second",
                self.send_per_second,
                limits::SEND_PER_SECOND,
            ),
            ("item_burst", self.item_burst, limits::ITEM_BURST),
            (
                "item_per_second",
                self.item_per_second,
                limits::ITEM_PER_SECOND,
            ),
        ];
        rows.into_iter()
            .filter(|(_, mine, usual)| mine != usual)
            .map(|(name, mine, _)| (name.to_owned(), u64::from(mine)))
            .collect()
    }
}
