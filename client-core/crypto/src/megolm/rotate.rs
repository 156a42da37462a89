//! When a new generation is due (protocol.md §13).

use std::collections::BTreeMap;

use chatty_protocol::DeviceId;
use chatty_protocol::conversation_log::ConvState;
use chatty_protocol::limits;

use super::facts::Recipient;
use super::row::{Current, OutboundRow, SharedRow};
use super::types::{Lane, Started};
use crate::tx::Tx;

/// Why a generation ends before the next send of this lane, if it does.
///
/// What protects people (a member or device left, a key changed, the store went back) ends it
/// for every lane; the economic limits (messages, age) only for the log lane, because marks
/// and flashes start no generation of their own accord.
pub(super) fn due(
    tx: &Tx<'_>,
    row: &OutboundRow,
    state: &ConvState,
    recipients: &[Recipient],
    shared: &BTreeMap<DeviceId, SharedRow>,
    lane: Lane,
) -> Option<Started> {
    let Some(current) = &row.current else {
        return Some(Started::First);
    };
    forced(current, state)
        .or_else(|| holders(current, recipients, shared))
        .or_else(|| used_up(current, tx.now_ms, lane))
}

/// The reasons that need no look at the recipients.
pub(super) fn by_itself(
    current: &Current,
    state: &ConvState,
    now_ms: u64,
    lane: Lane,
) -> Option<Started> {
    forced(current, state).or_else(|| used_up(current, now_ms, lane))
}

fn forced(current: &Current, state: &ConvState) -> Option<Started> {
    if current.retired {
        return Some(Started::Requested);
    }
    (state.forced_at > current.forced_at).then_some(Started::Forced)
}

/// Whether every device that has the key may still have it.
fn holders(
    current: &Current,
    recipients: &[Recipient],
    shared: &BTreeMap<DeviceId, SharedRow>,
) -> Option<Started> {
    let present: BTreeMap<_, _> = recipients
        .iter()
        .map(|recipient| (recipient.at.device, recipient.aik))
        .collect();
    let holders = shared
        .iter()
        .filter(|(_, row)| row.generation == current.generation);
    for (device, row) in holders {
        match present.get(device) {
            None => return Some(Started::DeviceGone),
            Some(aik) if *aik != row.aik => return Some(Started::AikChanged),
            Some(_) => {}
        }
    }
    None
}

fn used_up(current: &Current, now_ms: u64, lane: Lane) -> Option<Started> {
    if u64::from(current.index) >= limits::GENERATION_INDEXES {
        return Some(Started::Indexes);
    }
    (lane == Lane::Log)
        .then(|| economic(current, now_ms))
        .flatten()
}

fn economic(current: &Current, now_ms: u64) -> Option<Started> {
    if current.messages >= limits::GENERATION_MESSAGES {
        return Some(Started::Messages);
    }
    let large = current.recipients > limits::GENERATION_LARGE as u64;
    let life = if large {
        limits::GENERATION_LARGE_MS
    } else {
        limits::GENERATION_SMALL_MS
    };
    (now_ms >= current.created_ms.saturating_add(life)).then_some(Started::Age)
}
