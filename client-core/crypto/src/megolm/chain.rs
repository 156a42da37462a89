//! Rows 10 to 12 of the verdict table: one history per device, gaps, what others had read.

use chatty_protocol::conversation_log::{ConvState, Cut};
use chatty_protocol::sign::{Hash32, ZERO_HASH};
use chatty_protocol::{ConvId, DeviceId, UserId, limits};

use super::receive::{Opened, Step, is_own};
use super::row::{
    ChainRow, FrontierList, FrontierRow, GenerationRow, LinkRow, SenderRow, key, load_or,
};
use super::types::{Gap, Incoming, Lane, Quarantine, Verdict};
use crate::content::{Position, chain};
use crate::error::CryptoError;
use crate::olm::PairRow;
use crate::tx::Tx;
use crate::view::Table;
use crate::{conversation, device_log, identity, rows};

/// How far back a skipped number is looked for; numbers skip only where a message was cancelled.
const SKIPS: u64 = 64;

/// Rows 10 and 11.
pub(super) fn check(tx: &mut Tx<'_>, incoming: &Incoming<'_>, opened: &Opened) -> Step<()> {
    if opened.lane != Lane::Log {
        return Ok(Ok(()));
    }
    let send = incoming.send;
    let (conv, device) = (&send.conv, incoming.device);
    let dev_seq = opened.payload.dev_seq;
    let mine = chain_of(incoming, opened);
    let known = match rows::load(tx, Table::Chain, &key::chain(conv, device, dev_seq))? {
        Some(ChainRow::Read { chain, .. }) => Some(chain == mine),
        _ => None,
    };
    let place = key::message(conv, device, &send.msg);
    let number: Option<u64> = rows::load(tx, Table::MessageId, &place)?;
    let same = match (known, number) {
        (Some(same), Some(number)) => Some(same && number == dev_seq),
        (Some(_), None) | (None, Some(_)) => Some(false),
        (None, None) => None,
    };
    match same {
        Some(true) => return Ok(Err(Verdict::Ignore)),
        Some(false) => return alarm(tx, device),
        // Under our own session and never sent by us: another copy of this device did.
        None if is_own(tx, incoming)? => return alarm(tx, device),
        None => {}
    }
    let place = key::generation(conv, device, opened.generation);
    let generation: Option<GenerationRow> = rows::load(tx, Table::Generation, &place)?;
    let closed = generation.and_then(|row| row.closes);
    Ok(if closed.is_some_and(|last| dev_seq > last) {
        Err(Verdict::Quarantine(Quarantine::AfterClose))
    } else {
        Ok(())
    })
}

fn alarm(tx: &mut Tx<'_>, device: &DeviceId) -> Step<()> {
    mark_cloned(tx, device)?;
    Ok(Err(Verdict::CloneAlarm))
}

/// The device wrote two histories: it gets nothing more and its messages are marked, in every
/// conversation, until it is revoked. The alarm is the same as for a repeated pair counter.
pub(super) fn mark_cloned(tx: &mut Tx<'_>, device: &DeviceId) -> Result<(), CryptoError> {
    let mut pair: PairRow = load_or(tx, Table::Pair, device.as_ref())?;
    pair.cloned_at.get_or_insert(tx.now_ms);
    rows::store(tx, Table::Pair, device.as_ref(), &pair)
}

fn chain_of(incoming: &Incoming<'_>, opened: &Opened) -> Hash32 {
    let payload = &opened.payload;
    chain(
        &incoming.send.conv,
        incoming.device,
        payload.dev_seq,
        &payload.prev,
        &payload.content.0,
    )
}

/// Row 12 for the log lane: the message takes its place in the device's chain.
pub(super) fn link(
    tx: &mut Tx<'_>,
    incoming: &Incoming<'_>,
    opened: &Opened,
) -> Result<(), CryptoError> {
    let (conv, device) = (&incoming.send.conv, incoming.device);
    let dev_seq = opened.payload.dev_seq;
    let chain = chain_of(incoming, opened);
    let row = ChainRow::Read {
        chain,
        msg: incoming.send.msg,
    };
    rows::store(tx, Table::Chain, &key::chain(conv, device, dev_seq), &row)?;
    let place = key::message(conv, device, &incoming.send.msg);
    rows::store(tx, Table::MessageId, &place, &dev_seq)?;
    link_before(tx, incoming, opened)?;
    // A follower that waited for exactly this message has its predecessor now.
    drop_if_there(tx, &key::link(conv, device, &chain))?;
    settle_frontier(tx, conv, device, dev_seq, &chain)?;
    for position in &opened.payload.frontier {
        note_frontier(tx, conv, position)?;
    }
    remember_read(tx, conv, device, dev_seq, &chain)?;
    let place = key::sender(conv, device);
    let mut sender: SenderRow = load_or(tx, Table::Generation, &place)?;
    sender.heard_ms = tx.now_ms;
    if dev_seq > sender.last_seq {
        sender.last_seq = dev_seq;
        sender.last_chain = chain.0.to_vec();
    }
    rows::store(tx, Table::Generation, &place, &sender)
}

fn drop_if_there(tx: &mut Tx<'_>, place: &[u8]) -> Result<(), CryptoError> {
    if tx.get(Table::Chain, place)?.is_some() {
        tx.delete(Table::Chain, place);
    }
    Ok(())
}

/// Notes an unread predecessor. Any order of arrival ends the same.
fn link_before(
    tx: &mut Tx<'_>,
    incoming: &Incoming<'_>,
    opened: &Opened,
) -> Result<(), CryptoError> {
    let (conv, device) = (&incoming.send.conv, incoming.device);
    let payload = &opened.payload;
    let before = nearest_read(tx, conv, device, payload.dev_seq)?;
    if payload.prev == ZERO_HASH || before == Some(payload.prev) {
        return Ok(());
    }
    let link = LinkRow {
        before: payload.dev_seq,
        since_ms: tx.now_ms,
        expected: payload.prev == opened.key_chain,
    };
    let place = key::link(conv, device, &payload.prev);
    rows::store(tx, Table::Chain, &place, &link)
}

/// Chain hash of the nearest message below that was read, unread and void rows passed over.
fn nearest_read(
    tx: &Tx<'_>,
    conv: &ConvId,
    device: &DeviceId,
    dev_seq: u64,
) -> Result<Option<Hash32>, CryptoError> {
    for number in (dev_seq.saturating_sub(SKIPS)..dev_seq).rev() {
        let row = rows::load(tx, Table::Chain, &key::chain(conv, device, number))?;
        if let Some(ChainRow::Read { chain, .. }) = row {
            return Ok(Some(chain));
        }
    }
    Ok(None)
}

/// A row that is here but cannot be read: what it will link to is not missing.
pub(super) fn note_unread(tx: &mut Tx<'_>, incoming: &Incoming<'_>) -> Result<(), CryptoError> {
    let send = incoming.send;
    let place = key::chain(&send.conv, incoming.device, send.n);
    if tx.get(Table::Chain, &place)?.is_none() {
        rows::store(tx, Table::Chain, &place, &ChainRow::Unread)?;
    }
    Ok(())
}

/// A row whose content was purged: it names its number and is no gap.
pub fn void(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    device: &DeviceId,
    dev_seq: u64,
) -> Result<(), CryptoError> {
    let place = key::chain(conv, device, dev_seq);
    match rows::load(tx, Table::Chain, &place)? {
        Some(ChainRow::Read { .. } | ChainRow::Void) => Ok(()),
        Some(ChainRow::Unread) | None => rows::store(tx, Table::Chain, &place, &ChainRow::Void),
    }
}

/// Gaps that are older than a minute; ask while in sync.
pub fn gaps(tx: &Tx<'_>, conv: &ConvId) -> Result<Vec<Gap>, CryptoError> {
    let maybe_expired =
        conversation::state(tx, conv)?.is_some_and(|state: ConvState| state.policy.timer_s > 0);
    let old = |since: u64| tx.now_ms >= since.saturating_add(limits::GAP_SHOWN_MS);
    let mut gaps = Vec::new();
    let gap = |device, before| Gap {
        device,
        before,
        maybe_expired,
    };
    for (key, link) in rows::scan::<LinkRow>(tx, Table::Chain, &key::links(conv))? {
        let device = device_in(&key)?;
        if !link.expected && old(link.since_ms) && !explained(tx, conv, &device, link.before)? {
            gaps.push(gap(device, link.before));
        }
    }
    for (key, row) in rows::scan::<FrontierRow>(tx, Table::Chain, &key::frontiers(conv))? {
        let device = device_in(&key)?;
        let number = number_in(&key)?;
        if old(row.since_ms) && missing_position(tx, conv, &device, number, &row)? {
            gaps.push(gap(device, number));
        }
    }
    Ok(gaps)
}

/// Whether a void or unread row stands between a message and the nearest read one before it.
fn explained(
    tx: &Tx<'_>,
    conv: &ConvId,
    device: &DeviceId,
    before: u64,
) -> Result<bool, CryptoError> {
    for number in (before.saturating_sub(SKIPS)..before).rev() {
        match rows::load(tx, Table::Chain, &key::chain(conv, device, number))? {
            Some(ChainRow::Read { .. }) => return Ok(false),
            Some(ChainRow::Unread | ChainRow::Void) => return Ok(true),
            None => {}
        }
    }
    Ok(false)
}

/// Whether a position that somebody else read is really absent here: not read with that chain,
/// not purged and not waiting.
fn missing_position(
    tx: &Tx<'_>,
    conv: &ConvId,
    device: &DeviceId,
    number: u64,
    row: &FrontierRow,
) -> Result<bool, CryptoError> {
    let place = key::chain(conv, device, number);
    Ok(match rows::load(tx, Table::Chain, &place)? {
        Some(ChainRow::Read { chain, .. }) => chain.0[..16] != row.chain16[..],
        Some(ChainRow::Unread | ChainRow::Void) => false,
        None => true,
    })
}

const DEVICE_AT: usize = ConvId::LEN + 1;
const NUMBER_AT: usize = DEVICE_AT + DeviceId::LEN;

fn device_in(key: &[u8]) -> Result<DeviceId, CryptoError> {
    key.get(DEVICE_AT..NUMBER_AT)
        .and_then(|bytes| DeviceId::from_slice(bytes).ok())
        .ok_or(CryptoError::Corrupt("key of a chain row"))
}

fn number_in(key: &[u8]) -> Result<u64, CryptoError> {
    key.get(NUMBER_AT..)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u64::from_be_bytes)
        .ok_or(CryptoError::Corrupt("key of a chain row"))
}

fn settle_frontier(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    device: &DeviceId,
    dev_seq: u64,
    chain: &Hash32,
) -> Result<(), CryptoError> {
    let place = key::frontier(conv, device, dev_seq);
    let row: Option<FrontierRow> = rows::load(tx, Table::Chain, &place)?;
    if row.is_some_and(|row| row.chain16 == chain.0[..16]) {
        tx.delete(Table::Chain, &place);
    }
    Ok(())
}

fn note_frontier(tx: &mut Tx<'_>, conv: &ConvId, position: &Position) -> Result<(), CryptoError> {
    // Only devices whose keys we had: any other name costs the sender nothing and us a row.
    let sender: SenderRow = load_or(tx, Table::Generation, &key::sender(conv, &position.device))?;
    if sender.first_seq == 0 || position.dev_seq < sender.first_seq {
        return Ok(());
    }
    let place = key::chain(conv, &position.device, position.dev_seq);
    if let Some(ChainRow::Read { chain, .. }) = rows::load(tx, Table::Chain, &place)?
        && chain.0[..16] == position.chain16.0
    {
        return Ok(());
    }
    let row = FrontierRow {
        chain16: position.chain16.0.to_vec(),
        since_ms: tx.now_ms,
    };
    let place = key::frontier(conv, &position.device, position.dev_seq);
    rows::store(tx, Table::Chain, &place, &row)
}

/// Keeps up to four newest positions for our own next message.
fn remember_read(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    device: &DeviceId,
    dev_seq: u64,
    chain: &Hash32,
) -> Result<(), CryptoError> {
    let place = key::frontier_list(conv);
    let mut list: FrontierList = load_or(tx, Table::Outbound, &place)?;
    let known = list.positions.iter().find(|(known, ..)| known == device);
    if known.is_some_and(|(_, number, _)| *number >= dev_seq) {
        return Ok(());
    }
    list.positions.retain(|(known, ..)| known != device);
    let position = (*device, dev_seq, chain.0[..16].to_vec());
    list.positions.insert(0, position);
    list.positions.truncate(limits::FRONTIER);
    rows::store(tx, Table::Outbound, &place, &list)
}

/// The newest position of every device of a user, for a leave, removal or rotate. Empty
/// positions are left out.
pub fn cuts_for(tx: &Tx<'_>, conv: &ConvId, user: &UserId) -> Result<Vec<Cut>, CryptoError> {
    let log = device_log::get_or_fail(tx, user)?;
    let own = identity::own_or_fail(tx)?;
    let mut cuts = Vec::new();
    for device in log.devices.keys() {
        let sender: SenderRow = load_or(tx, Table::Generation, &key::sender(conv, device))?;
        let chain: Option<[u8; 32]> = sender.last_chain.as_slice().try_into().ok();
        let live_own = *device == own.device;
        if let (Some(chain), true) = (chain, sender.last_seq > 0 || live_own) {
            cuts.push(Cut {
                device: *device,
                dev_seq: sender.last_seq,
                chain: chatty_protocol::codec::Fixed(chain),
            });
        }
    }
    Ok(cuts)
}
